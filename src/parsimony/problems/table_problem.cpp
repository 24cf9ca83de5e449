#include "parsimony/problems/table_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"
#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/option_values.hpp"
#include "parsimony/problems/table.hpp"

namespace parsimony::problems {
namespace {

constexpr std::string_view kInteger = "integer:";

struct TableObjective {
  std::string name, column;
  bool maximised = false;
};

/// What a table is made into.
struct Layout {
  std::vector<std::string> parameters;  ///< column or integer:column
  std::vector<TableObjective> objectives;
};

std::string column_of(const std::string& parameter) {
  return parameter.starts_with(kInteger) ? parameter.substr(kInteger.size()) : parameter;
}

std::vector<std::string> distinct_values(const Table& table, std::size_t column) {
  std::vector<std::string> values;
  for (const auto& row : table.rows) values.push_back(row[column]);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

space::Parameter parameter_of(const Table& table, const std::string& written) {
  const std::string name = column_of(written);
  const std::vector<std::string> values = distinct_values(table, table.column(name));
  if (!written.starts_with(kInteger)) return space::CategoricalParameter{name, values};
  std::int64_t low = INT64_MAX, high = INT64_MIN;
  for (const std::string& value : values) {
    const double number = number_of(fmt::format("{}: column {}", table.file.string(), name), value);
    if (number != std::floor(number) || std::abs(number) > 1e9)
      throw InputError(fmt::format("{}: column {}", table.file.string(), name),
                       fmt::format("holds {}", value), "whole numbers");
    low = std::min(low, static_cast<std::int64_t>(number));
    high = std::max(high, static_cast<std::int64_t>(number));
  }
  return space::IntegerParameter{name, low, high, false};
}

space::Value value_of(const space::Parameter& parameter, const std::string& text) {
  if (std::holds_alternative<space::CategoricalParameter>(parameter)) return text;
  return static_cast<std::int64_t>(number_of("table", text));
}

/// Number of a snapped point among all combinations, the last parameter changing fastest.
std::size_t number_of_point(const space::Space& space, std::span<const double> point) {
  std::size_t number = 0;
  for (int i = 0; i < space.dimension(); ++i) {
    number *= static_cast<std::size_t>(space.count_at(i));
    number += static_cast<std::size_t>(space.cell_at(i, point[static_cast<std::size_t>(i)]));
  }
  return number;
}

/// Row of the table for each combination. @throws InputError for one that is missing or stands there twice
std::vector<std::size_t> rows_by_number(const Table& table, const space::Space& space) {
  constexpr std::size_t kNone = SIZE_MAX;
  std::vector<std::size_t> columns;
  for (const auto& parameter : space.parameters())
    columns.push_back(table.column(space::parameter_name(parameter)));
  if (space.size() != static_cast<double>(table.rows.size()))
    throw InputError(
        table.file.string(),
        fmt::format("has {} rows for {} combinations of its parameters", table.rows.size(), space.size()),
        "each combination once");
  std::vector<std::size_t> rows(table.rows.size(), kNone);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    space::Configuration configuration;
    for (std::size_t i = 0; i < columns.size(); ++i)
      configuration.push_back(value_of(space.parameters()[i], table.rows[r][columns[i]]));
    std::size_t& row = rows[number_of_point(space, space.encode(configuration))];
    if (row != kNone)
      throw InputError(table.file.string(),
                       fmt::format("has two rows of one combination ({} and {})", row + 1, r + 1),
                       "each combination once");
    row = r;
  }
  return rows;
}

/// [n, m] by number of the point, brought to [0, 1].
std::vector<double> outcomes_of(const Table& table, const std::vector<TableObjective>& objectives,
                                const std::vector<std::size_t>& rows) {
  const std::size_t n = rows.size(), m = objectives.size();
  std::vector<double> outcomes(n * m);
  for (std::size_t j = 0; j < m; ++j) {
    const std::size_t column = table.column(objectives[j].column);
    const std::string where = fmt::format("{}: column {}", table.file.string(), objectives[j].column);
    std::vector<double> values;
    for (const std::size_t row : rows) {
      const double value = number_of(where, table.rows[row][column]);
      values.push_back(objectives[j].maximised ? -value : value);
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double range = *high > *low ? *high - *low : 1.0;
    for (std::size_t i = 0; i < n; ++i) outcomes[i * m + j] = (values[i] - *low) / range;
  }
  return outcomes;
}

/// The hypervolume of the whole table; of one objective its least value, which is 0.
double best_of(const std::vector<double>& outcomes, std::span<const double> references) {
  const std::size_t m = references.size();
  if (m == 1) return 0.0;
  std::vector<double> front;
  for (const int i : pareto::front_indices(outcomes, static_cast<int>(m)))
    for (std::size_t j = 0; j < m; ++j) front.push_back(outcomes[static_cast<std::size_t>(i) * m + j]);
  return pareto::hypervolume(front, references);
}

BenchmarkProblem problem_of(const Table& table, const Layout& layout, double reference) {
  std::vector<space::Parameter> parameters;
  for (const std::string& written : layout.parameters) parameters.push_back(parameter_of(table, written));
  BenchmarkProblem made;
  made.problem.space = space::Space(std::move(parameters));
  for (const TableObjective& objective : layout.objectives)
    made.problem.objectives.push_back({objective.name, solver::Source::measured, reference});
  const std::size_t m = layout.objectives.size();
  const auto outcomes = std::make_shared<const std::vector<double>>(
      outcomes_of(table, layout.objectives, rows_by_number(table, made.problem.space)));
  made.evaluate = [outcomes, m, space = made.problem.space](std::span<const double> point) {
    const auto first = outcomes->begin() + static_cast<std::ptrdiff_t>(number_of_point(space, point) * m);
    return Outcome{{first, first + static_cast<std::ptrdiff_t>(m)}, {}};
  };
  made.best = best_of(*outcomes, std::vector<double>(m, reference));
  return made;
}

/// One of the two published tables: the objectives listed, by default all, and the costs computed.
BenchmarkProblem make_published(std::string name, std::string source, const ProblemOptions& options,
                                const std::string& file, Layout layout) {
  expect_known(options, {"file", "objectives", "computed", "reference"});
  const std::string listed = text_option(options, "objectives", "error,params,flops,ram");
  std::vector<TableObjective> chosen;
  std::string costs;
  for (const std::string& objective : split_list(listed)) {
    const auto found = std::find_if(layout.objectives.begin(), layout.objectives.end(),
                                    [&](const TableObjective& one) { return one.name == objective; });
    if (found == layout.objectives.end())
      throw InputError("problem.objectives", fmt::format("is '{}'", listed),
                       "a list of error, params, flops, ram");
    chosen.push_back(*found);
    if (objective != "error") costs += (costs.empty() ? "" : ",") + objective;
  }
  if (chosen.empty())
    throw InputError("problem.objectives", "is empty", "a list of error, params, flops, ram");
  layout.objectives = std::move(chosen);
  const Table table = read_table(find_table(text_option(options, "file", file)));
  BenchmarkProblem made = problem_of(table, layout, number_option(options, "reference", 1.1));
  made.name = std::move(name);
  made.source = fmt::format("{}, SHA-256 {}", source, table.digest.substr(0, 16));
  mark_computed(made, options, costs.empty() ? "none" : costs);
  return made;
}

}  // namespace

BenchmarkProblem make_table(const ProblemOptions& options) {
  expect_known(options, {"file", "parameters", "objectives", "computed", "reference"});
  for (const char* needed : {"file", "parameters", "objectives"})
    if (text_option(options, needed, "").empty())
      throw InputError(fmt::format("problem.{}", needed), "is missing", "file, and columns of it");
  Layout layout;
  layout.parameters = split_list(options.at("parameters"));
  for (const std::string& written : split_list(options.at("objectives"))) {
    const bool maximised = written.starts_with('-');
    const std::string column = maximised ? written.substr(1) : written;
    layout.objectives.push_back({column, column, maximised});
  }
  if (layout.parameters.empty() || layout.objectives.empty())
    throw InputError("problem.objectives", "or problem.parameters is an empty list", "columns of the file");
  const Table table = read_table(find_table(options.at("file")));
  BenchmarkProblem made = problem_of(table, layout, number_option(options, "reference", 1.1));
  made.name = "table";
  made.source = fmt::format("{}, SHA-256 {}", table.file.filename().string(), table.digest.substr(0, 16));
  mark_computed(made, options, "none");
  return made;
}

BenchmarkProblem make_macro(const ProblemOptions& options) {
  Layout layout;
  for (int i = 0; i < 8; ++i) layout.parameters.push_back(fmt::format("l{}", i));
  layout.objectives = {{"error", "mean_acc", true},
                       {"params", "params", false},
                       {"flops", "flops", false},
                       {"ram", "ram_int8_est", false}};
  return make_published("macro", "NAS-Bench-Macro (Su et al. 2021)", options, "nasbench_macro_cifar10.csv",
                        layout);
}

BenchmarkProblem make_nb201(const ProblemOptions& options) {
  const Layout layout{{"e10", "e20", "e21", "e30", "e31", "e32"},
                      {{"error", "c10_val", true},
                       {"params", "params", false},
                       {"flops", "flops", false},
                       {"ram", "ram_int8_est", false}}};
  return make_published("nb201", "NAS-Bench-201 (Dong and Yang 2020), CIFAR-10", options, "nasbench201.csv",
                        layout);
}

}  // namespace parsimony::problems
