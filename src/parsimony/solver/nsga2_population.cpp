#include "parsimony/solver/nsga2_population.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "parsimony/base/contracts.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/crowding.hpp"

namespace parsimony::solver {
namespace {

/// Crowding distances among the members of each rank.
std::vector<double> crowding_by_rank(std::span<const double> objectives, int m,
                                     const std::vector<int>& ranks) {
  const auto columns = static_cast<std::size_t>(m);
  std::vector<double> crowding(ranks.size(), 0.0);
  const int last = ranks.empty() ? -1 : *std::max_element(ranks.begin(), ranks.end());
  for (int rank = 0; rank <= last; ++rank) {
    std::vector<std::size_t> members;
    std::vector<double> flat;
    for (std::size_t k = 0; k < ranks.size(); ++k) {
      if (ranks[k] != rank) continue;
      members.push_back(k);
      const auto row = objectives.subspan(k * columns, columns);
      flat.insert(flat.end(), row.begin(), row.end());
    }
    const std::vector<double> distances = pareto::crowding_distances(flat, m);
    for (std::size_t k = 0; k < members.size(); ++k) crowding[members[k]] = distances[k];
  }
  return crowding;
}

/// The rows with their ranks and distances among one another.
Population compared(const Evidence& evidence, std::span<const double> violations,
                    std::vector<std::size_t> rows) {
  std::vector<double> objectives, violated;
  int m = 1;
  for (const std::size_t row : rows) {
    m = static_cast<int>(evidence.objectives[row].size());
    objectives.insert(objectives.end(), evidence.objectives[row].begin(), evidence.objectives[row].end());
    violated.push_back(violations[row]);
  }
  Population population;
  population.rows = std::move(rows);
  population.ranks = constrained_ranks(objectives, m, violated);
  population.crowding = crowding_by_rank(objectives, m, population.ranks);
  return population;
}

}  // namespace

std::vector<double> violations_of(const Evidence& evidence) {
  std::vector<double> violations(evidence.rows(), std::numeric_limits<double>::infinity());
  for (const std::size_t row : evidence.feasible) violations[row] = 0.0;
  if (evidence.infeasible.empty()) return violations;
  std::vector<double> largest(evidence.constraints.front().size(), 0.0);
  for (const std::size_t row : evidence.infeasible)
    for (std::size_t j = 0; j < largest.size(); ++j)
      largest[j] = std::max(largest[j], evidence.constraints[row][j]);
  for (const std::size_t row : evidence.infeasible) {
    double sum = std::numeric_limits<double>::min();
    for (std::size_t j = 0; j < largest.size(); ++j)
      if (evidence.constraints[row][j] > 0.0) sum += evidence.constraints[row][j] / largest[j];
    violations[row] = sum;
  }
  return violations;
}

std::vector<int> constrained_ranks(std::span<const double> objectives, int m,
                                   std::span<const double> violations) {
  const auto columns = static_cast<std::size_t>(m);
  PARSIMONY_EXPECTS(m >= 1 && objectives.size() == violations.size() * columns);
  std::vector<std::size_t> feasible;
  std::vector<double> flat;
  std::map<double, int> levels;  // violation -> its place among the different ones
  for (std::size_t row = 0; row < violations.size(); ++row) {
    if (violations[row] > 0.0) {
      levels[violations[row]] = 0;
      continue;
    }
    feasible.push_back(row);
    const auto point = objectives.subspan(row * columns, columns);
    flat.insert(flat.end(), point.begin(), point.end());
  }
  const std::vector<int> of_feasible = pareto::non_dominated_ranks(flat, m);
  int next = of_feasible.empty() ? 0 : 1 + *std::max_element(of_feasible.begin(), of_feasible.end());
  for (auto& [violation, rank] : levels) rank = next++;
  std::vector<int> ranks(violations.size());
  for (std::size_t row = 0; row < violations.size(); ++row)
    if (violations[row] > 0.0) ranks[row] = levels[violations[row]];
  for (std::size_t k = 0; k < feasible.size(); ++k) ranks[feasible[k]] = of_feasible[k];
  return ranks;
}

Population population_of(const Evidence& evidence, int size) {
  const std::vector<double> violations = violations_of(evidence);
  std::vector<std::size_t> rows(evidence.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Population all = compared(evidence, violations, rows);
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return all.better(a, b); });
  rows.resize(std::min(rows.size(), static_cast<std::size_t>(size)));
  std::sort(rows.begin(), rows.end());
  return compared(evidence, violations, std::move(rows));
}

}  // namespace parsimony::solver
