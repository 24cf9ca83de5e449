#pragma once

#include <string>
#include <vector>

#include "parsimony/acquisition/maximise.hpp"
#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

struct EhviOptions {
  BeliefOptions belief = {};

  /// Of the proposals made once something feasible is known, every so many-th doubts the measured
  /// constraints: their lengthscales are halved. 0: none. Without it a front of several islands is found in
  /// part only: hypervolume after 100 of C2-DTLZ2 .285 without, .354 with 3 (docs/solvers/ehvi.md).
  int doubt_every = 3;

  /// Raw points of the acquisition's maximiser (acquisition::MaximiserOptions).
  int raw_samples = 1024;

  /// Its climbs; 0: as many as climbs() says.
  int restarts = 0;

  /// Threads of one ask; 0 means as many as the machine has. No result depends on it.
  int threads = 0;

  /// Five for each modelled objective, but ten at least. More objectives make more maxima: with four in 24
  /// dimensions ten climbs miss the best one in three of twenty histories, twenty in none; with two they
  /// always find it (docs/performance.md, "Suggesting").
  int climbs(std::size_t modelled_objectives) const;

  /// @throws InputError naming "solver.<field>", the value and the range
  void validate() const;
};

EhviOptions parse_ehvi_options(const SolverOptions& options);
std::vector<std::string> ehvi_option_names();

/// Log expected hypervolume improvement (Emmerich et al. 2006; Ament et al. 2023) over exact boxes, times the
/// probability that the measured constraints hold (Gelbart et al. 2014). Measured quantities have independent
/// Gaussian processes; computed objectives and constraints enter exactly, so that with one measured objective
/// the expectation is the closed form of an improvement that is piecewise linear in it. Before anything is
/// feasible that is the improvement of the reference. Pending points are believed at their means.
class EhviSolver {
 public:
  /// @throws InputError from options.validate()
  explicit EhviSolver(const EhviOptions& options = {});

  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "ehvi"; }

 private:
  EhviOptions options_;
};

}  // namespace parsimony::solver
