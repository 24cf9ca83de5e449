#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace parsimony::surrogate {

/// Outcomes beyond it would have variances beyond a double's range.
constexpr double kGreatestOutcome = 1e100;

/// Outcomes of one quantity, in its own units.
struct Observations {
  int d = 0;
  std::vector<double> points;       ///< [n, d] in the unit cube, row by row; repeated points are allowed
  std::vector<double> values;       ///< [n], n >= 1, of magnitude at most kGreatestOutcome
  std::vector<int> choices = {};    ///< [d], 0 for a number, else how many choices the coordinate stands for
                                    ///< (the k-th owns [k/c, (k+1)/c)); empty: all are numbers
  std::vector<double> ratios = {};  ///< [d], of a number measured on a logarithmic scale the ratio of its
                                    ///< ends (> 1), else 0; empty: all are linear
};

/// The door to every model: there are observations, as many points as outcomes, of finite coordinates, and no
/// outcome is NaN or beyond kGreatestOutcome. Anything else ends the program.
void expect_valid(const Observations& observations);

/// The same of points alone.
/// @param points  [count, d] row by row
void expect_points(std::span<const double> points, std::size_t count, int d);

/// value = mean + deviation · standardised value.
struct Standardisation {
  double mean = 0.0, deviation = 1.0;
};

/// Mean and population standard deviation. Where all values are equal to rounding (10⁻¹² of the greatest),
/// the deviation is 1 or, of large values, that rounding.
/// @pre each value is a number of magnitude at most kGreatestOutcome
Standardisation standardisation_of(const std::vector<double>& values);

}  // namespace parsimony::surrogate
