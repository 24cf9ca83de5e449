#pragma once

#include <span>

namespace parsimony::compare {

/// The quantile of a sample, interpolated linearly between its order statistics (Hyndman and Fan's type 7).
/// @param values  at least one, no NaN
/// @param share   0 … 1
double quantile(std::span<const double> values, double share);

double median(std::span<const double> values);

}  // namespace parsimony::compare
