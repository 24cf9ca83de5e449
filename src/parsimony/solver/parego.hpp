#pragma once

#include <string>
#include <vector>

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

struct ParegoOptions {
  BeliefOptions belief = {};

  /// Weight of the sum beside the maximum: Knowles 2006, section 2; BoTorch's alpha.
  double rho = 0.05;

  /// Samples of the expected improvement. BoTorch's default for its Monte Carlo acquisitions is 128 too: with
  /// scrambled Sobol points the error is under one hundredth where the improvement is worth looking at.
  int base_samples = 128;

  /// Raw points and climbs of the acquisition's maximiser (acquisition::MaximiserOptions).
  int raw_samples = 1024, restarts = 10;

  /// Threads of one ask; 0 means as many as the machine has. No result depends on it.
  int threads = 0;

  /// @throws InputError naming "solver.<field>", the value and the range
  void validate() const;
};

ParegoOptions parse_parego_options(const SolverOptions& options);
std::vector<std::string> parego_option_names();

/// ParEGO (Knowles 2006) as it is done today (BoTorch's qLogNParEGO): for each proposal new weights, uniform
/// on the simplex, make one value of the objectives by an augmented Chebyshev scalarisation; its expected
/// improvement over the best feasible row is maximised, times the probability that the measured constraints
/// hold. Differences: each measured objective has a Gaussian process of its own (Knowles models the
/// scalarised value), computed ones are exact; objectives are scaled by the range of the feasible front,
/// where that is zero by the range of the feasible rows (Knowles: known limits, BoTorch: the range of the
/// posterior's means at all rows, in which one bad row squeezes the front). Pending points are believed at
/// their means. Before anything is feasible the probability of feasibility alone is maximised.
class ParegoSolver {
 public:
  /// @throws InputError from options.validate()
  explicit ParegoSolver(const ParegoOptions& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "parego"; }

 private:
  ParegoOptions options_;
};

}  // namespace parsimony::solver
