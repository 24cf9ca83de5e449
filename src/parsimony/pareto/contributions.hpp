#pragma once

#include <span>
#include <vector>

namespace parsimony::pareto {

/// What the hypervolume would lose without each point: 0 for a point that another one weakly dominates (each
/// of two equal points included) or that is not strictly below the reference. Two and three objectives by a
/// sweep; more by summing, for each point, the boxes that the others, raised to the point, leave above it
/// (While, Bradstreet, Barone 2012 raise them in the same way, and subtract): O(n²) steps and the boxes of
/// each point's few neighbours. Sums of positive volumes.
/// @param points     [n, m] row by row, in any order
/// @param reference  [m], m >= 1
/// @return           [n]
std::vector<double> hypervolume_contributions(std::span<const double> points,
                                              std::span<const double> reference);

}  // namespace parsimony::pareto
