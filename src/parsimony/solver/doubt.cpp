#include "parsimony/solver/doubt.hpp"

namespace parsimony::solver {

bool doubts(const Problem& problem, const Evidence& evidence, int every, int trial) {
  return every > 0 && trial % every == 0 && !evidence.front.empty() &&
         !Quantities(problem).measured_constraints.empty();
}

BeliefOptions doubting(BeliefOptions options) {
  options.constraint_lengthscales = 0.5;
  return options;
}

}  // namespace parsimony::solver
