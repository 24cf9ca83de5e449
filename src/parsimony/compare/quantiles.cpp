#include "parsimony/compare/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "parsimony/base/contracts.hpp"

namespace parsimony::compare {

double quantile(std::span<const double> values, double share) {
  PARSIMONY_EXPECTS(!values.empty() && share >= 0.0 && share <= 1.0);
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double median(std::span<const double> values) {
  return quantile(values, 0.5);
}

}  // namespace parsimony::compare
