#include "parsimony/solver/ars_model.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/surrogate/fit.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;
using surrogate::GaussianProcess;
using surrogate::Hyperparameters;

/// The fit in the latest row that has one, null when no row does.
json latest_fit(std::span<const Trial> history) {
  for (auto trial = history.rbegin(); trial != history.rend(); ++trial) {
    const json record = json::parse(trial->record, nullptr, /*allow_exceptions=*/false);
    if (record.is_object() && record.contains("fit") && record["fit"].is_object()) return record["fit"];
  }
  return nullptr;
}

/// Whatever is not as fit_as_json writes it counts as absent: any solver accepts any history.
std::optional<Hyperparameters> warm_start(const json& fit, const char* kind, const std::string& name) {
  if (!fit.is_object() || !fit.contains(kind) || !fit[kind].is_object() || !fit[kind].contains(name))
    return {};
  const json& held = fit[kind][name];
  const auto number = [&](const char* key) {
    return held.is_object() && held.contains(key) && held[key].is_number();
  };
  if (!number("noise") || !number("output_scale") || !held.contains("lengthscales") ||
      !held["lengthscales"].is_array())
    return {};
  Hyperparameters result{{}, held["noise"].get<double>(), held["output_scale"].get<double>()};
  for (const json& lengthscale : held["lengthscales"]) {
    if (!lengthscale.is_number()) return {};
    result.lengthscales.push_back(lengthscale.get<double>());
  }
  return result;
}

json as_json(const Hyperparameters& held) {
  return {{"lengthscales", held.lengthscales}, {"noise", held.noise}, {"output_scale", held.output_scale}};
}

surrogate::Observations column(const Problem& problem, const Evidence& evidence,
                               const std::vector<std::vector<double>>& rows, std::size_t index) {
  surrogate::Observations observations{problem.space.dimension(), {}, {}};
  for (std::size_t row = 0; row < evidence.rows(); ++row) {
    observations.points.insert(observations.points.end(), evidence.points[row].begin(),
                               evidence.points[row].end());
    observations.values.push_back(rows[row][index]);
  }
  return observations;
}

}  // namespace

SurrogateModel fit_model(const Problem& problem, const Evidence& evidence, std::span<const Trial> history,
                         ThreadPool& pool) {
  const Quantities quantities(problem);
  const json fit = latest_fit(history);
  std::vector<surrogate::Observations> observations;
  std::vector<surrogate::FitTask> tasks;
  for (const std::size_t j : quantities.measured_objectives) {
    observations.push_back(column(problem, evidence, evidence.objectives, j));
    tasks.push_back({nullptr, warm_start(fit, "objectives", problem.objectives[j].name)});
  }
  for (const std::size_t j : quantities.measured_constraints) {
    observations.push_back(column(problem, evidence, evidence.constraints, j));
    tasks.push_back({nullptr, warm_start(fit, "constraints", problem.constraints[j].name)});
  }
  for (std::size_t k = 0; k < tasks.size(); ++k) tasks[k].observations = &observations[k];

  const std::vector<Hyperparameters> fitted = surrogate::fit_hyperparameters(tasks, pool);
  SurrogateModel model;
  for (std::size_t k = 0; k < tasks.size(); ++k) {
    auto& group = k < quantities.measured_objectives.size() ? model.objectives : model.constraints;
    group.emplace_back(observations[k], fitted[k]);
  }
  return model;
}

SurrogateModel SurrogateModel::believing(const std::vector<Point>& points) const {
  std::vector<double> flat;
  for (const Point& point : points) flat.insert(flat.end(), point.begin(), point.end());
  SurrogateModel result;
  for (const GaussianProcess& process : objectives) result.objectives.push_back(process.believing(flat));
  for (const GaussianProcess& process : constraints) result.constraints.push_back(process.believing(flat));
  return result;
}

std::string fit_as_json(const Problem& problem, const SurrogateModel& model) {
  const Quantities quantities(problem);
  json fit = {{"objectives", json::object()}, {"constraints", json::object()}};
  for (std::size_t k = 0; k < model.objectives.size(); ++k)
    fit["objectives"][problem.objectives[quantities.measured_objectives[k]].name] =
        as_json(model.objectives[k].hyperparameters());
  for (std::size_t k = 0; k < model.constraints.size(); ++k)
    fit["constraints"][problem.constraints[quantities.measured_constraints[k]].name] =
        as_json(model.constraints[k].hyperparameters());
  return fit.dump();
}

}  // namespace parsimony::solver
