#pragma once

#include <span>

#include "parsimony/base/random.hpp"

namespace parsimony::compare {

struct Interval {
  double low = 0.0, high = 0.0;
};

constexpr int kResamples = 10000;

/// The 95 % interval of the sample's median by the percentile bootstrap (Efron 1979): the 2.5 % and 97.5 %
/// quantiles of the medians of kResamples samples drawn with replacement. With fewer than six values it is
/// hardly wider than the sample itself: the data say no more.
/// @param values  at least one, no NaN
Interval median_interval(std::span<const double> values, RandomStream& stream);

}  // namespace parsimony::compare
