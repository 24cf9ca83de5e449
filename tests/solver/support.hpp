#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "parsimony/solver/candidates.hpp"
#include "problems.hpp"

/// Random problems and histories for property tests.
namespace parsimony::solver {

/// One to five parameters of kinds by chance.
inline std::vector<space::Parameter> random_parameters(RandomStream& stream) {
  std::vector<space::Parameter> parameters;
  const int d = 1 + static_cast<int>(stream.below(5));
  for (int i = 0; i < d; ++i) {
    const std::string name = "p" + std::to_string(i);
    switch (stream.below(4)) {
      case 0:
        parameters.push_back(space::FloatParameter{name, -1.0, 3.0});
        break;
      case 1:
        parameters.push_back(space::FloatParameter{name, 1e-4, 1.0, true});
        break;
      case 2:
        parameters.push_back(space::IntegerParameter{name, 2, 2 + static_cast<std::int64_t>(stream.below(20)),
                                                     stream.below(2) == 0});
        break;
      default:
        parameters.push_back(space::CategoricalParameter{name, {"a", "b", "c"}});
    }
  }
  return parameters;
}

/// One to four objectives and up to two constraints: all measured, all computed, or mixed.
inline void add_random_quantities(Problem& problem, RandomStream& stream) {
  const std::size_t m = 1 + stream.below(4), c = stream.below(3);
  const std::uint64_t kinds = stream.below(3);
  const auto kind = [&] {
    return kinds == 0 || (kinds == 2 && stream.below(2)) ? Source::measured : Source::computed;
  };
  for (std::size_t j = 0; j < m; ++j) problem.objectives.push_back({"f" + std::to_string(j), kind(), 2.0});
  for (std::size_t j = 0; j < c; ++j) problem.constraints.push_back({"c" + std::to_string(j), kind()});
}

/// The mean squared distance from a point of its own.
inline double distance_objective(std::span<const double> x, std::size_t j) {
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(x[i] - 0.3 * static_cast<double>(j), 2);
  return sum / static_cast<double>(x.size());
}

/// Least at the origin.
inline double sum_constraint(std::span<const double> x, std::size_t j) {
  double sum = 0.0;
  for (std::size_t i = j % x.size(); i < x.size(); ++i) sum += x[i];
  return sum / static_cast<double>(x.size()) - 0.55;
}

/// Mixed parameters, measured and computed objectives and constraints by chance (at least one objective).
inline Benchmark random_benchmark(RandomStream& stream) {
  Benchmark benchmark;
  Problem& problem = benchmark.problem;
  problem.space = space::Space(random_parameters(stream));
  const auto d = static_cast<std::size_t>(problem.space.dimension());
  problem.smallest_point.assign(d, 0.0);
  add_random_quantities(problem, stream);
  benchmark.evaluate = [m = problem.objectives.size(),
                        c = problem.constraints.size()](std::span<const double> x) {
    Outcome outcome;
    for (std::size_t j = 0; j < m; ++j) outcome.objectives.push_back(distance_objective(x, j));
    for (std::size_t j = 0; j < c; ++j) outcome.constraints.push_back(sum_constraint(x, j));
    return outcome;
  };
  const auto costs = [objectives = problem.objectives,
                      constraints = problem.constraints](std::span<const double> x) {
    Costs computed;
    for (std::size_t j = 0; j < objectives.size(); ++j)
      if (objectives[j].source == Source::computed) computed.objectives.push_back(distance_objective(x, j));
    for (std::size_t j = 0; j < constraints.size(); ++j)
      if (constraints[j].source == Source::computed) computed.constraints.push_back(sum_constraint(x, j));
    return computed;
  };
  problem.costs = costs_by(costs, d);
  return benchmark;
}

/// Parameters of all kinds, two measured objectives and a computed one, a computed limit and a measured one.
inline Benchmark of_every_kind() {
  Benchmark benchmark;
  Problem& problem = benchmark.problem;
  problem.space = space::Space(
      {space::FloatParameter{"float", -2.5, 7.5}, space::FloatParameter{"log float", 1e-5, 1e-1, true},
       space::IntegerParameter{"integer", -3, 3}, space::IntegerParameter{"log integer", 1, 500, true},
       space::CategoricalParameter{"choice", {"a", "b", "c"}}});
  problem.objectives = {
      {"error", Source::measured, 2.0}, {"cost", Source::computed, 2.0}, {"delay", Source::measured, 2.0}};
  problem.constraints = {{"cost", Source::computed}, {"heat", Source::measured}};
  problem.smallest_point.assign(5, 0.0);
  const auto cost = [](std::span<const double> x) { return 0.2 + x[2] + x[3]; };
  problem.costs = costs_by(
      [cost](std::span<const double> x) {
        return Costs{{cost(x)}, {cost(x) - 1.6}};
      },
      5);
  benchmark.evaluate = [cost](std::span<const double> x) {
    const double away = std::pow(x[0] - 0.7, 2) + std::pow(x[1] - 0.3, 2);
    return Outcome{{away + 1.0 / (1.0 + 3.0 * cost(x)), cost(x), away * x[4] + x[3]},
                   {cost(x) - 1.6, x[0] + x[4] - 1.3}};
  };
  return benchmark;
}

/// Rows within the computed limits, some failed, in the states that a driver gives them.
inline std::vector<Trial> random_history(const Benchmark& benchmark, int rows, RandomStream& stream) {
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, rows, stream.bits())) {
    Trial trial = evaluated(benchmark, static_cast<int>(history.size()) + 1, point, "");
    if (stream.below(8) == 0) {
      trial.state = State::failed;
      for (std::size_t j = 0; j < trial.objectives.size(); ++j)
        if (benchmark.problem.objectives[j].source == Source::measured) trial.objectives[j] = std::nan("");
      for (std::size_t j = 0; j < trial.constraints.size(); ++j)
        if (benchmark.problem.constraints[j].source == Source::measured) trial.constraints[j] = std::nan("");
    }
    history.push_back(trial);
  }
  return history;
}

/// Small enough for a property test of a dozen rows, everything else as by default: by the solver's name, and
/// none for a solver that is quick as it is. `threads` is set where a solver knows it.
inline SolverOptions quick(const std::string& name, int threads = 1) {
  static const SolverOptions ars{
      {"directions", "20"}, {"steps", "2"}, {"top_share", "0.1"}, {"base_samples", "16"}};
  static const std::map<std::string, SolverOptions> by_name{
      {"ars", ars},
      {"ars-batch", ars},
      {"morbo", {{"candidates", "100"}, {"regions", "3"}}},
      {"nsga2", {{"population", "4"}}}};  // four: so that it breeds at once
  const auto found = by_name.find(name);
  SolverOptions options = found == by_name.end() ? SolverOptions{} : found->second;
  const std::vector<std::string> known = solver_option_names(name);
  if (std::find(known.begin(), known.end(), "threads") != known.end())
    options["threads"] = std::to_string(threads);
  return options;
}

inline bool same(const Answer& a, const Answer& b) {
  if (a.exhausted != b.exhausted || a.proposals.size() != b.proposals.size()) return false;
  for (std::size_t k = 0; k < a.proposals.size(); ++k)
    if (a.proposals[k].point != b.proposals[k].point || a.proposals[k].record != b.proposals[k].record)
      return false;
  return true;
}

}  // namespace parsimony::solver
