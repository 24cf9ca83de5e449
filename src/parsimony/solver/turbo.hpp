#pragma once

#include <string>
#include <vector>

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

struct TurboOptions {
  BeliefOptions belief = {};

  /// Weight of the sum beside the maximum of the scalarisation, as in ParEGO (Knowles 2006).
  double rho = 0.05;

  /// At most so many candidates, of min(100 d, 5000) in the paper. A joint draw costs their cube: 1000 take
  /// some 10 ms for each measured quantity, 5000 more than a second, and here every one of the
  /// quantities is drawn, not only one. In a box around the best point that few coordinates leave, a thousand
  /// are dense enough.
  int candidates = 1000;

  /// Threads of one ask; 0 means as many as the machine has. No result depends on it.
  int threads = 0;

  /// @throws InputError naming "solver.<field>", the value and the range
  void validate() const;
};

TurboOptions parse_turbo_options(const SolverOptions& options);
std::vector<std::string> turbo_option_names();

/// TuRBO-1 (Eriksson et al. 2019) on an augmented Chebyshev value of the objectives, whose weights and scale
/// stay for the life of a trust region; constraints as in SCBO (Eriksson and Poloczek 2021): by draws,
/// feasible candidates first, else least total violation. Each measured quantity has a Gaussian process of
/// its own, fitted to all rows (the paper's to those of the region: a search of some hundred evaluations
/// cannot spare any); computed ones are exact. Candidates are perturbations of the best row in the region's
/// box with probability min(20/d, 1), chosen by one joint draw (Thompson sampling). Pending points are
/// believed at their means. The region is recomputed from the history (turbo_region.hpp); a proposal's record
/// holds its number, length, weights and streaks.
class TurboSolver {
 public:
  /// @throws InputError from options.validate()
  explicit TurboSolver(const TurboOptions& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "turbo"; }

 private:
  TurboOptions options_;
};

}  // namespace parsimony::solver
