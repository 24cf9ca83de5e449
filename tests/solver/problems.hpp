#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/hypervolume.hpp"
#include "parsimony/solver/initial_design.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"

/// Problems whose answers are known, and the loop of a driver in its plainest form.
namespace parsimony::solver {

/// What evaluating a point gives: all objectives and all constraints, computed ones included.
struct Outcome {
  std::vector<double> objectives, constraints;
};

struct Benchmark {
  Problem problem;
  std::function<Outcome(std::span<const double> point)> evaluate;
};

inline std::vector<space::Parameter> unit_floats(int d) {
  std::vector<space::Parameter> parameters;
  for (int i = 0; i < d; ++i) parameters.push_back(space::FloatParameter{"x" + std::to_string(i)});
  return parameters;
}

/// DTLZ2 (Deb et al. 2002): the front is the unit sphere. Reference 1.1 each.
inline std::vector<double> dtlz2(std::span<const double> x, int m) {
  double g = 0.0;
  for (std::size_t i = static_cast<std::size_t>(m) - 1; i < x.size(); ++i) g += (x[i] - 0.5) * (x[i] - 0.5);
  std::vector<double> f(static_cast<std::size_t>(m), 1.0 + g);
  for (int j = 0; j < m; ++j) {
    for (int i = 0; i < m - 1 - j; ++i)
      f[static_cast<std::size_t>(j)] *= std::cos(0.5 * std::numbers::pi * x[static_cast<std::size_t>(i)]);
    if (j > 0)
      f[static_cast<std::size_t>(j)] *=
          std::sin(0.5 * std::numbers::pi * x[static_cast<std::size_t>(m - 1 - j)]);
  }
  return f;
}

inline Benchmark dtlz2_benchmark(int d, int m) {
  Benchmark benchmark;
  benchmark.problem.space = space::Space(unit_floats(d));
  for (int j = 0; j < m; ++j)
    benchmark.problem.objectives.push_back({"f" + std::to_string(j), Source::measured, 1.1});
  benchmark.evaluate = [m](std::span<const double> x) { return Outcome{dtlz2(x, m), {}}; };
  return benchmark;
}

/// Costs from one function of a point, for both `estimate` and `exact`.
inline CostModel costs_by(std::function<Costs(std::span<const double>)> costs, std::size_t d) {
  CostModel model;
  model.exact = costs;
  model.estimate = [costs, d](std::span<const double> points, std::int64_t n, Costs& all) {
    all = {};
    for (std::int64_t i = 0; i < n; ++i) {
      const Costs one = costs(points.subspan(static_cast<std::size_t>(i) * d, d));
      all.objectives.insert(all.objectives.end(), one.objectives.begin(), one.objectives.end());
      all.constraints.insert(all.constraints.end(), one.constraints.begin(), one.constraints.end());
    }
  };
  return model;
}

/// A small deployment toy: two training parameters (one categorical), `layers` integer widths 4 … 64, an
/// error that falls with width and with good training, and three computed costs of which the first two have
/// limits.
inline Benchmark deployment_toy(int layers) {
  std::vector<space::Parameter> parameters;
  parameters.push_back(space::FloatParameter{"rate", 1e-4, 1e-1, true});
  parameters.push_back(space::CategoricalParameter{"activation", {"relu", "tanh", "none"}});
  for (int i = 0; i < layers; ++i)
    parameters.push_back(space::IntegerParameter{"keep_" + std::to_string(i), 4, 64});
  Benchmark benchmark;
  Problem& problem = benchmark.problem;
  problem.space = space::Space(parameters);
  problem.objectives = {{"error", Source::measured, 1.0},
                        {"rom", Source::computed, 1.0},
                        {"ram", Source::computed, 1.0},
                        {"flops", Source::computed, 1.0}};
  problem.constraints = {{"rom", Source::computed}, {"ram", Source::computed}};
  problem.smallest_point.assign(parameters.size(), 0.0);
  const auto costs = [layers](std::span<const double> point) {
    double rom = 0.0, ram = 0.0, flops = 0.0, before = 6.0;
    for (int i = 0; i < layers; ++i) {
      const double width = 4.0 + std::min(60.0, std::floor(61.0 * point[static_cast<std::size_t>(i) + 2]));
      rom += before * width;
      ram = std::max(ram, before + width);
      flops += before * width / (1.0 + i);
      before = width;
    }
    const double full = 6.0 * 64.0 + (layers - 1) * 4096.0;
    Costs result;
    result.objectives = {2.0 * rom / full, ram / 100.0, 2.0 * flops / full};
    result.constraints = {result.objectives[0] - 1.0, result.objectives[1] - 1.0};
    return result;
  };
  problem.costs = costs_by(costs, parameters.size());
  benchmark.evaluate = [costs, layers](std::span<const double> point) {
    const double rate = point[0] - 0.6, kind = std::floor(3.0 * point[1]);
    double log_width = 0.0;
    for (int i = 0; i < layers; ++i)
      log_width += std::log(0.1 + point[static_cast<std::size_t>(i) + 2]) / layers;
    const double error = 0.12 + 0.1 * std::exp(-1.2 * log_width) * 0.5 + 2.0 * rate * rate + 0.08 * kind;
    const Costs held = costs(point);
    return Outcome{{std::min(1.0, error), held.objectives[0], held.objectives[1], held.objectives[2]},
                   held.constraints};
  };
  return benchmark;
}

inline std::vector<double> references(const Problem& problem) {
  std::vector<double> result;
  for (const Objective& objective : problem.objectives) result.push_back(objective.reference);
  return result;
}

inline double hypervolume_of(const Problem& problem, std::span<const Trial> history) {
  std::vector<double> flat;
  for (const Trial& trial : history)
    if (trial.state == State::complete)
      flat.insert(flat.end(), trial.objectives.begin(), trial.objectives.end());
  return pareto::hypervolume(flat, references(problem));
}

inline Trial evaluated(const Benchmark& benchmark, int number, const std::vector<double>& point,
                       std::string record) {
  const Outcome outcome = benchmark.evaluate(point);
  bool feasible = true;
  for (const double value : outcome.constraints) feasible &= value <= 0.0;
  return {number,
          point,
          feasible ? State::complete : State::infeasible,
          outcome.objectives,
          outcome.constraints,
          std::move(record),
          {}};
}

/// The initial design and then one proposal after another.
inline std::vector<Trial> run(const Benchmark& benchmark, const Solver& solver, int trials,
                              std::uint64_t seed, int initial = 10) {
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, initial, seed))
    history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
  while (static_cast<int>(history.size()) < trials) {
    const int number = static_cast<int>(history.size()) + 1;
    const Answer answer = solver.ask(benchmark.problem, {history, {}, 1, number, seed});
    if (answer.proposals.empty()) break;
    history.push_back(evaluated(benchmark, number, answer.proposals[0].point, answer.proposals[0].record));
  }
  return history;
}

}  // namespace parsimony::solver
