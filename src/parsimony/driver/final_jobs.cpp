#include "parsimony/driver/final_jobs.hpp"

#include <map>
#include <set>

namespace parsimony::driver {
namespace {

using study::State;

/// purpose -> trials
using Wanted = std::map<std::string, std::set<int>>;

/// How the wanted jobs stand now.
Progress look(const study::Store& store, const Wanted& wanted, const std::string& purpose) {
  Progress now;
  now.purpose = purpose;
  for (const auto& [one, trials] : wanted)
    for (const study::Execution& execution : store.executions(one)) {
      if (!trials.contains(execution.trial)) continue;
      add_stage(execution, now.stages);
      if (execution.state == State::complete) ++now.complete;
      if (execution.state == State::failed) ++now.failed;
      if (execution.state == State::running) ++now.running;
      if (execution.state == State::queued || execution.state == State::stale) ++now.queued;
    }
  now.ended = now.complete + now.failed;
  now.total = now.ended + now.running + now.queued;
  return now;
}

}  // namespace

FinalCount do_final_jobs(study::Store& store, const std::vector<WantedJob>& jobs, const std::string& served,
                         Foreman& foreman, Reporter& reporter) {
  Wanted wanted;
  for (const WantedJob& job : jobs)
    if (wanted[job.purpose].insert(job.trial).second) store.request(job.trial, job.purpose);
  foreman.open(served);
  Progress now;
  for (int ended = -1;;) {
    if (foreman.stop_requests() >= 1 && !foreman.closed()) foreman.close();
    if (foreman.stop_requests() >= 2) foreman.stop_at_once();
    now = look(store, wanted, served);
    if (now.ended > ended && ended >= 0) foreman.note_success();
    reporter.report(now, now.ended != ended);
    ended = now.ended;
    if (now.running == 0 && (now.queued == 0 || foreman.closed())) break;
    foreman.tend(now.running + now.queued);
    foreman.rest();
  }
  foreman.close();
  return {now.complete, now.failed, now.running, now.queued, foreman.stop_requests() > 0};
}

}  // namespace parsimony::driver
