#pragma once

#include <span>
#include <vector>

namespace parsimony::pareto {

/// Rows in ascending order of one column; equal ones by the columns from the first, equal rows by index: so
/// nobody is weakly dominated by a later row, the first of equal rows excepted.
/// @param points  [n, m] row by row, no NaN
std::vector<int> row_order(std::span<const double> points, int m, int column);

/// The rows strictly below the reference in every objective, in ascending order of the last. NaN is not
/// below.
/// @return  indices into the n points
std::vector<int> sweep_below(std::span<const double> points, std::span<const double> reference);

/// @return  [rows, m] row by row
std::vector<double> gather_rows(std::span<const double> points, int m, std::span<const int> rows);

}  // namespace parsimony::pareto
