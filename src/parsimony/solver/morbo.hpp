#pragma once

#include <string>
#include <vector>

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

struct MorboOptions {
  BeliefOptions belief = {};

  /// Trust regions (Daulton et al. 2022: 5).
  int regions = 5;

  /// Candidates of each region. The program of the paper takes 4096; a joint draw costs their cube, and here
  /// every region draws for every proposal: with 512 a proposal stays near a second at d 26, n 150.
  int candidates = 512;

  /// Threads of one ask; 0 means as many as the machine has. No result depends on it.
  int threads = 0;

  /// @throws InputError naming "solver.<field>", the value and the range
  void validate() const;
};

MorboOptions parse_morbo_options(const SolverOptions& options);
std::vector<std::string> morbo_option_names();

/// MORBO (Daulton et al. 2022): several trust regions that share all rows. Each region has Gaussian processes
/// of the rows within twice its length (at least 2d and 10, the nearest ones), candidates made from front
/// points in its box by perturbation, and one joint draw of them and the pending points; the candidate that
/// raises the hypervolume most, over all regions, is proposed. Draws decide on constraints too: where none is
/// feasible the least violated is taken. The perturbation probability min(20/d, 1) falls to its half over
/// 1000 rows with their logarithm (Regis and Shoemaker 2013, who let it fall to 0 over the budget: a solver
/// knows none). A region that has ended restarts at the best point, by one draw, of a random hypervolume
/// scalarisation (Zhang and Golovin 2020), which decides between candidates without improvement too. Computed
/// objectives and constraints are exact. Regions are recomputed from the history (morbo_region.hpp); a
/// proposal's record holds its region, life, length and streaks.
class MorboSolver {
 public:
  /// @throws InputError from options.validate()
  explicit MorboSolver(const MorboOptions& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "morbo"; }

 private:
  MorboOptions options_;
};

}  // namespace parsimony::solver
