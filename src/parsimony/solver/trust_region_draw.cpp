#include "parsimony/solver/trust_region_draw.hpp"

#include <algorithm>

#include "parsimony/base/random.hpp"

namespace parsimony::solver {
namespace {

constexpr std::uint64_t kMostQuantities = 1024;
constexpr double kGreatestLogarithm = 300.0;  // an outcome stays finite

std::vector<double> draw_quantity(const BelievedQuantity& held, std::span<const double> points,
                                  RandomStream stream) {
  std::vector<double> normals(points.size() / static_cast<std::size_t>(held.process.dimensions()));
  for (double& value : normals) value = stream.normal();
  std::vector<double> drawn = held.process.draws(points, normals);
  for (double& value : drawn)
    value = held.warp.invert(held.warp.any() ? std::clamp(value, -kGreatestLogarithm, kGreatestLogarithm)
                                             : value);
  return drawn;
}

}  // namespace

DrawnOutcomes draw_outcomes(const Problem& problem, const Belief& belief, std::span<const double> points,
                            std::uint64_t seed, std::uint64_t trial, std::uint64_t index) {
  const std::size_t n = points.size() / static_cast<std::size_t>(problem.space.dimension()),
                    m = problem.objectives.size();
  const Quantities quantities(problem);
  DrawnOutcomes outcomes{std::vector<double>(n * m), std::vector<double>(n, 0.0)};
  std::uint64_t key = index * kMostQuantities;
  for (std::size_t k = 0; k < belief.objectives.size(); ++k) {
    const std::vector<double> drawn =
        draw_quantity(belief.objectives[k], points, RandomStream(seed, trial, "region-draw", key++));
    for (std::size_t i = 0; i < n; ++i)
      outcomes.objectives[i * m + quantities.measured_objectives[k]] = drawn[i];
  }
  for (const BelievedQuantity& held : belief.constraints) {
    const std::vector<double> drawn =
        draw_quantity(held, points, RandomStream(seed, trial, "region-draw", key++));
    for (std::size_t i = 0; i < n; ++i) outcomes.violation[i] += std::max(0.0, drawn[i]);
  }
  const std::size_t computed = quantities.computed_objectives.size();
  if (computed == 0) return outcomes;
  Costs costs;
  problem.costs.estimate(points, static_cast<std::int64_t>(n), costs);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < computed; ++k)
      outcomes.objectives[i * m + quantities.computed_objectives[k]] = costs.objectives[i * computed + k];
  return outcomes;
}

std::vector<double> with_exact_costs(const Problem& problem, std::span<const double> point,
                                     std::span<const double> drawn) {
  std::vector<double> objectives(drawn.begin(), drawn.end());
  const Quantities quantities(problem);
  if (quantities.computed_objectives.empty()) return objectives;
  const Costs costs = problem.costs.exact(point);
  for (std::size_t k = 0; k < quantities.computed_objectives.size(); ++k)
    objectives[quantities.computed_objectives[k]] = costs.objectives[k];
  return objectives;
}

}  // namespace parsimony::solver
