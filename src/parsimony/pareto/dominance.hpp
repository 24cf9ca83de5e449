#pragma once

#include <span>
#include <vector>

namespace parsimony::pareto {

/// a is nowhere above b and somewhere below it (all objectives are minimised). Same length, no NaN.
bool dominates(std::span<const double> a, std::span<const double> b);

/// Ranks of non-dominated sorting: 0 for the points that none dominates, k + 1 for those of which the removal
/// of ranks 0 … k leaves none that dominates them. Equal points share a rank. Source: efficient non-dominated
/// sort with binary search (Zhang, Tian, Cheng, Jin 2015); but two and three objectives keep of each front
/// only its staircase (in the manner of Jensen 2003): O(n log n) and about O(n log² n) steps. Beyond, O(n²)
/// at worst, in blocks of 32.
/// @param points  [n, m] row by row, no NaN
/// @return        [n]
std::vector<int> non_dominated_ranks(std::span<const double> points, int m);

/// Indices of the points that none dominates, ascending; of equal points the first alone.
/// @param points  [n, m] row by row, no NaN
std::vector<int> front_indices(std::span<const double> points, int m);

}  // namespace parsimony::pareto
