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
/// of the points (Lacour, Klamroth, Fonseca 2017, Sec. 2; they box the dominated side: only the interval of
/// objective 0 differs): n + 1 for m = 2, at most 2n + 1 for m = 3, O(n^⌊m/2⌋) beyond. The points are swept
/// by the last objective, so that only bounds in one dimension less are alive together (their Alg. 4).
/// Points not strictly below the reference in every objective (NaN included) are ignored.
/// @param points     [n, m] row by row, in any order, dominated and equal ones allowed
/// @param reference  [m], m >= 1
Boxes non_dominated_boxes(std::span<const double> points, std::span<const double> reference);

}  // namespace parsimony::pareto
