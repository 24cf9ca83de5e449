#include "parsimony/pareto/crowding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::pareto {

std::vector<double> crowding_distances(std::span<const double> points, int m) {
  PARSIMONY_EXPECTS(m >= 1 && points.size() % static_cast<std::size_t>(m) == 0);
  const auto width = static_cast<std::size_t>(m);
  std::vector<double> distances(points.size() / width, 0.0);
  if (distances.empty()) return distances;
  std::vector<std::size_t> order(distances.size());
  for (std::size_t j = 0; j < width; ++j) {
    const auto value = [&](std::size_t row) { return points[row * width + j]; };
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, value);
    const double range = value(order.back()) - value(order.front());
    if (!(range > 0.0) || !std::isfinite(range)) continue;
    distances[order.front()] = distances[order.back()] = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < order.size(); ++i)
      distances[order[i]] += (value(order[i + 1]) - value(order[i - 1])) / range;
  }
  return distances;
}

}  // namespace parsimony::pareto
