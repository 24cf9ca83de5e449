#pragma once

#include <span>
#include <vector>

namespace parsimony::pareto {

/// What each of some points in three objectives dominates alone, by one sweep along the last objective
/// (after Emmerich and Fonseca 2011): the plane of the first two holds, for every point on the staircase of
/// what was met so far, the strips that it alone dominates there; a point that arrives takes from those of
/// its neighbours. It differs in that points may be dominated or equal: they too take from the one they lie
/// behind. O(n) strips in all and O(n log n) comparisons; strips are kept in arrays, so that a change may
/// move those behind it. Sums of positive volumes.
/// @param rows       [n, 3] as a sweep meets them: strictly below the reference, ascending in the last
/// @param reference  [3]
/// @return           [n]
std::vector<double> exclusive_volumes(std::span<const double> rows, std::span<const double> reference);

}  // namespace parsimony::pareto
