#include "parsimony/solver/crowding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::solver {

std::vector<double> crowding_distances(std::span<const double> points, int m) {
  PARSIMONY_EXPECTS(m >= 1 && points.size() % static_cast<std::size_t>(m) == 0);
  const auto columns = static_cast<std::size_t>(m);
  std::vector<double> distances(points.size() / columns, 0.0);
  if (distances.empty()) return distances;
  std::vector<std::size_t> order(distances.size());
  for (std::size_t j = 0; j < columns; ++j) {
    const auto value = [&](std::size_t row) { return points[row * columns + j]; };
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
    const double range = value(order.back()) - value(order.front());
    if (!(range > 0.0) || !std::isfinite(range)) continue;
    distances[order.front()] = distances[order.back()] = std::numeric_limits<double>::infinity();
    for (std::size_t k = 1; k + 1 < order.size(); ++k)
      distances[order[k]] += (value(order[k + 1]) - value(order[k - 1])) / range;
  }
  return distances;
}

}  // namespace parsimony::solver
