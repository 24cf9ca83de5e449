#pragma once

#include <span>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/evidence.hpp"

namespace parsimony::solver {

constexpr double kChebyshevRho = 0.005;  ///< Deutel et al. 2023, eq. 7; of Knowles 2006 it is 0.05

/// g_λ(y) = max_j λ_j y_j + rho Σ λ_j y_j with y_j = (f_j − low_j)/range_j (SEMANTICS section 4).
struct Scalarisation {
  std::vector<double> weights;  ///< [m] λ
  std::vector<double> low;      ///< [m]
  std::vector<double> range;    ///< [m] never 0
  double rho = kChebyshevRho;

  /// @param objectives  [m] in the problem's units
  double operator()(std::span<const double> objectives) const;
};

/// Uniform on the simplex (exponential variables divided by their sum): [m].
std::vector<double> draw_weights(int m, RandomStream& stream);

/// low and range are those of the front, a zero range counting as 1; before any feasible row, and where
/// `unscaled`, 0 and 1.
Scalarisation scalarisation_of(const Evidence& evidence, std::vector<double> weights, bool unscaled);

/// The same with a rho of its own, and where the front's range is zero that of all feasible rows.
Scalarisation scalarisation_of_rows(const Evidence& evidence, std::vector<double> weights, double rho);

/// The least g_λ of the front; before any feasible row g_λ(1, …, 1).
double best_feasible(const Evidence& evidence, const Scalarisation& scalarisation);

}  // namespace parsimony::solver
