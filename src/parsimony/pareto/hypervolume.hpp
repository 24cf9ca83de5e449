#pragma once

#include <span>

namespace parsimony::pareto {

/// The volume that the points dominate below the reference, exactly, summed from positive parts. Points that
/// are not strictly below the reference in every objective (NaN included) add nothing. Two objectives by a
/// sweep, three by a sweep over a staircase (Beume et al. 2009, O(n²) in the worst case, O(n log n) in
/// practice), four and more by slabs of the last objective: a point adds to its slab what it covers of the
/// boxes of the local upper bounds in one objective less (Lacour, Klamroth, Fonseca 2017): O(n²) steps for
/// four, O(n^(⌊(m−1)/2⌋+1)) and O(n^⌊(m−1)/2⌋) memory beyond.
/// @param points     [n, m] row by row, in any order, dominated and equal ones allowed
/// @param reference  [m], m >= 1
double hypervolume(std::span<const double> points, std::span<const double> reference);

}  // namespace parsimony::pareto
