#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// When a trust region grows, shrinks and gives up: its length is the side of its box in the unit cube.
struct RegionRules {
  double first, least, greatest;  ///< lengths
  int successes, failures;        ///< in a row, until the length doubles or halves
};

/// A region's length and streaks.
struct RegionPace {
  double length = 0.0;
  int successes = 0, failures = 0;

  /// Takes one outcome. @return false when the length fell below the least: the region has ended
  bool tell(bool success, const RegionRules& rules);
};

/// Which region proposed a row, as its record says.
struct RegionTag {
  int region = 0;  ///< from 0
  int life = 0;    ///< how often it had restarted; 0 where the record does not say
};

/// Nothing for rows of other solvers and records of any other form.
/// @param limit  region and life are below it
std::optional<RegionTag> region_of(const Trial& trial, const std::string& solver, int limit = 1000000);

/// An axis-parallel box of the unit cube.
struct RegionBox {
  std::vector<double> lower, upper;  ///< [d]
  std::vector<double> redraw;        ///< [d] of a choice the probability that it may change, else 1

  /// Choices do not count.
  bool holds(const space::Space& space, std::span<const double> point) const;
};

/// Sides of length·weight around the centre, cut at the cube's. An integer's side reaches at least to its
/// next values, or a small region could not move; a choice has no side, but is redrawn with the probability
/// min(1, length) (as the Hamming radius of Wan et al. 2021 shrinks with the region).
/// @param weights  [d]
RegionBox region_box(const space::Space& space, std::span<const double> centre, double length,
                     std::span<const double> weights);

/// Lengthscales divided by their geometric mean, of several models by the geometric mean of theirs
/// (Eriksson et al. 2019, section 2: the box's volume stays length^d).
/// @param lengthscales  [models][d]; none gives 1 everywhere
std::vector<double> side_weights(std::span<const std::vector<double>> lengthscales, std::size_t d);

/// Snapped points that differ from one of the bases in some coordinates, which a scrambled Sobol sequence
/// draws in the box: each with that probability, at least one (Regis and Shoemaker 2013). Known points,
/// repeated ones and those that estimates show to be over a computed limit are left out.
/// @param bases  [k][d], k >= 1
/// @return       [<= count, d] row by row
std::vector<double> perturbed_candidates(const Problem& problem, const PointSet& known,
                                         std::span<const Point> bases, const RegionBox& box,
                                         double probability, int count, RandomStream& stream);

/// Σ max(0, measured constraint) of a row [all constraints].
double measured_violation(const Problem& problem, std::span<const double> constraints);

}  // namespace parsimony::solver
