#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "parsimony/driver/observer.hpp"
#include "parsimony/driver/schedule.hpp"
#include "parsimony/driver/time_account.hpp"
#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"
#include "parsimony/study/evaluator.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::driver {

/// Who evaluates: processes, or threads of ours for evaluators that are cheap or start a process of their
/// own.
struct Workers {
  int count = 1;  ///< at least 1
  std::vector<std::string>
      command;  ///< program and arguments, started by exec with "--worker <1 … count>" appended;
                ///< it opens the study and calls work(); exit 2: input at fault, 3: the machine
  std::filesystem::path logs;  ///< folder for their output, worker-<i>.log; empty: thrown away
  std::function<study::Evaluator()> in_process;  ///< instead of a command: called once in each thread
  double lease = 60.0;                           ///< [s] of in-process workers
};

struct DriverTask {
  std::filesystem::path folder;  ///< the study's, locked while the driver lives
  std::uint64_t seed = 1;
  int trials = 100;  ///< total, with those of former runs
  int initial = 10;  ///< size of the initial design; that of the study's first run holds
  Schedule schedule = Schedule::ordered;
  double hours =
      std::numeric_limits<double>::infinity();  ///< of this run; then no trial is started any more [h]
  Workers workers;
  /// Trials that get a job of purpose "final" when all trials have ended (or the hours are over); empty:
  /// none.
  std::function<std::vector<int>(const study::Store&)> finals;
  /// 1: finish the rows that are running and return; 2: give them back and return at once. May be null.
  const std::atomic<int>* stop = nullptr;
};

/// How a run ended.
struct Summary {
  int complete = 0, infeasible = 0, failed = 0;  ///< rows of the study
  int unfinished = 0;                            ///< rows queued or given back
  bool exhausted = false;                        ///< the solver has no point left
  bool interrupted = false;                      ///< stop was raised
  bool out_of_time = false;                      ///< the hours are over
  int deaths = 0;                                ///< workers seen to die
  TimeAccount time;                              ///< of the trials of this run
  double final_seconds = 0.0;                    ///< wall time of the final jobs [s]
  int finals_complete = 0, finals_failed = 0;
};

/// Ask, queue, wait, tell: until the study has its trials. Resumes from the store whatever is there; the same
/// study has the same rows whenever it was killed, for the same workers (schedule ordered). Call it from a
/// thread that outlives it: workers die with the thread that started them.
/// @throws InputError when another driver has the folder, or a worker says so (exit 2);
///         EnvironmentError when workers cannot be started or end with 3, three times in a row
Summary run(study::Store& store, const solver::Problem& problem, const solver::Solver& solver,
            const DriverTask& task, const Observer& observer);

/// A further job of a complete trial.
struct WantedJob {
  int trial = 0;
  std::string purpose;
};

/// Queues those of the jobs that are not there yet, and waits for all of them.
/// Of the task it uses folder, workers and stop. Errors as run.
/// @param served  what the purposes have in common, as Store::serve takes it: the one purpose, or "repeat/*"
Summary run_jobs(study::Store& store, const std::vector<WantedJob>& jobs, const std::string& served,
                 const DriverTask& task, const Observer& observer);

}  // namespace parsimony::driver
