#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace parsimony::pareto {

/// Axis-parallel boxes, each closed below and open above: lower ≤ y < upper.
struct Boxes {
  int m = 0;
  std::vector<double> lower, upper;  ///< [k, m] row by row; lower may be −infinity

  std::size_t size() const { return m == 0 ? 0 : upper.size() / static_cast<std::size_t>(m); }
};

/// Disjoint boxes that cover exactly what lies strictly below the reference and is not weakly dominated by
/// any of the points. Every box reaches down to −infinity in objective 0. One box for each local upper bound
/// of the points (Lacour, Klamroth, Fonseca 2017, who sweep the same way but box the dominated side): n + 1
/// for m = 2, 2n + 1 for m = 3, O(n^⌊m/2⌋) beyond; fewer where points are dominated. Equal coordinates may
/// split a box, but leave none empty.
/// Points not strictly below the reference in every objective (NaN included) are ignored.
/// @param points     [n, m] row by row, in any order, dominated and equal ones allowed
/// @param reference  [m], m >= 1
Boxes non_dominated_boxes(std::span<const double> points, std::span<const double> reference);

/// The same of points that already come as a sweep meets them: strictly below the reference, in ascending
/// order of the last objective.
Boxes boxes_of_sweep(std::span<const double> rows, std::span<const double> reference);

/// What a further point would add to the hypervolume of the points that left the boxes: 0 for one that is
/// weakly dominated or not below the reference.
/// @param point  [m], no NaN
double hypervolume_improvement(const Boxes& boxes, std::span<const double> point);

}  // namespace parsimony::pareto
