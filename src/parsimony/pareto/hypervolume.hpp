#pragma once

#include <span>

namespace parsimony::pareto {

/// The volume that the points dominate below the reference, exactly. Points that are not strictly below the
/// reference in every objective (NaN included) add nothing. Two objectives by a sweep, three by a sweep over
/// a staircase (Beume et al. 2009, O(n²) in the worst case, O(n log n) in practice), four and more by slabs
/// of the last objective, to each of which one point adds its exclusive volume in one dimension less (the
/// limiting of While, Bradstreet, Barone 2012): O(n²) steps for four.
/// @param points     [n, m] row by row, in any order, dominated and equal ones allowed
/// @param reference  [m], m >= 1
double hypervolume(std::span<const double> points, std::span<const double> reference);

}  // namespace parsimony::pareto
