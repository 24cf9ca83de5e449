#pragma once

#include <span>
#include <vector>

namespace parsimony::pareto {

/// Crowding distances of points of one front: for each objective the gap between a point's neighbours over
/// the range of the objective, summed; +infinity for one point at either end (Deb, Pratap, Agarwal,
/// Meyarivan 2002, Sec. III-B). Among equal values the lower index comes first. An objective that is
/// constant, or whose range is not finite, adds 0 and has no ends: never NaN.
/// @param points  [n, m] row by row, no NaN
/// @return        [n]
std::vector<double> crowding_distances(std::span<const double> points, int m);

}  // namespace parsimony::pareto
