#include "parsimony/driver/trial_times.hpp"

#include <algorithm>

namespace parsimony::driver {
namespace {

/// [trials] when the order allowed trial k to be proposed: when the last of 1 … k−W ended.
std::vector<double> order_times(const Ledger& ledger, int workers, double begin) {
  std::vector<double> times;
  double last = begin;
  for (int number = 1; number <= ledger.size(); ++number) {
    if (number > workers) last = std::max(last, ledger.row(number - workers).execution.finished);
    times.push_back(last);
  }
  return times;
}

/// A trial that the order allowed while the solver was still at the one before counts as being asked for from
/// then.
TrialTimes proposal_times(const Proposer& proposer, int number, double order_time) {
  const Proposer::Asked own = *proposer.asked(number);
  const auto before = proposer.asked(number - 1);
  TrialTimes times{.possible = own.from, .asked = own.from, .answered = own.to};
  if (own.from_solver) times.possible = std::min(order_time, own.from);
  if (own.from_solver && before && times.possible < before->to)
    times.asked = std::max(times.possible, before->from);
  return times;
}

}  // namespace

std::vector<TrialTimes> trial_times(const Ledger& ledger, const Proposer& proposer, const DriverTask& task,
                                    double begin) {
  const std::vector<double> order = order_times(ledger, task.workers.count, begin);
  std::vector<TrialTimes> all;
  for (int number = 1; number <= ledger.size(); ++number) {
    TrialTimes times{.possible = begin, .asked = begin, .answered = begin};
    if (const auto asked = proposer.asked(number)) {
      const bool ordered = task.schedule == Schedule::ordered;
      times = proposal_times(proposer, number,
                             ordered ? order[static_cast<std::size_t>(number) - 1] : asked->from);
    }
    const study::Execution& execution = ledger.row(number).execution;
    const bool begun = execution.state == study::State::running || study::ended(execution.state);
    times.started = begun ? execution.started : 0.0;
    times.finished = study::ended(execution.state) ? execution.finished : 0.0;
    all.push_back(times);
  }
  return all;
}

}  // namespace parsimony::driver
