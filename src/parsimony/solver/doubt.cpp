#include "parsimony/solver/doubt.hpp"

namespace parsimony::solver {

bool doubts(const Problem& problem, const Evidence& evidence, int every, int trial) {
  return every > 0 && trial % every == 0 && !evidence.front.empty() &&
         !Quantities(problem).measured_constraints.empty();
}

Belief fit_doubting_belief(const Problem& problem, const Evidence& evidence, const Question& question,
                           const DoubtOptions& options, ThreadPool& pool) {
  bool any = false;
  for (int k = 0; k < question.count; ++k)
    any |= doubts(problem, evidence, options.every, question.first_trial + k);
  if (!any) return {};
  BeliefOptions belief = options.belief;
  belief.constraint_lengthscales = 0.5;
  return fit_belief(problem, evidence, question.history, belief, pool);
}

}  // namespace parsimony::solver
