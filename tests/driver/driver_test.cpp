#include "parsimony/driver/driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <set>

#include "parsimony/study/digest.hpp"
#include "temporary_folder.hpp"
#include "toy.hpp"

namespace parsimony::driver {
namespace {

using study::State;
using testing::ElementsAre;
using testing::HasSubstr;

class DriverTest : public testing::Test {
 protected:
  std::filesystem::path folder(const std::string& name = "study") const { return folder_.path() / name; }
  toy::Behaviour behaviour() const { return {.marks = folder_.path() / "marks"}; }

  /// A search in that folder with threads, or with processes.
  DriverTask task(const std::string& name, int trials, int workers) const {
    return toy::task(folder(name), trials, workers, behaviour());
  }
  DriverTask process_task(const std::string& name, int trials, int workers, const toy::Behaviour& how) const {
    return toy::task(folder(name), trials, workers, how, PARSIMONY_TOY_PROGRAM);
  }
  Summary search(const DriverTask& task, const Observer& observer = {},
                 const toy::ToySolver& solver = {}) const {
    study::Store store = toy::make_study(task.folder);
    return run(store, toy::problem(), solver::Solver(solver), task, observer);
  }
  std::vector<study::Row> rows(const std::string& name = "study") const {
    return study::open_study(folder(name)).rows();
  }
  std::string digest(const std::string& name) const { return study::digest(rows(name)); }
  std::string undisturbed_digest(int trials, int workers) const {
    search(task("undisturbed", trials, workers));
    return digest("undisturbed");
  }

  test::TemporaryFolder folder_;
};

TEST_F(DriverTest, EvaluatesExactlyTheTrialsThatItWasGiven) {
  for (const int trials : {0, 1, 5, 17}) {
    const std::string name = std::to_string(trials);
    const Summary summary = search(task(name, trials, 2));
    EXPECT_EQ(summary.complete + summary.infeasible + summary.failed, trials);
    EXPECT_EQ(summary.unfinished, 0);
    EXPECT_EQ(rows(name).size(), static_cast<std::size_t>(trials));
  }
}

TEST_F(DriverTest, OrderedTrialsSeeExactlyWhatTheOrderAllows) {
  for (const int workers : {1, 2, 3}) {
    const std::string name = std::to_string(workers);
    search(task(name, 14, workers));
    for (const study::Row& row : rows(name)) {
      EXPECT_EQ(row.workers, workers);
      if (row.number <= 5) {
        EXPECT_THAT(row.seen, ElementsAre());
        continue;
      }
      std::string expected = "seen";
      for (int number = 1; number <= row.number - workers; ++number) expected += " " + std::to_string(number);
      expected += " pending";
      for (int number = row.number - workers + 1; number < row.number; ++number)
        expected += " " + std::to_string(number);
      EXPECT_EQ(row.record, expected);
      EXPECT_EQ(static_cast<int>(row.seen.size()), row.number - workers);
    }
  }
}

TEST_F(DriverTest, EagerTrialsSeeEveryFinishedRow) {
  DriverTask settings = task("study", 15, 2);
  settings.schedule = Schedule::eager;
  search(settings);
  for (const study::Row& row : rows())
    if (row.number > 5) {
      EXPECT_GE(static_cast<int>(row.seen.size()), row.number - 2);
    }
}

TEST_F(DriverTest, TwoRunsInTwoFoldersHaveTheSameDigest) {
  search(task("a", 30, 2));
  search(task("b", 30, 2));
  EXPECT_EQ(digest("a"), digest("b"));
}

TEST_F(DriverTest, ProcessesGiveTheSameRowsAsThreads) {
  search(process_task("processes", 20, 2, behaviour()));
  EXPECT_EQ(digest("processes"), undisturbed_digest(20, 2));
}

TEST_F(DriverTest, GoesOnToALargerTotal) {
  search(task("study", 8, 2));
  search(task("study", 20, 2));
  EXPECT_EQ(digest("study"), undisturbed_digest(20, 2));
}

TEST_F(DriverTest, AnEndedStudyStartsNoWorker) {
  search(task("study", 8, 2));
  DriverTask settings = task("study", 8, 2);
  settings.workers.in_process = []() -> study::Evaluator { throw EnvironmentError("must not be called"); };
  const Summary summary = search(settings);
  EXPECT_EQ(summary.complete + summary.infeasible, 8);
}

TEST_F(DriverTest, EndsWhenTheSolverHasNoPointLeft) {
  const Summary summary = search(task("study", 30, 2), {}, {.points = 9});
  EXPECT_TRUE(summary.exhausted);
  EXPECT_EQ(rows().size(), 9u);
  EXPECT_EQ(summary.unfinished, 0);
}

TEST_F(DriverTest, FailedRowsCountAndTheSearchGoesOn) {
  DriverTask settings = task("study", 12, 2);
  toy::Behaviour bad = behaviour();
  bad.throws_on = 3;
  bad.is_no_number_on = 8;
  settings.workers.in_process = [bad] { return study::Evaluator(toy::ToyEvaluator(bad)); };
  const Summary summary = search(settings);
  EXPECT_EQ(summary.failed, 2);
  EXPECT_EQ(summary.complete + summary.infeasible, 10);
}

TEST_F(DriverTest, ATrialOnWhichThreeWorkersDieFailsWithItsReason) {
  toy::Behaviour bad = behaviour();
  bad.crashes_on = 4;
  std::vector<std::string> notes;
  const Summary summary = search(process_task("study", 9, 2, bad),
                                 {.note = [&](const std::string& line) { notes.push_back(line); }});
  EXPECT_EQ(summary.deaths, 3);
  EXPECT_EQ(notes.size(), 3u);
  EXPECT_EQ(summary.failed, 1);
  const study::Row row = rows().at(3);
  EXPECT_EQ(row.state(), State::failed);
  EXPECT_EQ(row.execution.code, study::kWorkerDied);
  EXPECT_EQ(row.execution.deaths, 3);
  EXPECT_EQ(rows().size(), 9u);
}

TEST_F(DriverTest, ATrialOnWhichOneWorkerDiesIsEvaluatedAgainUnderItsNumber) {
  toy::Behaviour bad = behaviour();
  bad.crashes_once_on = 4;
  EXPECT_EQ(search(process_task("study", 15, 2, bad)).deaths, 1);
  EXPECT_EQ(rows().at(3).execution.attempts, 2);
  EXPECT_EQ(digest("study"), undisturbed_digest(15, 2));
}

/// Tells the worker to end at each look at a running row, five times.
Observer telling_workers_to_end(const std::filesystem::path& folder, int& told) {
  return {.progress = [folder, &told](const Progress& progress) {
    if (progress.running == 0 || told > 4) return;
    for (const study::Row& row : study::open_study(folder).rows())
      if (row.state() == State::running) ::kill(toy::worker_of(row), SIGTERM);
    ++told;
  }};
}

TEST_F(DriverTest, AWorkerThatIsToldToEndFinishesItsRowAndIsReplaced) {
  toy::Behaviour slow = behaviour();
  slow.milliseconds = 40;
  int told = 0;
  const Summary summary = search(process_task("study", 8, 1, slow), telling_workers_to_end(folder(), told));
  EXPECT_GT(told, 3);
  EXPECT_EQ(summary.deaths, 0);
  std::set<std::string> workers;
  for (const study::Row& row : rows()) {
    EXPECT_EQ(row.execution.attempts, 1);
    workers.insert(row.execution.owner);
  }
  EXPECT_GT(workers.size(), 3u);
  EXPECT_EQ(digest("study"), undisturbed_digest(8, 1));
}

TEST_F(DriverTest, AWorkerThatDiesOfBeingToldToEndIsReplacedAndCountsForNothing) {
  toy::Behaviour slow = behaviour();
  slow.milliseconds = 40;
  int told = 0;
  DriverTask settings = process_task("study", 8, 1, slow);
  settings.workers.command[1] = "mortal-worker";
  const Summary summary = search(settings, telling_workers_to_end(folder(), told));
  EXPECT_GT(told, 3);
  EXPECT_EQ(summary.deaths, 0);
  EXPECT_EQ(summary.failed, 0);
  EXPECT_EQ(summary.complete + summary.infeasible, 8);
}

/// What the search throws, and what it says.
template <typename Error, typename Call>
std::string thrown(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing of that type";
}

TEST_F(DriverTest, WorkersThatCannotWorkEndTheSearch) {
  DriverTask settings = process_task("study", 5, 2, behaviour());
  settings.workers.command = {"/no/such/program"};
  EXPECT_THAT(thrown<EnvironmentError>([&] { search(settings); }), HasSubstr("exit code 127"));
  settings.workers.command = {"true"};
  EXPECT_THAT(thrown<EnvironmentError>([&] { search(settings); }), HasSubstr("exit code 0"));
}

TEST_F(DriverTest, AWorkersLastWordsSayWhatIsAtFault) {
  toy::Behaviour bad = behaviour();
  bad.machine_fails_on = 2;
  DriverTask settings = process_task("study", 5, 2, bad);
  settings.workers.logs = folder_.path() / "logs";
  EXPECT_THAT(thrown<EnvironmentError>([&] { search(settings); }), HasSubstr("the disk is full"));
  bad.input_fails_on = 2;
  bad.machine_fails_on = 0;
  settings.workers.command = process_task("study", 5, 2, bad).workers.command;
  EXPECT_THAT(thrown<InputError>([&] { search(settings); }), HasSubstr("data: are gone"));
  search(task("study", 5, 2));
  EXPECT_EQ(rows().at(1).state(), State::complete) << "nothing was lost";
}

TEST_F(DriverTest, TheFirstStopFinishesTheRunningRowsAndQueuesNoMore) {
  std::atomic<int> stop{0};
  toy::Behaviour slow = behaviour();
  slow.milliseconds = 30;
  DriverTask settings = process_task("study", 25, 2, slow);
  settings.stop = &stop;
  const Summary summary = search(settings, {.trial_ended = [&](const study::Row& row) {
                                   if (row.number >= 3) stop = 1;
                                 }});
  EXPECT_TRUE(summary.interrupted);
  EXPECT_LT(summary.complete + summary.infeasible, 8);
  for (const study::Row& row : rows()) {
    EXPECT_TRUE(study::ended(row.state()) || row.state() == State::queued);
    EXPECT_LE(row.execution.attempts, 1);
  }
  search(task("study", 25, 2));
  EXPECT_EQ(digest("study"), undisturbed_digest(25, 2));
}

TEST_F(DriverTest, TheSecondStopGivesTheRowsBackAtOnce) {
  std::atomic<int> stop{0};
  toy::Behaviour endless = behaviour();
  endless.milliseconds = 600'000;
  for (const bool processes : {true, false}) {
    stop = 0;
    const std::string name = processes ? "processes" : "threads";
    DriverTask settings = toy::task(folder(name), 9, 2, endless, processes ? PARSIMONY_TOY_PROGRAM : "");
    settings.stop = &stop;
    const Summary summary = search(settings, {.progress = [&](const Progress& progress) {
                                     if (progress.running == 2) stop = 2;
                                   }});
    EXPECT_TRUE(summary.interrupted);
    EXPECT_EQ(summary.deaths, 0);
    for (const study::Row& row : rows(name)) {
      EXPECT_EQ(row.state(), State::queued);
      EXPECT_EQ(row.execution.deaths, 0);
    }
  }
}

TEST_F(DriverTest, StartsNoTrialWhenTheHoursAreOver) {
  DriverTask settings = task("study", 9, 2);
  settings.hours = 0;
  const Summary summary = search(settings);
  EXPECT_TRUE(summary.out_of_time);
  EXPECT_FALSE(summary.interrupted);
  EXPECT_EQ(summary.complete, 0);
}

TEST_F(DriverTest, FinalJobsAreDoneOnceForTheChosenTrials) {
  DriverTask settings = process_task("study", 6, 2, behaviour());
  settings.finals = [](const study::Store& store) {
    std::vector<int> complete;
    for (const study::Row& row : store.rows())
      if (row.state() == State::complete && row.number <= 4) complete.push_back(row.number);
    return complete;
  };
  const Summary summary = search(settings);
  ASSERT_GE(summary.finals_complete, 1);
  study::Store store = study::open_study(folder());
  const auto finals = store.executions(study::kFinal);
  EXPECT_EQ(static_cast<int>(finals.size()), summary.finals_complete);
  EXPECT_EQ(store.artefact(finals.at(0).trial, study::kFinal, "result"),
            "final " + std::to_string(finals.at(0).trial));
  EXPECT_EQ(finals.at(0).metrics, R"({"purpose": "final"})");
  search(settings);
  for (const study::Execution& execution : store.executions(study::kFinal)) EXPECT_EQ(execution.attempts, 1);
}

TEST_F(DriverTest, FinalJobsOfOneTrialLeaveTheQueueOfAStoppedSearchAlone) {
  search(task("study", 3, 1));
  study::Store store = toy::make_study(folder());
  store.insert({4, {0.5, std::int64_t{2}, std::string("a")}, "", {}, 1});
  int chosen = 0;
  for (const study::Row& row : store.rows())
    if (row.state() == State::complete) chosen = row.number;
  ASSERT_GT(chosen, 0);
  const Summary summary = run_jobs(store, {{chosen, study::kFinal}}, study::kFinal, task("study", 3, 2), {});
  EXPECT_EQ(summary.finals_complete, 1);
  EXPECT_EQ(store.rows().at(3).state(), State::queued);
}

TEST_F(DriverTest, SeveralJobsOfOneTrialAreEachDoneOnce) {
  search(task("study", 2, 1));
  study::Store store = toy::make_study(folder());
  int chosen = 0;
  for (const study::Row& row : store.rows())
    if (row.state() == State::complete) chosen = row.number;
  ASSERT_GT(chosen, 0);
  std::vector<WantedJob> jobs;
  for (const char* purpose : {"repeat/1", "repeat/2", "repeat/10"}) jobs.push_back({chosen, purpose});
  const Summary summary = run_jobs(store, jobs, "repeat/*", task("study", 2, 3), {});
  EXPECT_EQ(summary.finals_complete, 3);
  for (const WantedJob& job : jobs) {
    const auto executions = store.executions(job.purpose);
    ASSERT_EQ(executions.size(), 1u);
    EXPECT_EQ(executions[0].metrics, "{\"purpose\": \"" + job.purpose + "\"}");
  }
  run_jobs(store, jobs, "repeat/*", task("study", 2, 1), {});
  EXPECT_EQ(store.executions("repeat/1")[0].attempts, 1);
}

TEST_F(DriverTest, TellsEachEndedTrialOnceAndTheBestOfEachObjective) {
  std::vector<int> told;
  Progress last;
  search(task("study", 12, 2), {.progress = [&](const Progress& progress) { last = progress; },
                                .trial_ended = [&](const study::Row& row) { told.push_back(row.number); }});
  std::sort(told.begin(), told.end());
  EXPECT_EQ(told.size(), 12u);
  EXPECT_EQ(std::unique(told.begin(), told.end()), told.end());
  EXPECT_EQ(last.ended, 12);
  EXPECT_EQ(last.total, 12);
  double best = INFINITY;
  for (const study::Row& row : rows())
    if (row.state() == State::complete) best = std::min(best, row.objectives[0]);
  EXPECT_EQ(last.best.at(0), best);
}

TEST_F(DriverTest, ASecondDriverInTheSameFolderIsRefused) {
  study::Store store = toy::make_study(folder());
  const study::FolderLock lock(folder());
  EXPECT_THAT(thrown<InputError>([&] {
                run(store, toy::problem(), solver::Solver(toy::ToySolver{}), task("study", 3, 1), {});
              }),
              HasSubstr("is in use by process"));
}

TEST_F(DriverTest, AccountsForAllOfTheWorkersTime) {
  toy::Behaviour slow = behaviour();
  slow.milliseconds = 20;
  const Summary summary = search(process_task("study", 15, 2, slow), {}, {.milliseconds = 10});
  const TimeAccount& time = summary.time;
  EXPECT_NEAR(time.evaluating + time.suggesting + time.overhead + time.waiting, 2 * time.wall, 1e-6);
  EXPECT_GE(time.evaluating, 15 * 0.02);
  EXPECT_GE(time.asking, 10 * 0.01);
  EXPECT_GT(time.suggesting, 0);
}

}  // namespace
}  // namespace parsimony::driver
