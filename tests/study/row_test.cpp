#include "parsimony/study/row.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/study/configuration_difference.hpp"
#include "parsimony/study/digest.hpp"
#include "parsimony/study/evaluator.hpp"
#include "parsimony/study/history.hpp"
#include "parsimony/study/number_ranges.hpp"

namespace parsimony::study {
namespace {

using testing::ElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(State, IsFoundByItsName) {
  for (const State state :
       {State::queued, State::running, State::complete, State::infeasible, State::failed, State::stale})
    EXPECT_EQ(state_of(state_name(state)), state);
}

TEST(Settled, FailsWhatIsNoNumber) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    const Outcome outcome = settled({.objectives = {0.5, bad}}, kTrial, 2, 0);
    EXPECT_EQ(outcome.state, State::failed);
    EXPECT_EQ(outcome.code, kInvalid);
    EXPECT_EQ(outcome.objectives[0], 0.5);
    EXPECT_TRUE(std::isnan(outcome.objectives[1]));
  }
}

TEST(Settled, FailsTheWrongCountOfValues) {
  EXPECT_EQ(settled({.objectives = {0.5}}, kTrial, 2, 0).code, kInvalid);
  EXPECT_EQ(settled({.objectives = {0.5}}, kTrial, 2, 0).objectives.size(), 2u);
  EXPECT_EQ(settled({.objectives = {0.5, 1}, .constraints = {0}}, kTrial, 2, 0).code, kInvalid);
}

TEST(Settled, FailsAnOutcomeThatHasNotEnded) {
  EXPECT_EQ(settled({.state = State::running}, kTrial, 0, 0).state, State::failed);
}

TEST(Settled, IsInfeasibleExactlyWhenAConstraintIsOverZero) {
  const auto state = [](double value) {
    return settled({.objectives = {1}, .constraints = {-1, value}}, kTrial, 1, 2).state;
  };
  EXPECT_EQ(state(0.0), State::complete);
  EXPECT_EQ(state(5e-324), State::infeasible);
  EXPECT_EQ(settled({.state = State::infeasible, .objectives = {1}, .constraints = {-1}}, kTrial, 1, 1).state,
            State::complete);
}

TEST(Settled, KeepsTheReasonBesideACompleteRow) {
  const Outcome outcome = settled({.objectives = {1}, .stage = "train", .code = "diverged"}, kTrial, 1, 0);
  EXPECT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.code, "diverged");
}

TEST(NumberRanges, ReadBackWhatTheyWrote) {
  RandomStream random(1, 0, "ranges");
  for (int repetition = 0; repetition < 100; ++repetition) {
    std::vector<int> numbers;
    for (int number = 1; number < 60; ++number)
      if (random.uniform() < 0.7) numbers.push_back(number);
    EXPECT_EQ(from_ranges(to_ranges(numbers)), numbers);
  }
  EXPECT_EQ(to_ranges({1, 2, 3, 5, 7, 8}), "1-3,5,7-8");
  EXPECT_EQ(to_ranges({}), "");
}

// ---- digest

std::vector<Row> some_rows() {
  std::vector<Row> rows(3);
  for (int i = 0; i < 3; ++i) {
    rows[i].number = i + 1;
    rows[i].configuration = {0.1 * i, std::int64_t{i}, std::string("a")};
    rows[i].objectives = {0.25, kNaN};
    rows[i].execution.state = State::complete;
  }
  return rows;
}

TEST(Digest, DependsOnParametersObjectivesStateAndReasonCode) {
  const std::string before = digest(some_rows());
  std::vector<std::string> digests{before};
  std::vector<Row> rows = some_rows();
  rows[1].configuration[0] = std::nextafter(0.1, 1.0);
  digests.push_back(digest(rows));
  rows = some_rows();
  rows[1].configuration[2] = "b";
  digests.push_back(digest(rows));
  rows = some_rows();
  rows[1].objectives[0] = std::nextafter(0.25, 1.0);
  digests.push_back(digest(rows));
  rows = some_rows();
  rows[1].execution.state = State::failed;
  digests.push_back(digest(rows));
  rows = some_rows();
  rows[1].execution.code = "timeout";
  digests.push_back(digest(rows));
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

TEST(Digest, LeavesOutTimesAttemptsOwnersRecordsAndUnfinishedRows) {
  std::vector<Row> rows = some_rows();
  const std::string before = digest(rows);
  rows[0].execution = {.state = State::complete,
                       .reason = "text",
                       .metrics = "{}",
                       .owner = "w",
                       .expires = 1,
                       .attempts = 3,
                       .deaths = 1,
                       .queued = 4,
                       .started = 5,
                       .finished = 6,
                       .seconds = 7,
                       .revision = 8};
  rows[0].objectives[1] = -kNaN;
  Row queued;
  queued.number = 4;
  queued.configuration = {0.5};
  rows.push_back(queued);
  EXPECT_EQ(digest(rows), before);
}

TEST(Digest, OfNoRowsIsThatOfNothing) {
  EXPECT_EQ(digest({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// ---- history

solver::Problem problem_with_costs() {
  solver::Problem problem;
  problem.space =
      space::Space({space::FloatParameter{"x", 1.0, 3.0, false}, space::IntegerParameter{"n", 0, 3, false}});
  problem.objectives = {{"rom", solver::Source::computed, 1}, {"error", solver::Source::measured, 1}};
  problem.constraints = {{"heat", solver::Source::measured}, {"ram", solver::Source::computed}};
  problem.costs.exact = [](std::span<const double> point) {
    return solver::Costs{{10 * point[0]}, {-point[0]}};
  };
  return problem;
}

TEST(History, OfACompleteRowIsWhatStandsInIt) {
  Row row;
  row.number = 4;
  row.configuration = {2.0, std::int64_t{1}};
  row.record = "{}";
  row.seen = {1, 2};
  row.objectives = {0.25, 0.5};
  row.constraints = {-1, -2};
  row.execution.state = State::infeasible;
  const solver::Trial trial = to_trial(row, problem_with_costs());
  EXPECT_EQ(trial.number, 4);
  EXPECT_THAT(trial.point, ElementsAre(0.5, 0.375));
  EXPECT_EQ(trial.state, State::infeasible);
  EXPECT_EQ(trial.objectives, row.objectives);
  EXPECT_EQ(trial.constraints, row.constraints);
  EXPECT_EQ(trial.record, "{}");
  EXPECT_EQ(trial.seen, row.seen);
}

TEST(History, OfAFailedRowHasExactComputedValuesAndNoMeasuredOnes) {
  Row row;
  row.configuration = {2.0, std::int64_t{1}};
  row.objectives = {kNaN, 0.5};
  row.constraints = {kNaN, kNaN};
  row.execution.state = State::failed;
  const solver::Trial trial = to_trial(row, problem_with_costs());
  EXPECT_EQ(trial.objectives[0], 5.0);
  EXPECT_TRUE(std::isnan(trial.objectives[1]));
  EXPECT_TRUE(std::isnan(trial.constraints[0]));
  EXPECT_EQ(trial.constraints[1], -0.5);
}

// ---- differences of configurations

TEST(ConfigurationDifference, CoversEverythingBelowAPathThatMayDiffer) {
  EXPECT_FALSE(first_difference(R"({"a": {"b": 1, "c": 2}})", R"({"a": {"b": 3}})", {"a"}));
  EXPECT_EQ(first_difference(R"({"a": {"b": 1, "c": 2}})", R"({"a": {"b": 3}})", {"a.b"})->key, "a.c");
}

TEST(ConfigurationDifference, IsTheFirstKeyInTheAlphabet) {
  EXPECT_EQ(first_difference(R"({"z": 1, "b": 1})", R"({"z": 2, "b": 2})", {})->key, "b");
}

TEST(ConfigurationDifference, TakesOneForOnePointNull) {
  EXPECT_FALSE(first_difference(R"({"a": 1})", R"({"a": 1.0})", {}));
}

}  // namespace
}  // namespace parsimony::study
