#include "parsimony/driver/final_jobs.hpp"

#include <set>

namespace parsimony::driver {
namespace {

using study::State;

FinalCount count(const study::Store& store, const std::set<int>& trials, const std::string& purpose) {
  FinalCount count;
  for (const study::Execution& execution : store.executions(purpose)) {
    if (!trials.contains(execution.trial)) continue;
    if (execution.state == State::complete) ++count.complete;
    if (execution.state == State::failed) ++count.failed;
    if (execution.state == State::running) ++count.running;
    if (execution.state == State::queued || execution.state == State::stale) ++count.queued;
  }
  return count;
}

Progress progress_of(const FinalCount& count, const std::string& purpose) {
  Progress progress;
  progress.purpose = purpose;
  progress.complete = count.complete;
  progress.failed = count.failed;
  progress.running = count.running;
  progress.queued = count.queued;
  progress.ended = count.complete + count.failed;
  progress.total = progress.ended + count.running + count.queued;
  return progress;
}

}  // namespace

FinalCount do_final_jobs(study::Store& store, const std::vector<int>& trials, const std::string& purpose,
                         Foreman& foreman, Reporter& reporter) {
  const std::set<int> wanted(trials.begin(), trials.end());
  for (const int trial : wanted) store.request(trial, purpose);
  foreman.open(purpose);
  FinalCount now;
  for (int ended = -1;;) {
    if (foreman.stop_requests() >= 1 && !foreman.closed()) foreman.close();
    if (foreman.stop_requests() >= 2) foreman.stop_at_once();
    now = count(store, wanted, purpose);
    const int ended_now = now.complete + now.failed;
    if (ended_now > ended && ended >= 0) foreman.note_success();
    reporter.report(progress_of(now, purpose), ended_now != ended);
    ended = ended_now;
    if (now.running == 0 && (now.queued == 0 || foreman.closed())) break;
    foreman.tend(now.running + now.queued);
    foreman.rest();
  }
  foreman.close();
  now.interrupted = foreman.stop_requests() > 0;
  return now;
}

}  // namespace parsimony::driver
