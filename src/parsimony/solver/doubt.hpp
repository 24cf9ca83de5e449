#pragma once

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// Whether the proposal of that number doubts the measured constraints: every `every`-th does (none for 0)
/// once something feasible is known. Otherwise one island of a feasible region is searched and the others,
/// which a smooth constraint rules out, never are.
bool doubts(const Problem& problem, const Evidence& evidence, int every, int trial);

/// The belief of such a proposal: constraints vary over half the fitted lengthscales.
BeliefOptions doubting(BeliefOptions options);

}  // namespace parsimony::solver
