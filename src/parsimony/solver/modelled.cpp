#include "parsimony/solver/modelled.hpp"

namespace parsimony::solver {

Problem with_all_objectives_measured(const Problem& problem) {
  Problem result = problem;
  for (Objective& objective : result.objectives) objective.source = Source::measured;
  bool limited = false;
  for (const Constraint& constraint : problem.constraints) limited |= constraint.source == Source::computed;
  if (!limited) {
    result.costs = {};
    return result;
  }
  result.costs.exact = [exact = problem.costs.exact](std::span<const double> point) {
    Costs costs = exact(point);
    costs.objectives.clear();
    return costs;
  };
  result.costs.estimate = [estimate = problem.costs.estimate](std::span<const double> points, std::int64_t n,
                                                              Costs& costs) {
    estimate(points, n, costs);
    costs.objectives.clear();
  };
  return result;
}

}  // namespace parsimony::solver
