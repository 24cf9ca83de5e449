#include "parsimony/driver/worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "parsimony/driver/reporter.hpp"
#include "temporary_folder.hpp"
#include "toy.hpp"

namespace parsimony::driver {
namespace {

using study::State;

class WorkerTest : public testing::Test {
 protected:
  WorkerTest() {
    for (int number = 1; number <= 3; ++number)
      store_.insert({number, {0.25 * number, std::int64_t{2}, std::string("a")}, "", {}, 1});
    store_.serve(study::kTrial);
  }
  /// Stops when every row has ended.
  WorkerOptions options() {
    WorkerOptions options;
    options.name = "w";
    options.stop = [this] {
      for (const study::Row& row : store_.rows())
        if (!study::ended(row.state())) return false;
      return true;
    };
    return options;
  }
  int work_with(const toy::Behaviour& behaviour) {
    study::Evaluator evaluator{toy::ToyEvaluator(behaviour)};
    study::Store store = store_.another();
    return work(store, evaluator, options());
  }

  test::TemporaryFolder folder_;
  study::Store store_ = toy::make_study(folder_.path() / "study");
};

TEST_F(WorkerTest, EvaluatesEveryRowOnce) {
  EXPECT_EQ(work_with({}), 3);
  for (const study::Row& row : store_.rows()) {
    EXPECT_EQ(row.state(), State::complete);
    EXPECT_EQ(row.execution.attempts, 1);
  }
}

TEST_F(WorkerTest, AThrowingCandidateIsAFailedRowWithItsReason) {
  work_with({.throws_on = 2});
  const study::Row row = store_.rows().at(1);
  EXPECT_EQ(row.state(), State::failed);
  EXPECT_EQ(row.execution.code, study::kException);
  EXPECT_EQ(row.execution.reason, "a broken candidate");
  EXPECT_EQ(store_.rows().at(2).state(), State::complete);
}

TEST_F(WorkerTest, AnObjectiveThatIsNoNumberFailsTheRow) {
  work_with({.is_no_number_on = 1});
  EXPECT_EQ(store_.rows().at(0).state(), State::failed);
  EXPECT_EQ(store_.rows().at(0).execution.code, study::kInvalid);
}

TEST_F(WorkerTest, ABrokenMachineEndsTheWorkerAndGivesTheRowBack) {
  EXPECT_THROW(work_with({.machine_fails_on = 2}), EnvironmentError);
  EXPECT_EQ(store_.rows().at(1).state(), State::queued);
  EXPECT_THROW(work_with({.input_fails_on = 2}), InputError);
  EXPECT_EQ(store_.rows().at(1).state(), State::queued);
}

TEST_F(WorkerTest, KeepsItsLeaseAliveDuringALongEvaluation) {
  study::Evaluator evaluator{toy::ToyEvaluator({.milliseconds = 400})};
  study::Store store = store_.another();
  WorkerOptions settings = options();
  std::atomic<bool> stop{false};
  settings.stop = [&] { return stop.load(); };
  settings.lease = 0.2;
  settings.heartbeat = 0.03;
  std::thread worker([&] { work(store, evaluator, settings); });
  int expired = 0;
  for (int i = 0; i < 40; ++i, ::usleep(10'000)) expired += store_.expire();
  stop = true;
  worker.join();
  EXPECT_EQ(expired, 0);
  EXPECT_EQ(store_.rows().at(0).execution.attempts, 1);
}

/// Says how often it was told to go on.
struct PatientEvaluator {
  std::atomic<bool>* told;
  study::Outcome evaluate(const study::Job&, const study::KeepGoing& keep_going) {
    for (int i = 0; i < 200 && keep_going(); ++i) ::usleep(10'000);
    *told = !keep_going();
    return {.objectives = {9, 9}, .constraints = {-1}};
  }
};

TEST_F(WorkerTest, TellsTheEvaluatorWhenItsOutcomeIsNoLongerWantedAndDropsIt) {
  std::atomic<bool> told{false}, stop{false};
  study::Evaluator evaluator{PatientEvaluator{&told}};
  study::Store store = store_.another();
  WorkerOptions settings = options();
  settings.heartbeat = 0.02;
  settings.stop = [&] { return stop.load(); };
  std::thread worker([&] { work(store, evaluator, settings); });
  while (store_.rows().at(0).state() != State::running) ::usleep(1000);
  stop = true;
  store_.finish("other", 1, study::kTrial, {.objectives = {1, 1}, .constraints = {-1}}, 0);
  worker.join();
  EXPECT_TRUE(told);
  EXPECT_EQ(store_.rows().at(0).objectives.at(0), 1);
}

/// Tells where it is, and waits until the store knows it.
struct TalkingEvaluator {
  study::Store* store;
  std::vector<std::string>* seen;
  study::Outcome evaluate(const study::Job& job, const study::KeepGoing& keep_going) {
    keep_going.tell("epoch 3 of 7");
    for (int i = 0; i < 500 && static_cast<int>(seen->size()) < job.trial; ++i, ::usleep(10'000))
      add_stage(store->rows().at(static_cast<std::size_t>(job.trial) - 1).execution, *seen);
    return {.objectives = {1, 9}, .constraints = {-1}};
  }
};

TEST_F(WorkerTest, TellsTheStoreWhereAJobIsWhileItRuns) {
  study::Store store = store_.another();
  std::vector<std::string> seen;
  study::Evaluator evaluator{TalkingEvaluator{&store_, &seen}};
  WorkerOptions settings = options();
  settings.heartbeat = 0.02;
  work(store, evaluator, settings);
  EXPECT_THAT(
      seen, testing::ElementsAre("trial 1: epoch 3 of 7", "trial 2: epoch 3 of 7", "trial 3: epoch 3 of 7"));
  for (const study::Row& row : store_.rows()) add_stage(row.execution, seen);
  EXPECT_EQ(seen.size(), 3U) << "they have ended";
}

}  // namespace
}  // namespace parsimony::driver
