#include "parsimony/driver/driver.hpp"

#include <algorithm>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/driver/final_jobs.hpp"
#include "parsimony/driver/foreman.hpp"
#include "parsimony/driver/ledger.hpp"
#include "parsimony/driver/proposer.hpp"
#include "parsimony/driver/reporter.hpp"
#include "parsimony/driver/trial_times.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::driver {
namespace {

using study::State;

/// The trials of one run.
class Search {
 public:
  Search(study::Store& store, const solver::Problem& problem, const solver::Solver& solver,
         const DriverTask& task, const Observer& observer)
      : task_(task),
        observer_(observer),
        ledger_(store, problem),
        proposer_(store, problem, solver, task, clock_),
        foreman_(store, task, observer),
        reporter_(observer, clock_) {}

  /// Ask, queue, wait, tell.
  void evaluate_trials() {
    foreman_.open(study::kTrial);
    for (;;) {
      heed_stop_and_hours();
      tell_what_ended();
      if (nothing_left()) break;
      foreman_.tend(open_rows());
      if (!foreman_.closed() && proposer_.propose_next(ledger_)) continue;
      foreman_.rest();
    }
    foreman_.close();
    end_ = clock_();
  }

  Summary summary() const;
  Foreman& foreman() { return foreman_; }
  Reporter& reporter() { return reporter_; }

 private:
  /// Before the look at the rows: a job claimed just before the counter closed is still seen.
  void heed_stop_and_hours() {
    const int requests = foreman_.stop_requests();
    const bool out_of_time = clock_() - begin_ >= task_.hours * 3600.0;
    if ((requests >= 1 || out_of_time) && !foreman_.closed()) {
      out_of_time_ = out_of_time && requests == 0;
      foreman_.close();
    }
    if (requests >= 2) foreman_.stop_at_once();
  }

  void tell_what_ended() {
    const Ledger::News news = ledger_.refresh();
    const bool first_look = !std::exchange(looked_, true);  // what had ended before is no news
    if (!news.ended.empty() && !first_look) foreman_.note_success();
    if (observer_.trial_ended && !first_look)
      for (const int number : news.ended) observer_.trial_ended(ledger_.row(number));
    if (reporter_.due(first_look || news.any)) reporter_.report(progress(), true);
  }

  int open_rows() const { return ledger_.size() - ledger_.count_ended(); }

  bool nothing_left() const {
    if (foreman_.closed()) return ledger_.count(State::running) == 0;
    return proposer_.done(ledger_) && open_rows() == 0;
  }

  Progress progress() const;

  const DriverTask& task_;
  const Observer& observer_;
  study::Clock clock_ = study::wall_clock();
  double begin_ = clock_(), end_ = begin_;
  Ledger ledger_;
  Proposer proposer_;
  Foreman foreman_;
  Reporter reporter_;
  bool looked_ = false;
  bool out_of_time_ = false;
};

Progress Search::progress() const {
  Progress progress;
  progress.ended = ledger_.count_ended();
  progress.total = proposer_.exhausted() ? ledger_.size() : std::max(task_.trials, ledger_.size());
  progress.running = ledger_.count(State::running);
  progress.queued = ledger_.count(State::queued) + ledger_.count(State::stale);
  progress.complete = ledger_.count(State::complete);
  progress.infeasible = ledger_.count(State::infeasible);
  progress.failed = ledger_.count(State::failed);
  progress.best = ledger_.best();
  for (int number = 1; number <= ledger_.size(); ++number)
    add_stage(ledger_.row(number).execution, progress.stages);
  return progress;
}

Summary Search::summary() const {
  Summary summary;
  summary.complete = ledger_.count(State::complete);
  summary.infeasible = ledger_.count(State::infeasible);
  summary.failed = ledger_.count(State::failed);
  summary.unfinished = open_rows();
  summary.exhausted = proposer_.exhausted();
  summary.interrupted = foreman_.stop_requests() > 0;
  summary.out_of_time = out_of_time_;
  summary.deaths = foreman_.deaths();
  summary.time =
      account_for(trial_times(ledger_, proposer_, task_, begin_), task_.workers.count, begin_, end_);
  summary.time.asking = proposer_.asking_seconds();
  return summary;
}

void add_finals(Summary& summary, const FinalCount& finals, const Foreman& foreman, double seconds) {
  summary.finals_complete = finals.complete;
  summary.finals_failed = finals.failed;
  summary.final_seconds = seconds;
  summary.interrupted = finals.interrupted;
  summary.deaths = foreman.deaths();
}

}  // namespace

Summary run(study::Store& store, const solver::Problem& problem, const solver::Solver& solver,
            const DriverTask& task, const Observer& observer) {
  PARSIMONY_EXPECTS(task.trials >= 0 && task.initial >= 0 && task.workers.count >= 1);
  const study::FolderLock lock(task.folder);
  Search search(store, problem, solver, task, observer);
  search.evaluate_trials();
  Summary summary = search.summary();
  if (summary.interrupted || !task.finals) return summary;
  const double begin = study::wall_clock()();
  std::vector<WantedJob> jobs;
  for (const int trial : task.finals(store)) jobs.push_back({trial, study::kFinal});
  const FinalCount finals = do_final_jobs(store, jobs, study::kFinal, search.foreman(), search.reporter());
  add_finals(summary, finals, search.foreman(), study::wall_clock()() - begin);
  return summary;
}

Summary run_jobs(study::Store& store, const std::vector<WantedJob>& jobs, const std::string& served,
                 const DriverTask& task, const Observer& observer) {
  const study::FolderLock lock(task.folder);
  Foreman foreman(store, task, observer);
  Reporter reporter(observer, study::wall_clock());
  Summary summary;
  const double begin = study::wall_clock()();
  const FinalCount finals = do_final_jobs(store, jobs, served, foreman, reporter);
  add_finals(summary, finals, foreman, study::wall_clock()() - begin);
  return summary;
}

}  // namespace parsimony::driver
