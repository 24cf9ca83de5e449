#pragma once

#include <optional>
#include <span>

namespace parsimony::cli {

/// How far values scatter.
struct Spread {
  int count = 0;
  double mean = 0.0, minimum = 0.0, maximum = 0.0;  ///< 0 of no value
  std::optional<double> deviation;  ///< of a sample: over count − 1; nothing below two values
};

Spread spread_of(std::span<const double> values);

}  // namespace parsimony::cli
