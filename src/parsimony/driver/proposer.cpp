#include "parsimony/driver/proposer.hpp"

#include <algorithm>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/solver/initial_design.hpp"
#include "parsimony/study/history.hpp"

namespace parsimony::driver {
namespace {

/// Of [d] coordinates, and within every computed limit: such a point is never a row otherwise.
bool legal(const solver::Problem& problem, const std::vector<double>& point) {
  if (static_cast<int>(point.size()) != problem.space.dimension()) return false;
  if (!problem.costs.exact) return true;
  const solver::Costs costs = problem.costs.exact(problem.space.snap(point));
  return std::all_of(costs.constraints.begin(), costs.constraints.end(),
                     [](double value) { return value <= 0; });
}

}  // namespace

Proposer::Proposer(study::Store& store, const solver::Problem& problem, const solver::Solver& solver,
                   const DriverTask& task, const study::Clock& clock)
    : store_(store), problem_(problem), solver_(solver), task_(task), clock_(clock) {}

bool Proposer::propose_next(const Ledger& ledger) {
  if (done(ledger)) return false;
  const int number = ledger.size() + 1;
  const double from = clock_();
  View view;
  std::optional<solver::Proposal> proposal = design_point(number);
  const bool from_solver = !proposal;
  if (from_solver) {
    std::optional<View> allowed = next_view(task_.schedule, task_.workers.count, ledger.ended());
    if (!allowed) return false;
    view = std::move(*allowed);
    proposal = ask(number, view, ledger);
    if (!proposal) return false;
  }
  insert(number, *proposal, std::move(view.seen));
  if (asked_.empty()) first_asked_ = number;
  asked_.push_back({from, clock_(), from_solver});
  return true;
}

std::optional<solver::Proposal> Proposer::design_point(int number) {
  if (number > task_.initial) return std::nullopt;
  if (!design_) design_ = solver::initial_design(problem_, task_.initial, task_.seed);
  if (number > static_cast<int>(design_->size())) return std::nullopt;
  return solver::Proposal{(*design_)[static_cast<std::size_t>(number) - 1], ""};
}

std::optional<solver::Proposal> Proposer::ask(int number, const View& view, const Ledger& ledger) {
  std::vector<solver::Trial> history;
  for (const int seen : view.seen) history.push_back(ledger.trial(seen));
  std::vector<solver::Pending> pending;
  for (const int open : view.pending) pending.push_back(study::to_pending(ledger.row(open), problem_));
  solver::Question question;
  question.history = history;
  question.pending = pending;
  question.count = 1;
  question.first_trial = number;
  question.seed = task_.seed;
  solver::Answer answer = solver_.ask(problem_, question);
  exhausted_ = answer.proposals.empty();
  if (exhausted_) return std::nullopt;
  return std::move(answer.proposals.front());
}

void Proposer::insert(int number, const solver::Proposal& proposal, std::vector<int> seen) {
  PARSIMONY_EXPECTS(legal(problem_, proposal.point));
  store_.insert(
      {number, problem_.space.decode(proposal.point), proposal.record, std::move(seen), task_.workers.count});
}

std::optional<Proposer::Asked> Proposer::asked(int number) const {
  const int index = number - first_asked_;
  if (asked_.empty() || index < 0 || index >= static_cast<int>(asked_.size())) return std::nullopt;
  return asked_[static_cast<std::size_t>(index)];
}

double Proposer::asking_seconds() const {
  double seconds = 0.0;
  for (const Asked& one : asked_) seconds += one.from_solver ? one.to - one.from : 0.0;
  return seconds;
}

}  // namespace parsimony::driver
