#pragma once

#include <string>

#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

/// The same problem with every objective measured, as the paper models it; computed constraints stay exact.
Problem with_all_objectives_measured(const Problem& problem);

/// A solver that is told nothing of computed objectives (option `model: all`; Deutel et al. 2023 fit a
/// Gaussian process to each of accuracy, ROM, RAM and FLOPs). For comparison: it needs about twice the
/// evaluations.
class AllModelled {
 public:
  explicit AllModelled(Solver solver) : solver_(std::move(solver)) {}
  Answer ask(const Problem& problem, const Question& question) const {
    return solver_.ask(with_all_objectives_measured(problem), question);
  }
  std::string name() const { return solver_.name(); }

 private:
  Solver solver_;
};

}  // namespace parsimony::solver
