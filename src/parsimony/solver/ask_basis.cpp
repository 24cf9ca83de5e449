#include "parsimony/solver/ask_basis.hpp"

#include <limits>
#include <utility>

#include "parsimony/solver/candidates.hpp"

namespace parsimony::solver {

AskBasis::AskBasis(const Problem& asked, const Question& question, Evidence given,
                   const BeliefOptions& options, ThreadPool& threads)
    : problem(asked),
      pool(threads),
      evidence(std::move(given)),
      known(known_points(problem, question)),
      pending(pending_points(problem, question)) {
  if (evidence.rows() > 0) belief = fit_belief(problem, evidence, question.history, options, pool);
}

bool AskBasis::can_model() const {
  const Quantities quantities(problem);
  return evidence.rows() > 0 ||
         (quantities.measured_objectives.empty() && quantities.measured_constraints.empty());
}

void AskBasis::take(const Point& point) {
  known.insert(point);
  pending.push_back(point);
}

std::optional<Candidate> maximiser_of(const AskBasis& ask, const ImprovementAcquisition& acquisition,
                                      const acquisition::MaximiserOptions& options, RandomStream& stream,
                                      const char* origin) {
  const acquisition::RankedPoints ranked = acquisition::maximise(
      acquisition.functions(), ask.problem.space, promising_points(ask.evidence), options, stream, ask.pool);
  return best_candidate(ask.problem, ask.known, acquisition, ranked, origin);
}

std::optional<Candidate> random_candidate(const AskBasis& ask, RandomStream stream) {
  std::optional<Point> point = find_point(ask.problem, ask.known, ask.evidence.points, stream);
  if (!point) return std::nullopt;
  return Candidate{std::move(*point), std::numeric_limits<double>::quiet_NaN(), "random"};
}

Answer propose_in_turn(AskBasis& ask, const Question& question,
                       const std::function<std::optional<Proposal>(int trial)>& propose) {
  Answer answer;
  for (int k = 0; k < question.count; ++k) {
    std::optional<Proposal> proposal = propose(question.first_trial + k);
    answer.exhausted = !proposal;
    if (!proposal) break;
    ask.take(proposal->point);
    answer.proposals.push_back(std::move(*proposal));
  }
  return answer;
}

}  // namespace parsimony::solver
