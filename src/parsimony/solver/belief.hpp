#pragma once

#include <span>
#include <string>
#include <vector>

#include "parsimony/acquisition/expected_gain.hpp"
#include "parsimony/base/thread_pool.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/surrogate/gaussian_process.hpp"

namespace parsimony::solver {

/// What is modelled of an outcome y: y itself, log(y + shift), or of a constraint, whose zero must stay one,
/// the signed logarithm sign(y) log(1 + |y| / scale) (Eriksson, Poloczek 2021).
struct OutputWarp {
  bool logarithmic = false;
  double shift = 0.0;
  double scale = 0.0;  ///< of the signed logarithm; 0 where there is none

  bool any() const { return logarithmic || scale > 0.0; }
  double apply(double y) const;
  double invert(double t) const;
  double log_slope(double y) const;  ///< log dt/dy
};

/// One measured quantity: a Gaussian process over its warped values.
struct BelievedQuantity {
  OutputWarp warp;
  surrogate::GaussianProcess process;

  acquisition::Outlook outlook(double mean, double deviation) const {
    return {mean, deviation, warp.logarithmic, warp.shift};
  }
};

/// Which forms a fit chooses among, for each quantity by its posterior density (the warp's Jacobian
/// included).
struct BeliefOptions {
  enum class KernelChoice { automatic, matern52, rbf };
  enum class Noise { automatic, botorch };

  KernelChoice kernel = KernelChoice::automatic;
  bool warp = true;  ///< also logarithms of objectives with two shifts, and signed ones of constraints
  /// What the fitted lengthscales of constraints are multiplied by. Under 1 the model doubts what it has not
  /// seen: feasible regions that a smooth constraint rules out become possible again.
  double constraint_lengthscales = 1.0;
  bool pooled = true;  ///< lengthscales (surrogate::PooledLengthscales); else each alone, by BoTorch's prior
  Noise noise = Noise::automatic;  ///< botorch: never under 1e-4 of the variance, prior LogNormal(−4, 1)
};

/// One quantity for each measured objective, then for each measured constraint, whose limit stays 0.
struct Belief {
  std::vector<BelievedQuantity> objectives;   ///< in the order of Quantities::measured_objectives
  std::vector<BelievedQuantity> constraints;  ///< in the order of Quantities::measured_constraints

  /// The same, with these points believed to turn out as the model expects.
  Belief believing(std::span<const Point> points) const;
};

/// Fits the belief to the evidence; each fit starts also from what the latest row with a record of one had
/// found.
/// @pre evidence has a row, or nothing is measured
Belief fit_belief(const Problem& problem, const Evidence& evidence, std::span<const Trial> history,
                  const BeliefOptions& options, ThreadPool& pool);

/// The JSON member that fit_belief reads again from a record: {"objectives": {name: {...}}, "constraints":
/// ...}.
std::string belief_as_json(const Problem& problem, const Belief& belief);

}  // namespace parsimony::solver
