#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/solver/belief.hpp"

namespace parsimony::solver {

/// Outcomes of points by one draw of what is measured and estimates of what is computed.
struct DrawnOutcomes {
  std::vector<double> objectives;  ///< [n, m] row by row
  std::vector<double> violation;   ///< [n] Σ max(0, measured constraint)

  std::span<const double> row(std::size_t k, std::size_t m) const {
    return std::span(objectives).subspan(k * m, m);
  }
};

/// One joint draw at all points (Thompson 1933), each quantity by itself.
/// @param points  [n, d] row by row, n >= 1
/// @param index   of the draw among those of the trial
DrawnOutcomes draw_outcomes(const Problem& problem, const Belief& belief, std::span<const double> points,
                            std::uint64_t seed, std::uint64_t trial, std::uint64_t index);

/// The same for one snapped point with exact costs in place of estimates.
std::vector<double> with_exact_costs(const Problem& problem, std::span<const double> point,
                                     std::span<const double> drawn);

}  // namespace parsimony::solver
