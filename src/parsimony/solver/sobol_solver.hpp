#pragma once

#include <string>

#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// A scrambled Sobol sequence (space/sobol.hpp) keyed by the study's seed. Proposed is the first point of the
/// sequence, snapped, that is neither in the history nor pending and within the limits: so the index follows
/// from what is known alone, no point of the sequence is left out (dropping its first points would cost the
/// balance of the rest, Owen 2020), and a point that another solver has evaluated is not evaluated again.
/// After 2^16 points without a new one (a space used up, or limits that almost nothing meets) a random one is
/// proposed (find_point of candidates.hpp). Beyond 256 parameters, as many as there are direction numbers
/// for, coordinates are uniform. No options.
class SobolSolver {
 public:
  Answer ask(const Problem& problem, const Question& question) const;
  std::string name() const { return "sobol"; }
};

}  // namespace parsimony::solver
