#include "parsimony/driver/final_jobs.hpp"

#include <map>
#include <set>
#include <utility>

namespace parsimony::driver {
namespace {

using study::State;

/// purpose -> trials
using Wanted = std::map<std::string, std::set<int>>;

FinalCount count(const study::Store& store, const Wanted& wanted, std::vector<std::string>& stages) {
  FinalCount count;
  for (const auto& [purpose, trials] : wanted)
    for (const study::Execution& execution : store.executions(purpose)) {
      if (!trials.contains(execution.trial)) continue;
      add_stage(execution, stages);
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

FinalCount do_final_jobs(study::Store& store, const std::vector<WantedJob>& jobs, const std::string& served,
                         Foreman& foreman, Reporter& reporter) {
  Wanted wanted;
  for (const WantedJob& job : jobs)
    if (wanted[job.purpose].insert(job.trial).second) store.request(job.trial, job.purpose);
  foreman.open(served);
  FinalCount now;
  for (int ended = -1;;) {
    if (foreman.stop_requests() >= 1 && !foreman.closed()) foreman.close();
    if (foreman.stop_requests() >= 2) foreman.stop_at_once();
    std::vector<std::string> stages;
    now = count(store, wanted, stages);
    const int ended_now = now.complete + now.failed;
    if (ended_now > ended && ended >= 0) foreman.note_success();
    Progress progress = progress_of(now, served);
    progress.stages = std::move(stages);
    reporter.report(std::move(progress), ended_now != ended);
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
