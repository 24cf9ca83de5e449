#include "parsimony/solver/belief.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/surrogate/fit.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;
using surrogate::GaussianProcess;
using surrogate::Hyperparameters;
using surrogate::Kernel;
using surrogate::ModelForm;

/// What a logarithm's posterior density must exceed that of no warp by: 2, and 0.1 for each outcome. Without
/// it chance decides among a few outcomes, and a smooth function that reaches its least value gets a cusp
/// there (DTLZ2's objectives gain 0.1 a value and are searched worse; an error rate, or DTLZ1's, gains 1 to
/// 4).
double price_of_warp(std::size_t outcomes) {
  return 2.0 + 0.1 * static_cast<double>(outcomes);
}

/// A form that may be chosen for one quantity.
struct Form {
  OutputWarp warp;
  ModelForm model;
  bool logarithmic_integers = false;  ///< counts of a wide range are compared by their logarithms
};

/// One quantity's column of the evidence, and what is tried for it.
struct Column {
  std::string name;
  std::vector<double> values;
  std::vector<Form> forms;
  std::optional<Hyperparameters> warm;
  bool constraint = false;
};

json latest_fit(std::span<const Trial> history) {
  for (auto trial = history.rbegin(); trial != history.rend(); ++trial) {
    const json record = json::parse(trial->record, nullptr, /*allow_exceptions=*/false);
    if (record.is_object() && record.contains("fit") && record["fit"].is_object()) return record["fit"];
  }
  return nullptr;
}

/// Whatever is not as belief_as_json writes it counts as absent: any solver accepts any history.
std::optional<Hyperparameters> warm_start(const json& fit, const char* kind, const std::string& name) {
  if (!fit.is_object() || !fit.contains(kind) || !fit[kind].is_object() || !fit[kind].contains(name))
    return {};
  const json& held = fit[kind][name];
  const auto number = [&](const char* key) { return held.contains(key) && held[key].is_number(); };
  if (!held.is_object() || !number("noise") || !number("output_scale") || !held.contains("lengthscales") ||
      !held["lengthscales"].is_array())
    return {};
  Hyperparameters result{{}, held["noise"].get<double>(), held["output_scale"].get<double>()};
  for (const json& lengthscale : held["lengthscales"]) {
    if (!lengthscale.is_number()) return {};
    result.lengthscales.push_back(lengthscale.get<double>());
  }
  return result;
}

/// Logarithms of the distance to a little and to half of the median's distance below the least.
std::vector<OutputWarp> warps_of_objective(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double least = values.front(), spread = values[values.size() / 2] - least;
  if (!(spread > 1e-12 * std::max(std::abs(least), std::abs(values.back())))) return {};
  return {{true, 0.05 * spread - least}, {true, 0.5 * spread - least}};
}

/// Signed logarithms that tell apart what is much nearer to the limit than the median is, and what is not.
std::vector<OutputWarp> warps_of_constraint(std::vector<double> values) {
  for (double& value : values) value = std::abs(value);
  std::sort(values.begin(), values.end());
  const double median = values[values.size() / 2];
  if (!(median > 1e-12 * values.back())) return {};
  return {{false, 0.0, 0.05 * median}, {false, 0.0, 0.5 * median}};
}

/// Of integers from 1 up whose ends are far apart (channel counts): the ratio of the ends; 0 elsewhere. Empty
/// when there is none.
std::vector<double> ratios_of(const space::Space& space) {
  constexpr double kWide = 8.0;
  std::vector<double> ratios;
  bool any = false;
  for (const space::Parameter& parameter : space.parameters()) {
    const auto* held = std::get_if<space::IntegerParameter>(&parameter);
    const bool wide = held && !held->logarithmic && held->low >= 1 &&
                      static_cast<double>(held->high) >= kWide * static_cast<double>(held->low);
    ratios.push_back(wide ? (static_cast<double>(held->high) + 0.5) / (static_cast<double>(held->low) - 0.5)
                          : 0.0);
    any |= wide;
  }
  return any ? ratios : std::vector<double>{};
}

std::vector<Form> forms_for(const space::Space& space, const Column& column, const BeliefOptions& options) {
  constexpr std::size_t kLeastWarped = 4;
  std::vector<Kernel> kernels;
  if (options.kernel != BeliefOptions::KernelChoice::rbf) kernels.push_back(Kernel::matern52);
  if (options.kernel != BeliefOptions::KernelChoice::matern52) kernels.push_back(Kernel::rbf);
  std::vector<OutputWarp> warps;
  if (options.warp && column.values.size() >= kLeastWarped)
    warps = column.constraint ? warps_of_constraint(column.values) : warps_of_objective(column.values);
  warps.insert(warps.begin(), OutputWarp{});
  std::vector<Form> forms;
  for (const OutputWarp& warp : warps)
    for (const Kernel kernel : kernels)
      for (int logarithmic = 0; logarithmic < (ratios_of(space).empty() ? 1 : 2); ++logarithmic) {
        Form form{warp, surrogate::exact_form(kernel), logarithmic == 1};
        if (options.noise == BeliefOptions::Noise::botorch)
          form.model = {kernel, true, surrogate::kLeastNoise, {-4.0, 1.0}};
        form.model.pooled = options.pooled;
        forms.push_back(form);
      }
  return forms;
}

std::vector<int> choices_of(const space::Space& space) {
  std::vector<int> choices;
  bool any = false;
  for (const space::Parameter& parameter : space.parameters()) {
    const auto* held = std::get_if<space::CategoricalParameter>(&parameter);
    choices.push_back(held ? static_cast<int>(held->choices.size()) : 0);
    any |= held != nullptr;
  }
  return any ? choices : std::vector<int>{};
}

surrogate::Observations observations_of(const Problem& problem, const Evidence& evidence,
                                        const Column& column, const Form& form) {
  surrogate::Observations observations{problem.space.dimension(), {}, {}, choices_of(problem.space)};
  if (form.logarithmic_integers) observations.ratios = ratios_of(problem.space);
  for (std::size_t row = 0; row < evidence.rows(); ++row) {
    observations.points.insert(observations.points.end(), evidence.points[row].begin(),
                               evidence.points[row].end());
    observations.values.push_back(form.warp.apply(column.values[row]));
  }
  return observations;
}

/// log |dt/dy| of standardised t over all values: what makes densities of different warps comparable.
double log_jacobian(const Column& column, const OutputWarp& warp) {
  std::vector<double> warped;
  double sum = 0.0;
  for (const double y : column.values) {
    warped.push_back(warp.apply(y));
    sum += warp.log_slope(y);
  }
  return sum - static_cast<double>(warped.size()) * std::log(surrogate::standardisation_of(warped).deviation);
}

/// A form's place among the fits of all columns.
struct Attempt {
  std::size_t column, form;
  surrogate::Observations observations;
};

std::vector<BelievedQuantity> fit_columns(const Problem& problem, const Evidence& evidence,
                                          const std::vector<Column>& columns, const BeliefOptions& options,
                                          ThreadPool& pool) {
  std::vector<Attempt> attempts;
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t f = 0; f < columns[c].forms.size(); ++f)
      attempts.push_back({c, f, observations_of(problem, evidence, columns[c], columns[c].forms[f])});
  std::vector<surrogate::FitTask> tasks;
  for (const Attempt& attempt : attempts)
    tasks.push_back({&attempt.observations, columns[attempt.column].warm,
                     columns[attempt.column].forms[attempt.form].model});
  surrogate::FitOptions brief;
  brief.last_iterations = 0;
  std::vector<double> values;
  const std::vector<Hyperparameters> first = surrogate::fit_hyperparameters(tasks, pool, brief, &values);

  std::vector<std::size_t> best(columns.size(), attempts.size());
  for (std::size_t a = 0; a < attempts.size(); ++a) {
    const OutputWarp& warp = columns[attempts[a].column].forms[attempts[a].form].warp;
    values[a] += log_jacobian(columns[attempts[a].column], warp);
    if (warp.any()) values[a] -= price_of_warp(evidence.rows());
    std::size_t& held = best[attempts[a].column];
    if (held == attempts.size() || values[a] > values[held]) held = a;
  }
  std::vector<surrogate::FitTask> last;
  for (const std::size_t a : best) last.push_back({tasks[a].observations, first[a], tasks[a].form});
  surrogate::FitOptions to_the_end;
  to_the_end.warm_alone = true;
  std::vector<Hyperparameters> fitted = surrogate::fit_hyperparameters(last, pool, to_the_end);
  std::vector<BelievedQuantity> quantities;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Attempt& attempt = attempts[best[c]];
    const Form& form = columns[c].forms[attempt.form];
    if (columns[c].constraint)
      for (double& lengthscale : fitted[c].lengthscales) lengthscale *= options.constraint_lengthscales;
    quantities.push_back({form.warp, GaussianProcess(attempt.observations, fitted[c], form.model.kernel)});
  }
  return quantities;
}

json as_json(const BelievedQuantity& held) {
  const Hyperparameters& fitted = held.process.hyperparameters();
  json result = {
      {"lengthscales", fitted.lengthscales}, {"noise", fitted.noise}, {"output_scale", fitted.output_scale}};
  result["kernel"] = held.process.kernel() == Kernel::rbf ? "rbf" : "matern52";
  if (held.warp.logarithmic) result["log_shift"] = held.warp.shift;
  if (held.warp.scale > 0.0) result["signed_log_scale"] = held.warp.scale;
  return result;
}

BelievedQuantity believing_one(const BelievedQuantity& held, std::span<const double> points) {
  return {held.warp, held.process.believing(points)};
}

}  // namespace

double OutputWarp::apply(double y) const {
  if (scale > 0.0) return std::copysign(std::log1p(std::abs(y) / scale), y);
  return logarithmic ? std::log(y + shift) : y;
}

double OutputWarp::invert(double t) const {
  if (scale > 0.0) return std::copysign(scale * std::expm1(std::abs(t)), t);
  return logarithmic ? std::exp(t) - shift : t;
}

double OutputWarp::log_slope(double y) const {
  if (scale > 0.0) return -std::log(std::abs(y) + scale);
  return logarithmic ? -std::log(y + shift) : 0.0;
}

Belief Belief::believing(std::span<const Point> points) const {
  std::vector<double> flat;
  for (const Point& point : points) flat.insert(flat.end(), point.begin(), point.end());
  Belief result;
  for (const BelievedQuantity& held : objectives) result.objectives.push_back(believing_one(held, flat));
  for (const BelievedQuantity& held : constraints) result.constraints.push_back(believing_one(held, flat));
  return result;
}

Belief fit_belief(const Problem& problem, const Evidence& evidence, std::span<const Trial> history,
                  const BeliefOptions& options, ThreadPool& pool) {
  const Quantities quantities(problem);
  const json fit = latest_fit(history);
  std::vector<Column> columns;
  const auto add = [&](const std::string& name, const char* kind,
                       const std::vector<std::vector<double>>& rows, std::size_t index) {
    Column column{name, {}, {}, warm_start(fit, kind, name), kind == std::string_view("constraints")};
    for (std::size_t row = 0; row < evidence.rows(); ++row) column.values.push_back(rows[row][index]);
    column.forms = forms_for(problem.space, column, options);
    columns.push_back(std::move(column));
  };
  for (const std::size_t j : quantities.measured_objectives)
    add(problem.objectives[j].name, "objectives", evidence.objectives, j);
  for (const std::size_t j : quantities.measured_constraints)
    add(problem.constraints[j].name, "constraints", evidence.constraints, j);

  Belief belief;
  std::size_t c = 0;
  for (BelievedQuantity& fitted : fit_columns(problem, evidence, columns, options, pool))
    (c++ < quantities.measured_objectives.size() ? belief.objectives : belief.constraints)
        .push_back(std::move(fitted));
  return belief;
}

std::string belief_as_json(const Problem& problem, const Belief& belief) {
  const Quantities quantities(problem);
  json fit = {{"objectives", json::object()}, {"constraints", json::object()}};
  for (std::size_t k = 0; k < belief.objectives.size(); ++k)
    fit["objectives"][problem.objectives[quantities.measured_objectives[k]].name] =
        as_json(belief.objectives[k]);
  for (std::size_t k = 0; k < belief.constraints.size(); ++k)
    fit["constraints"][problem.constraints[quantities.measured_constraints[k]].name] =
        as_json(belief.constraints[k]);
  return fit.dump();
}

}  // namespace parsimony::solver
