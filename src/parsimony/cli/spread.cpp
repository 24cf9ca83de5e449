#include "parsimony/cli/spread.hpp"

#include <algorithm>
#include <cmath>

namespace parsimony::cli {

Spread spread_of(std::span<const double> values) {
  Spread spread;
  spread.count = static_cast<int>(values.size());
  if (values.empty()) return spread;
  const auto [least, most] = std::ranges::minmax(values);
  spread.minimum = least;
  spread.maximum = most;
  for (const double value : values) spread.mean += value / spread.count;
  if (spread.count < 2) return spread;
  double squares = 0.0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(squares / (spread.count - 1));
  return spread;
}

}  // namespace parsimony::cli
