#include "parsimony/solver/initial_design.hpp"

#include <algorithm>
#include <optional>

#include "parsimony/base/contracts.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/space/latin_hypercube.hpp"

namespace parsimony::solver {
namespace {

constexpr int kRedraws = 100;

/// A point of the stratum that is new and within the limits, by the first draw or up to 100 more.
std::optional<Point> draw_in_stratum(const Problem& problem, const PointSet& known,
                                     const space::LatinHypercube& hypercube, std::int64_t row,
                                     RandomStream& stream) {
  for (int draw = 0; draw <= kRedraws; ++draw) {
    Point point = problem.space.snap(hypercube.draw(row, stream));
    if (!known.contains(point) && within_limits(problem, point)) return point;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::vector<double>> initial_design(const Problem& problem, int count, std::uint64_t seed) {
  PARSIMONY_EXPECTS(count >= 0);
  const auto n = static_cast<std::int64_t>(std::min(static_cast<double>(count), problem.space.size()));
  std::vector<Point> design;
  if (n == 0) return design;
  RandomStream strata(seed, 0, "initial-design-strata");
  const space::LatinHypercube hypercube = space::latin_hypercube(n, problem.space.dimension(), strata);
  PointSet known;
  for (std::int64_t row = 0; row < n; ++row) {
    RandomStream stream(seed, static_cast<std::uint64_t>(row + 1), "initial-design");
    std::optional<Point> point = draw_in_stratum(problem, known, hypercube, row, stream);
    if (!point) point = find_point(problem, known, design, stream);
    if (!point) break;  // no point within the limits is left
    known.insert(*point);
    design.push_back(std::move(*point));
  }
  return design;
}

}  // namespace parsimony::solver
