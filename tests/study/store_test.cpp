#include "parsimony/study/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>

#include "parsimony/base/files.hpp"
#include "parsimony/study/folder.hpp"
#include "temporary_folder.hpp"

namespace parsimony::study {
namespace {

using testing::ElementsAre;

/// A study with a clock that the test moves.
class StoreTest : public testing::Test {
 protected:
  static Description description() {
    Description description;
    description.configuration = R"({"seed": 1, "trials": 10})";
    description.parameters = {"rate", "width", "kind"};
    description.objectives = {"error", "rom"};
    description.constraints = {"heat"};
    return description;
  }
  Clock clock() const {
    return [now = now_] { return *now; };
  }
  Store make() const { return make_or_resume_study(folder_.path(), description(), {"trials"}, clock()); }
  static NewTrial trial(int number, double rate = 0.1) {
    return {number, {rate, std::int64_t{7}, std::string("tanh")}, R"({"n":1})", {1, 2, 3, 9}, 2};
  }
  /// Rows 1 … n, queued and served.
  Store make_with_rows(int n) const {
    Store store = make();
    for (int number = 1; number <= n; ++number) store.insert(trial(number));
    store.serve(kTrial);
    return store;
  }
  static Outcome good(double error = 0.25) {
    Outcome outcome;
    outcome.objectives = {error, 0.5};
    outcome.constraints = {-1.0};
    return outcome;
  }
  static State state(const Store& store, int number) { return store.rows().at(number - 1).state(); }

  test::TemporaryFolder folder_;
  std::shared_ptr<double> now_ = std::make_shared<double>(1000.0);
};

std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

TEST_F(StoreTest, ReturnsEveryDoubleWithItsOwnBits) {
  Store store = make();
  const std::vector<double> values{
      0.1, -0.0, 0.0, 1.0, -3.0, 5e-324, 1.7976931348623157e308, 1e300, 1.0 / 3.0, 9007199254740993.0};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    store.insert(trial(number, values[i]));
    store.finish("w", number, kTrial, good(values[i]), 1.0);
  }
  const std::vector<Row> rows = store.another().rows();
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(bits(std::get<double>(rows[i].configuration[0])), bits(values[i])) << values[i];
    EXPECT_EQ(bits(rows[i].objectives[0]), bits(values[i])) << values[i];
  }
}

TEST_F(StoreTest, KeepsWhatAProposalBrought) {
  Store store = make();
  store.insert(trial(1));
  const Row row = store.another().rows().at(0);
  EXPECT_EQ(row.configuration, trial(1).configuration);
  EXPECT_EQ(row.record, R"({"n":1})");
  EXPECT_THAT(row.seen, ElementsAre(1, 2, 3, 9));
  EXPECT_EQ(row.workers, 2);
  EXPECT_EQ(row.state(), State::queued);
  EXPECT_TRUE(std::isnan(row.objectives.at(0)) && std::isnan(row.constraints.at(0)));
}

TEST_F(StoreTest, KeepsWhatAnOutcomeBrought) {
  Store store = make_with_rows(1);
  ASSERT_TRUE(store.claim("w", 60));
  Outcome outcome = good();
  outcome.stage = "train";
  outcome.code = "diverged";
  outcome.reason = "the loss was not a number";
  outcome.metrics = R"({"a":[1]})";
  outcome.artefacts = {{"model.graph", std::string("a\0b", 3)}, {"empty", ""}};
  *now_ = 1010;
  ASSERT_TRUE(store.finish("w", 1, kTrial, outcome, 9.5));
  const Row row = store.another().rows().at(0);
  EXPECT_EQ(row.state(), State::complete);
  EXPECT_THAT(row.objectives, ElementsAre(0.25, 0.5));
  EXPECT_THAT(row.constraints, ElementsAre(-1.0));
  EXPECT_EQ(row.execution.stage + row.execution.code + row.execution.reason + row.execution.metrics,
            outcome.stage + outcome.code + outcome.reason + outcome.metrics);
  EXPECT_EQ(row.execution.started, 1000);
  EXPECT_EQ(row.execution.finished, 1010);
  EXPECT_EQ(row.execution.seconds, 9.5);
  EXPECT_EQ(store.artefact(1, kTrial, "model.graph"), std::string("a\0b", 3));
  EXPECT_EQ(store.artefact(1, kTrial, "other"), std::nullopt);
  EXPECT_THAT(store.artefact_names(1, kTrial), ElementsAre("empty", "model.graph"));
}

TEST_F(StoreTest, HandsOutTheLowestNumberFirst) {
  Store store = make_with_rows(3);
  EXPECT_EQ(store.claim("a", 60)->job.trial, 1);
  EXPECT_EQ(store.claim("b", 60)->job.trial, 2);
  store.give_back("a");
  EXPECT_EQ(store.claim("b", 60)->job.trial, 1);
  EXPECT_EQ(store.claim("b", 60)->job.trial, 3);
  EXPECT_FALSE(store.claim("b", 60));
}

TEST_F(StoreTest, HandsOutNothingWhileClosed) {
  Store store = make_with_rows(1);
  store.serve("");
  EXPECT_FALSE(store.claim("w", 60));
  store.serve(kFinal);
  EXPECT_FALSE(store.claim("w", 60));
  store.serve(kTrial);
  EXPECT_TRUE(store.claim("w", 60));
}

TEST_F(StoreTest, LeaseThatIsOverMakesTheRowStaleThenQueuedUnderItsNumber) {
  Store store = make_with_rows(1);
  store.claim("w", 60);
  *now_ = 1059;
  EXPECT_EQ(store.expire(), 0);
  *now_ = 1061;
  EXPECT_EQ(store.expire(), 1);
  EXPECT_EQ(state(store, 1), State::stale);
  EXPECT_EQ(store.requeue(), 1);
  EXPECT_EQ(store.claim("v", 60)->job.trial, 1);
  EXPECT_EQ(store.rows()[0].execution.deaths, 0);
  EXPECT_EQ(store.rows()[0].execution.attempts, 2);
}

TEST_F(StoreTest, HeartbeatExtendsTheLease) {
  Store store = make_with_rows(1);
  store.claim("w", 60);
  *now_ = 1050;
  EXPECT_TRUE(store.heartbeat("w", 1, kTrial, 60));
  *now_ = 1100;
  EXPECT_EQ(store.expire(), 0);
}

TEST_F(StoreTest, HeartbeatKeepsWhereAJobIsUntilItIsAnotherAttemptOrEnds) {
  Store store = make_with_rows(1);
  const auto stage = [&] { return store.rows()[0].execution.stage; };
  store.claim("w", 60);
  store.heartbeat("w", 1, kTrial, 60, "epoch 4 of 9");
  EXPECT_EQ(stage(), "epoch 4 of 9");
  const std::int64_t revision = store.rows()[0].execution.revision;
  store.heartbeat("w", 1, kTrial, 60);
  store.heartbeat("w", 1, kTrial, 60, "epoch 4 of 9");
  EXPECT_TRUE(store.rows(revision).empty()) << "nothing new is nothing to read again";
  store.heartbeat("w", 1, kTrial, 60, "epoch 5 of 9");
  ASSERT_EQ(store.rows(revision).size(), 1U);
  EXPECT_FALSE(store.heartbeat("v", 1, kTrial, 60, "epoch 1 of 9"));
  EXPECT_EQ(stage(), "epoch 5 of 9");
  store.give_back("w");
  EXPECT_EQ(stage(), "");
  store.claim("w", 60);
  store.heartbeat("w", 1, kTrial, 60, "epoch 2 of 9");
  store.abandon();
  store.requeue();
  EXPECT_EQ(stage(), "");
  store.claim("w", 60);
  store.heartbeat("w", 1, kTrial, 60, "epoch 2 of 9");
  store.finish("w", 1, kTrial, good(0.125), 1);
  EXPECT_EQ(stage(), "");
  EXPECT_FALSE(store.heartbeat("w", 1, kTrial, 60, "epoch 3 of 9"));
  EXPECT_EQ(stage(), "");
}

TEST_F(StoreTest, HeartbeatTellsAWorkerThatItsJobIsAnothers) {
  Store store = make_with_rows(1);
  store.claim("w", 60);
  *now_ = 1061;
  store.expire();
  EXPECT_TRUE(store.heartbeat("w", 1, kTrial, 60)) << "it woke up before anybody took the job";
  *now_ = 2000;
  store.expire();
  store.requeue();
  store.claim("v", 60);
  EXPECT_FALSE(store.heartbeat("w", 1, kTrial, 60));
  EXPECT_TRUE(store.heartbeat("v", 1, kTrial, 60));
}

TEST_F(StoreTest, TakesALateResultOfAnUnfinishedRow) {
  for (const bool claimed_again : {false, true}) {
    test::TemporaryFolder folder;
    Store store = make_or_resume_study(folder.path(), description(), {}, clock());
    store.insert(trial(1));
    store.serve(kTrial);
    store.claim("slow", 60);
    *now_ += 100;
    store.expire();
    store.requeue();
    if (claimed_again) store.claim("other", 60);
    EXPECT_TRUE(store.finish("slow", 1, kTrial, good(0.125), 1));
    EXPECT_EQ(store.rows()[0].objectives[0], 0.125);
  }
}

TEST_F(StoreTest, DropsALateResultOfAFinishedRow) {
  Store store = make_with_rows(1);
  EXPECT_TRUE(store.finish("fast", 1, kTrial, good(0.125), 1));
  Outcome other = good(0.75);
  other.artefacts = {{"model.graph", "x"}};
  EXPECT_FALSE(store.finish("slow", 1, kTrial, other, 1));
  EXPECT_EQ(store.rows()[0].objectives[0], 0.125);
  EXPECT_THAT(store.artefact_names(1, kTrial), ElementsAre());
}

TEST_F(StoreTest, FailsARowAtTheThirdDeathOnly) {
  Store store = make_with_rows(1);
  for (int death = 1; death <= 3; ++death) {
    ASSERT_TRUE(store.claim("w", 60));
    EXPECT_EQ(store.count_death("w"), 1);
    EXPECT_EQ(state(store, 1), death < 3 ? State::stale : State::failed);
    EXPECT_EQ(store.requeue(), death < 3 ? 1 : 0);
  }
  EXPECT_EQ(store.rows()[0].execution.code, kWorkerDied);
  EXPECT_FALSE(store.finish("w", 1, kTrial, good(), 1)) << "a failed row is finished";
}

TEST_F(StoreTest, CountsNoDeathWithTheDriverOrForALease) {
  Store store = make_with_rows(1);
  for (int i = 0; i < 5; ++i) {
    store.claim("w", 60);
    EXPECT_EQ(store.abandon(), 1);
    store.requeue();
    store.claim("w", 60);
    *now_ += 61;
    EXPECT_EQ(store.expire(), 1);
    store.requeue();
    store.claim("w", 60);
    EXPECT_EQ(store.give_back("w"), 1);
  }
  EXPECT_EQ(store.rows()[0].execution.deaths, 0);
  EXPECT_EQ(state(store, 1), State::queued);
}

TEST_F(StoreTest, DeathOfAWorkerThatHoldsNothingChangesNothing) {
  Store store = make_with_rows(1);
  store.claim("v", 60);
  EXPECT_EQ(store.count_death("w"), 0);
  EXPECT_EQ(state(store, 1), State::running);
}

TEST_F(StoreTest, ReportsOnlyWhatChangedSinceARevision) {
  Store store = make_with_rows(3);
  std::int64_t revision = 0;
  for (const Row& row : store.rows()) revision = std::max(revision, row.execution.revision);
  EXPECT_THAT(store.rows(revision), ElementsAre());
  store.finish("w", 2, kTrial, good(), 1);
  const std::vector<Row> changed = store.rows(revision);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].number, 2);
}

TEST_F(StoreTest, ChangeCountMovesWithTheChangesOfOthers) {
  Store store = make_with_rows(2);
  Store other = store.another();
  const std::int64_t before = store.change_count();
  EXPECT_EQ(store.change_count(), before);
  other.claim("w", 60);
  EXPECT_NE(store.change_count(), before);
}

TEST_F(StoreTest, AFurtherJobIsQueuedOnceAndGetsTheTrialsArtefacts) {
  Store store = make_with_rows(1);
  Outcome outcome = good();
  outcome.artefacts = {{"model.graph", "bytes"}};
  store.finish("w", 1, kTrial, outcome, 1);
  EXPECT_TRUE(store.request(1, kFinal));
  EXPECT_FALSE(store.request(1, kFinal));
  store.serve(kFinal);
  const auto claim = store.claim("w", 60);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->job.purpose, kFinal);
  ASSERT_EQ(claim->job.artefacts.size(), 1u);
  EXPECT_EQ(claim->job.artefacts[0].bytes, "bytes");
  Outcome deployed = settled({.metrics = R"({"test":1})"}, kFinal, 2, 1);
  deployed.artefacts = {{"model.graph", "deployed"}};
  EXPECT_TRUE(store.finish("w", 1, kFinal, deployed, 1));
  EXPECT_EQ(store.executions(kFinal).at(0).metrics, R"({"test":1})");
  EXPECT_EQ(store.artefact(1, kFinal, "model.graph"), "deployed");
  EXPECT_EQ(store.artefact(1, kTrial, "model.graph"), "bytes");
  EXPECT_THAT(store.rows()[0].objectives, ElementsAre(0.25, 0.5));
}

TEST_F(StoreTest, APatternServesEveryPurposeThatItMatchesAndNoOther) {
  Store store = make_with_rows(2);
  store.finish("w", 1, kTrial, good(), 1);
  for (const char* purpose : {kFinal, "repeat/2", "repeat/1"}) store.request(1, purpose);
  store.serve("repeat/*");
  EXPECT_EQ(store.claim("w", 60).value().job.purpose, "repeat/1");
  EXPECT_EQ(store.claim("w", 60).value().job.purpose, "repeat/2");
  EXPECT_FALSE(store.claim("w", 60));  // neither the final job nor the queued row
  EXPECT_EQ(store.rows()[1].state(), State::queued);
}

TEST_F(StoreTest, AFinalJobThatFailedStaysFailedUnlessItsWorkersDied) {
  Store store = make_with_rows(2);
  store.finish("w", 1, kTrial, good(), 1);
  store.finish("w", 2, kTrial, good(), 1);
  store.serve(kFinal);
  store.request(1, kFinal);
  store.finish("w", 1, kFinal, {.state = State::failed, .code = "diverged"}, 1);
  EXPECT_FALSE(store.request(1, kFinal));
  store.request(2, kFinal);
  for (int death = 0; death < 3; ++death) {
    store.claim("w", 60);
    store.count_death("w");
    store.requeue();
  }
  ASSERT_EQ(store.executions(kFinal).at(1).code, kWorkerDied);
  EXPECT_TRUE(store.request(2, kFinal));
  EXPECT_EQ(store.executions(kFinal).at(1).state, State::queued);
}

TEST_F(StoreTest, NotesAreKept) {
  Store store = make();
  EXPECT_EQ(store.note("table"), std::nullopt);
  store.set_note("table", "abc");
  EXPECT_EQ(store.another().note("table"), "abc");
}

/// Claims and finishes until nothing is left.
void work_through(Store& store, const std::string& name) {
  Outcome outcome;
  outcome.objectives = {0.5, 0.5};
  outcome.constraints = {-1.0};
  while (const auto claim = store.claim(name, 60)) store.finish(name, claim->job.trial, kTrial, outcome, 0);
}

// The children are made before the parent opens the study: SQLite's connections do not survive a fork.
TEST_F(StoreTest, ManyProcessesAndThreadsShareItWithoutLosingAnything) {
  const std::filesystem::path go = folder_.path() / "study" / "go";
  std::vector<pid_t> children;
  for (int process = 0; process < 4; ++process) {
    const pid_t child = ::fork();
    if (child == 0) {
      while (!std::filesystem::exists(go)) ::usleep(1000);
      Store store = open_study(folder_.path() / "study");
      work_through(store, "process " + std::to_string(process));
      ::_exit(0);
    }
    children.push_back(child);
  }
  Store store = make_or_resume_study(folder_.path() / "study", description(), {});
  for (int number = 1; number <= 200; ++number) store.insert(trial(number));
  store.serve(kTrial);
  write_file(go, "");
  std::vector<std::thread> threads;
  for (const char* name : {"thread 1", "thread 2"})
    threads.emplace_back([&store, name] { work_through(store, name); });
  for (std::thread& thread : threads) thread.join();
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  for (const Row& row : store.rows()) {
    EXPECT_EQ(row.state(), State::complete);
    EXPECT_EQ(row.execution.attempts, 1);
  }
}

}  // namespace
}  // namespace parsimony::study
