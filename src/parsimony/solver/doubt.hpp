#pragma once

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// Whether the proposal of that number doubts the measured constraints: every `every`-th does (none for 0)
/// once something feasible is known. Otherwise one island of a feasible region is searched and the others,
/// which a smooth constraint rules out, never are.
bool doubts(const Problem& problem, const Evidence& evidence, int every, int trial);

struct DoubtOptions {
  BeliefOptions belief;
  int every = 0;
};

/// The belief of an ask's proposals that doubt: constraints vary over half the fitted lengthscales. Empty
/// where none does.
Belief fit_doubting_belief(const Problem& problem, const Evidence& evidence, const Question& question,
                           const DoubtOptions& options, ThreadPool& pool);

}  // namespace parsimony::solver
