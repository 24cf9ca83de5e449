// One suggestion on a given history by the model that BoTorch also has, for bench/solver/peer_suggestion.py.
//
// Reads lines of JSON {"points": [n][d], "values": [n][m], "reference": [m], "seed": s} and answers each by
// one: hyperparameters and constant mean of every objective, log posterior densities, the point, and the
// seconds that fit and maximisation took. With "models": [m] of {"lengthscales": [d], "noise": variance}
// nothing is fitted; with "scored": [k][d] the answer has the log expected hypervolume improvement of those
// points.

#include <chrono>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/solver/ehvi.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/surrogate/fit.hpp"

namespace {

using namespace parsimony;
using nlohmann::json;

struct Settings {
  int threads = 2;
  solver::EhviOptions ehvi = {};
};

struct History {
  solver::Problem problem;
  std::vector<solver::Trial> trials;
  std::vector<surrogate::Observations> observations;  // of each objective
  std::uint64_t seed = 1;
  std::vector<surrogate::Hyperparameters> models = {};  // of each objective, or empty: to be fitted
};

/// Seconds of the wall and of the processor, over all threads, since it was made.
struct Stopwatch {
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  std::clock_t used = std::clock();

  double wall() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  double cpu() const { return static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC; }
};

solver::Problem problem_of(int d, const std::vector<double>& references) {
  std::vector<space::Parameter> parameters;
  for (int k = 0; k < d; ++k) parameters.push_back(space::FloatParameter{"x" + std::to_string(k), 0.0, 1.0});
  solver::Problem problem{space::Space(parameters), {}, {}, {}, {}};
  for (std::size_t j = 0; j < references.size(); ++j)
    problem.objectives.push_back({"f" + std::to_string(j), solver::Source::measured, references[j]});
  return problem;
}

History history_of(const json& message) {
  const auto points = message.at("points").get<std::vector<std::vector<double>>>();
  const auto values = message.at("values").get<std::vector<std::vector<double>>>();
  const int d = static_cast<int>(points.at(0).size());
  History history{
      problem_of(d, message.at("reference").get<std::vector<double>>()), {}, {}, message.at("seed")};
  history.observations.assign(history.problem.objectives.size(), {d, {}, {}});
  for (std::size_t i = 0; i < points.size(); ++i) {
    solver::Trial trial;
    trial.number = static_cast<int>(i) + 1;
    trial.point = history.problem.space.snap(points[i]);
    trial.objectives = values.at(i);
    for (std::size_t j = 0; j < history.observations.size(); ++j) {
      surrogate::Observations& held = history.observations[j];
      held.points.insert(held.points.end(), trial.point.begin(), trial.point.end());
      held.values.push_back(values[i].at(j));
    }
    history.trials.push_back(std::move(trial));
  }
  for (const json& model : message.value("models", json::array()))
    history.models.push_back(
        {model.at("lengthscales").get<std::vector<double>>(), model.at("noise").get<double>()});
  return history;
}

/// Far from every observation a process knows its mean alone.
double constant_mean(const surrogate::GaussianProcess& process) {
  const std::vector<double> far(static_cast<std::size_t>(process.dimensions()), 1e6);
  double mean = 0.0;
  process.posterior(far, {&mean, 1}, {});
  return mean;
}

std::vector<surrogate::Hyperparameters> fit(const History& history, ThreadPool& pool,
                                            std::vector<double>& log_posteriors) {
  if (!history.models.empty()) return history.models;
  std::vector<surrogate::FitTask> tasks;
  for (const surrogate::Observations& held : history.observations)
    tasks.push_back({&held, std::nullopt, surrogate::botorch_form()});
  return surrogate::fit_hyperparameters(tasks, pool, {}, &log_posteriors);
}

/// As solver `ehvi` looks for it: over the cube, and near the front.
acquisition::RankedPoints suggest(const History& history, const solver::Evidence& evidence,
                                  const solver::ImprovementAcquisition& improvement, const Settings& settings,
                                  ThreadPool& pool) {
  std::vector<double> near;
  for (const std::size_t row : evidence.front)
    near.insert(near.end(), evidence.points[row].begin(), evidence.points[row].end());
  acquisition::MaximiserOptions options;
  options.raw = settings.ehvi.raw_samples;
  options.starts = settings.ehvi.climbs(history.problem.objectives.size());
  RandomStream stream(history.seed, 1, "ehvi-maximiser");
  return acquisition::maximise(improvement.functions(), history.problem.space, near, options, stream, pool);
}

json answer(const json& message, const Settings& settings) {
  const History history = history_of(message);
  ThreadPool pool(settings.threads);
  const Stopwatch fitting;
  std::vector<double> log_posteriors;
  const auto fitted = fit(history, pool, log_posteriors);
  solver::Belief belief;
  for (std::size_t j = 0; j < fitted.size(); ++j)
    belief.objectives.push_back(
        {{}, surrogate::GaussianProcess(history.observations[j], fitted[j], surrogate::Kernel::rbf)});
  json result = {{"fit_seconds", fitting.wall()}, {"fit_cpu", fitting.cpu()}};
  const Stopwatch suggesting;
  const solver::Evidence evidence(history.problem, history.trials);
  const solver::ImprovementAcquisition improvement(
      history.problem, belief, solver::believed_front(history.problem, evidence, belief, {}));
  const auto ranked = suggest(history, evidence, improvement, settings, pool);
  result["suggestion_seconds"] = suggesting.wall();
  result["suggestion_cpu"] = suggesting.cpu();

  result["log_posteriors"] = log_posteriors;
  result["models"] = json::array();
  for (const solver::BelievedQuantity& held : belief.objectives)
    result["models"].push_back({{"lengthscales", held.process.hyperparameters().lengthscales},
                                {"noise", held.process.hyperparameters().noise},
                                {"mean", constant_mean(held.process)}});
  const auto best = ranked.point(0);
  result["point"] = std::vector<double>(best.begin(), best.end());
  result["value"] = ranked.values.front();
  for (const json& point : message.value("scored", json::array()))
    result["scores"].push_back(improvement.exact_value(point.get<std::vector<double>>()));
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  Settings settings;
  if (count > 1) settings.threads = std::stoi(arguments[1]);
  if (count > 2) settings.ehvi.raw_samples = std::stoi(arguments[2]);
  if (count > 3) settings.ehvi.restarts = std::stoi(arguments[3]);
  std::string line;
  while (std::getline(std::cin, line)) std::cout << answer(json::parse(line), settings) << std::endl;
}
