#pragma once

#include <string>

#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// Uniform over the new points within the limits (find_point of candidates.hpp): the baseline of every
/// comparison.
class RandomSolver {
 public:
  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "random"; }
};

}  // namespace parsimony::solver
