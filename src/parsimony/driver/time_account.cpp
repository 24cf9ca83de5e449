#include "parsimony/driver/time_account.hpp"

#include <algorithm>
#include <vector>

namespace parsimony::driver {
namespace {

enum class Phase { late, asked, evaluated };

struct Event {
  double time;
  Phase phase;
  int change;  ///< trials that enter (+1) or leave (−1) the phase
};

/// The part of [from, to) within [begin, end).
void add_phase(std::vector<Event>& events, Phase phase, double from, double to, double begin, double end) {
  from = std::clamp(from, begin, end);
  to = std::clamp(to, begin, end);
  if (from >= to) return;
  events.push_back({from, phase, 1});
  events.push_back({to, phase, -1});
}

std::vector<Event> events_of(std::span<const TrialTimes> trials, double begin, double end) {
  std::vector<Event> events;
  for (const TrialTimes& trial : trials) {
    const double started = trial.started > 0 ? trial.started : end;
    const double finished = trial.finished > 0 ? trial.finished : end;
    add_phase(events, Phase::late, trial.possible, trial.asked, begin, end);
    add_phase(events, Phase::asked, trial.asked, trial.answered, begin, end);
    add_phase(events, Phase::late, trial.answered, started, begin, end);
    add_phase(events, Phase::evaluated, started, finished, begin, end);
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  return events;
}

/// Shares out the time of every worker over a stretch in which nothing changes.
void share_out(TimeAccount& account, const int (&in_phase)[3], double seconds) {
  const int busy = std::min(in_phase[static_cast<int>(Phase::evaluated)], account.workers);
  const int idle = account.workers - busy;
  const int late = std::min(in_phase[static_cast<int>(Phase::late)], idle);
  const int asked = std::min(in_phase[static_cast<int>(Phase::asked)], idle - late);
  account.evaluating += busy * seconds;
  account.overhead += late * seconds;
  account.suggesting += asked * seconds;
  account.waiting += (idle - late - asked) * seconds;
}

}  // namespace

double TimeAccount::overhead_share() const {
  const double counted = evaluating + overhead;
  return counted > 0 ? overhead / counted : 0.0;
}

TimeAccount account_for(std::span<const TrialTimes> trials, int workers, double begin, double end) {
  TimeAccount account;
  account.workers = workers;
  account.wall = end - begin;
  int in_phase[3] = {0, 0, 0};
  double time = begin;
  for (const Event& event : events_of(trials, begin, end)) {
    share_out(account, in_phase, event.time - time);
    time = event.time;
    in_phase[static_cast<int>(event.phase)] += event.change;
  }
  share_out(account, in_phase, end - time);
  return account;
}

}  // namespace parsimony::driver
