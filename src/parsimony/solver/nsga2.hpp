#pragma once

#include <string>

#include "parsimony/solver/nsga2_options.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002, IEEE Transactions on Evolutionary Computation 6(2)) as a
/// function of the history. Every proposal is a child of two rows of the population, chosen by binary
/// tournaments (nsga2_population.hpp, nsga2_variation.hpp). Differs from the paper:
/// - The population is the best of *all* finished rows, chosen anew for every trial (the steady-state form,
///   Nebro and Durillo 2008): so there are no generations to keep in step. Any history will do, whoever
///   proposed its rows, with rows missing, failed or pending; pending points have no values yet and are no
///   parents.
/// - The first generation is whatever was evaluated first, the initial design included; until `population`
///   rows have been evaluated without failing, proposals are random.
/// - Children that are known or over a computed limit are made again, up to 300 times, then a random point is
///   proposed (find_point of candidates.hpp): Deb's rules of domination are for measured constraints alone.
/// - A failed row is worse than any infeasible one.
class Nsga2Solver {
 public:
  /// @throws InputError from options.validate()
  explicit Nsga2Solver(const Nsga2Options& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "nsga2"; }

 private:
  Nsga2Options options_;
};

}  // namespace parsimony::solver
