#pragma once

#include <span>
#include <vector>

#include "parsimony/base/random.hpp"

namespace parsimony::pareto {

/// k members of a set that stand for it: the member nearest to the centre of each cluster of k-means
/// (Lloyd 1982, started by k-means++ of Arthur and Vassilvitskii 2007). Ties go to the lower index.
/// Distances are Euclidean: scale the objectives first.
/// @param points  [n, m] row by row, finite
/// @param k       at least 0; with k >= n all are returned
/// @return        min(k, n) different indices, ascending
std::vector<int> k_means_representatives(std::span<const double> points, int m, int k, RandomStream& stream);

}  // namespace parsimony::pareto
