#include "parsimony/driver/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/driver/time_account.hpp"

namespace parsimony::driver {
namespace {

using testing::ElementsAre;

TEST(OrderedSchedule, SeesExactlyTheTrialsUpToKMinusWAndCountsTheRestAsPending) {
  RandomStream random(1, 0, "schedule");
  for (int repetition = 0; repetition < 2000; ++repetition) {
    const int size = static_cast<int>(random.below(12)), workers = 1 + static_cast<int>(random.below(4));
    std::vector<bool> ended;
    for (int i = 0; i < size; ++i) ended.push_back(random.uniform() < 0.8);
    const int k = size + 1;
    bool may = true;
    for (int number = 1; number <= k - workers; ++number)
      may = may && ended[static_cast<std::size_t>(number) - 1];
    const auto view = next_view(Schedule::ordered, workers, ended);
    ASSERT_EQ(view.has_value(), may);
    if (!view) continue;
    for (int number = 1; number < k; ++number) {
      const std::vector<int>& where = number <= k - workers ? view->seen : view->pending;
      EXPECT_THAT(where, testing::Contains(number));
    }
    EXPECT_EQ(static_cast<int>(view->seen.size() + view->pending.size()), size);
  }
}

TEST(EagerSchedule, SeesAllThatEndedAndNeverWaitsForOrder) {
  const auto view = next_view(Schedule::eager, 2, {false, true, true});
  ASSERT_TRUE(view);
  EXPECT_THAT(view->seen, ElementsAre(2, 3));
  EXPECT_THAT(view->pending, ElementsAre(1));
  EXPECT_FALSE(next_view(Schedule::eager, 2, {false, true, false}));
}

TEST(Schedule, IsReadByItsName) {
  EXPECT_EQ(parse_schedule("study.yaml: schedule", "eager"), Schedule::eager);
  EXPECT_EQ(parse_schedule("study.yaml: schedule", "ordered"), Schedule::ordered);
  try {
    parse_schedule("study.yaml: schedule", "lazy");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "study.yaml: schedule: is lazy; allowed: ordered, eager");
  }
}

// ---- where the workers' time went

TEST(TimeAccount, ChargesAnIdleWorkerToWhatItWaitedFor) {
  // One worker: 1 s late to be asked, 2 s in the solver, 0.5 s to start, 4 s evaluating, then 2.5 s with
  // nothing left.
  const std::vector<TrialTimes> trials{
      {.possible = 100, .asked = 101, .answered = 103, .started = 103.5, .finished = 107.5}};
  const TimeAccount account = account_for(trials, 1, 100, 110);
  EXPECT_DOUBLE_EQ(account.overhead, 1.5);
  EXPECT_DOUBLE_EQ(account.suggesting, 2);
  EXPECT_DOUBLE_EQ(account.evaluating, 4);
  EXPECT_DOUBLE_EQ(account.waiting, 2.5);
  EXPECT_DOUBLE_EQ(account.overhead_share(), 1.5 / 5.5);
}

TEST(TimeAccount, ChargesNothingToAQueueBeforeBusyWorkers) {
  const std::vector<TrialTimes> trials{{100, 100, 100, 100, 110}, {100, 100, 100, 110, 120}};
  const TimeAccount account = account_for(trials, 1, 100, 120);
  EXPECT_DOUBLE_EQ(account.evaluating, 20);
  EXPECT_DOUBLE_EQ(account.overhead, 0);
}

TEST(TimeAccount, LeavesOutWhatLiesBeforeTheRun) {
  const std::vector<TrialTimes> trials{{100, 100, 100, 40, 60}, {100, 100, 100, 0, 0}};
  const TimeAccount account = account_for(trials, 1, 100, 110);
  EXPECT_DOUBLE_EQ(account.evaluating, 0);
  EXPECT_DOUBLE_EQ(account.overhead, 10) << "the second was there to be started";
}

TEST(TimeAccount, AddsUpToWorkersTimesWall) {
  RandomStream random(2, 0, "times");
  for (int repetition = 0; repetition < 200; ++repetition) {
    const int workers = 1 + static_cast<int>(random.below(4));
    std::vector<TrialTimes> trials;
    for (int i = 0; i < 20; ++i) {
      const double possible = random.uniform(90, 130);
      const double asked = possible + random.uniform(0, 2), answered = asked + random.uniform(0, 2);
      const double started = answered + random.uniform(0, 2);
      trials.push_back({possible, asked, answered, started, started + random.uniform(0, 5)});
    }
    const TimeAccount account = account_for(trials, workers, 100, 125);
    EXPECT_NEAR(account.evaluating + account.suggesting + account.overhead + account.waiting, workers * 25.0,
                1e-9);
  }
}

}  // namespace
}  // namespace parsimony::driver
