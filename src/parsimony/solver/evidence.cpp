#include "parsimony/solver/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/surrogate/observations.hpp"

namespace parsimony::solver {
namespace {

constexpr double kMissing = -std::numeric_limits<double>::infinity();

bool finished(State state) {
  return state == State::complete || state == State::infeasible || state == State::failed;
}

/// Replaces what is not finite in one column by the worst finite value of rows that did not fail; numbers
/// beyond what can be modelled count as the greatest that can.
void fill_column(std::vector<std::vector<double>>& rows, const std::vector<bool>& failed, std::size_t column,
                 double otherwise) {
  double worst = kMissing;
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (!failed[row] && std::isfinite(rows[row][column])) worst = std::max(worst, rows[row][column]);
  if (worst == kMissing) worst = otherwise;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    double& value = rows[row][column];
    if (failed[row] || !std::isfinite(value)) value = worst;
    value = std::clamp(value, -surrogate::kGreatestOutcome, surrogate::kGreatestOutcome);
  }
}

}  // namespace

Quantities::Quantities(const Problem& problem) {
  for (std::size_t j = 0; j < problem.objectives.size(); ++j)
    (problem.objectives[j].source == Source::measured ? measured_objectives : computed_objectives)
        .push_back(j);
  for (std::size_t j = 0; j < problem.constraints.size(); ++j)
    (problem.constraints[j].source == Source::measured ? measured_constraints : computed_constraints)
        .push_back(j);
}

std::vector<Trial> finished_rows(std::span<const Trial> history) {
  std::vector<Trial> rows;
  for (const Trial& trial : history)
    if (finished(trial.state)) rows.push_back(trial);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Trial& a, const Trial& b) { return a.number < b.number; });
  return rows;
}

Evidence::Evidence(const Problem& problem, std::span<const Trial> history) {
  std::vector<bool> failed;
  for (const Trial& trial : history) {
    if (!finished(trial.state)) continue;
    PARSIMONY_EXPECTS(trial.objectives.size() == problem.objectives.size());
    PARSIMONY_EXPECTS(trial.constraints.size() == problem.constraints.size());
    if (trial.state == State::complete) feasible.push_back(points.size());
    if (trial.state == State::infeasible) infeasible.push_back(points.size());
    points.push_back(problem.space.snap(trial.point));
    objectives.push_back(trial.objectives);
    constraints.push_back(trial.constraints);
    failed.push_back(trial.state == State::failed);
  }
  const Quantities quantities(problem);
  for (const std::size_t j : quantities.measured_objectives)
    fill_column(objectives, failed, j, problem.objectives[j].reference);
  for (const std::size_t j : quantities.measured_constraints) fill_column(constraints, failed, j, 1.0);

  std::vector<double> flat;
  for (const std::size_t row : feasible)
    flat.insert(flat.end(), objectives[row].begin(), objectives[row].end());
  for (const int index : pareto::front_indices(flat, static_cast<int>(problem.objectives.size())))
    front.push_back(feasible[static_cast<std::size_t>(index)]);
}

}  // namespace parsimony::solver
