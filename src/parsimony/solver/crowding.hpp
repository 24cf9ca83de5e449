#pragma once

#include <span>
#include <vector>

namespace parsimony::solver {

/// Crowding distances (Deb et al. 2002, section III-B): for each objective the gap between a point's two
/// neighbours in the order of that objective, divided by the objective's range, summed; infinity for the two
/// ends of each order. Differs for the better in that an objective with one value only, or with a range that
/// is not finite, counts 0 and has no ends, so that the result is never NaN. Among equal values the lower
/// index comes first.
/// @param points  [n, m] row by row, no NaN
/// @return        [n] 0 to infinity
std::vector<double> crowding_distances(std::span<const double> points, int m);

}  // namespace parsimony::solver
