#include <fmt/format.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/problems/benchmark_problem.hpp"
#include "parsimony/problems/closed_form.hpp"
#include "parsimony/problems/pruning_toy.hpp"
#include "parsimony/problems/table_problem.hpp"

namespace parsimony::problems {
namespace {

struct Entry {
  const char* name;
  const char* options;  ///< separated by spaces
  BenchmarkProblem (*make)(const ProblemOptions& options);
};

constexpr Entry kProblems[] = {
    {"dtlz1", "d m computed", make_dtlz1},
    {"dtlz2", "d m computed", make_dtlz2},
    {"c2dtlz2", "d m computed", make_c2_dtlz2},
    {"zdt1", "d computed", make_zdt1},
    {"zdt2", "d computed", make_zdt2},
    {"zdt3", "d computed", make_zdt3},
    {"branincurrin", "computed", make_branin_currin},
    {"constrained-branincurrin", "computed", make_constrained_branin_currin},
    {"vlmop2", "computed", make_vlmop2},
    {"passino", "", make_passino},                         // m = 1
    {"pruning-toy", "limits computed", make_pruning_toy},  // needs no file
    {"macro", "file objectives computed reference", make_macro},
    {"nb201", "file objectives computed reference", make_nb201},
    {"table", "file parameters objectives computed reference", make_table},  // any CSV
};

const Entry& find_entry(std::string_view name) {
  for (const Entry& entry : kProblems)
    if (entry.name == name) return entry;
  const std::vector<std::string> names = problem_names();
  const std::string nearest = nearest_name(name, names);
  throw InputError("problem",
                   nearest.empty() ? fmt::format("is '{}'", name)
                                   : fmt::format("is '{}' (did you mean {}?)", name, nearest),
                   fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace

std::vector<std::string> problem_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kProblems) names.emplace_back(entry.name);
  return names;
}

std::vector<std::string> problem_option_names(std::string_view name) {
  std::vector<std::string> names;
  std::string_view rest = find_entry(name).options;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

BenchmarkProblem make_problem(std::string_view name, const ProblemOptions& options) {
  return find_entry(name).make(options);
}

}  // namespace parsimony::problems
