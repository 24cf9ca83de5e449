#include "parsimony/nn/schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace parsimony::nn {
namespace {

using network::Group;
using network::TrainingSettings;

TEST(LearningRate, StaysThenFallsInTenSteps) {
  const TrainingSettings s{.epochs = 100, .learning_rate = 1.0, .lr_schedule = 0.6, .lr_gamma = 0.5};
  EXPECT_EQ(learning_rate(s, 0), 1.0);
  EXPECT_EQ(learning_rate(s, 63), 1.0);
  EXPECT_EQ(learning_rate(s, 64), 0.5);
  EXPECT_EQ(learning_rate(s, 99), std::pow(0.5, 9));
}

TEST(LearningRate, EveryEpochIsTheLiteralReading) {
  const TrainingSettings s{.epochs = 10,
                           .learning_rate = 1.0,
                           .lr_schedule = 0.55,
                           .lr_gamma = 0.5,
                           .schedule = network::Schedule::every_epoch};
  EXPECT_EQ(learning_rate(s, 4), 1.0);
  EXPECT_EQ(learning_rate(s, 5), 0.5);
  EXPECT_EQ(learning_rate(s, 9), std::pow(0.5, 5));
}

TEST(LearningRate, RisesOverTheWarmUp) {
  TrainingSettings s{.epochs = 10, .learning_rate = 1.0, .lr_schedule = 0.0, .lr_gamma = 0.5};
  s.options.warmup = 3;
  EXPECT_EQ(learning_rate(s, 0), 0.25);
  EXPECT_EQ(learning_rate(s, 2), 0.75 * 0.25);
  EXPECT_EQ(learning_rate(s, 3), 0.125);
}

TEST(Removals, FollowTheCubicScheduleAndEndAtKept) {
  const TrainingSettings s{.epochs = 100, .pruning_start = 0.2, .pruning_end = 0.8, .pruning_steps = 3};
  const std::vector<Group> groups{{"a", 100, {{0, 0}}}, {"b", 10, {{1, 0}}}};
  const std::vector<std::int32_t> kept{20, 10};
  // s_f = 0.8: s_1 = 0.8·(1 − 8/27), s_2 = 0.8·(1 − 1/27).
  const std::vector<Removal> expected{{40, {44, 10}}, {60, {23, 10}}, {80, {20, 10}}};
  EXPECT_EQ(removals(s, groups, kept), expected);
}

TEST(Removals, ThatShareAnEpochMerge) {
  const TrainingSettings s{.epochs = 10, .pruning_start = 0.5, .pruning_end = 0.6, .pruning_steps = 20};
  const std::vector<Group> groups{{"a", 64, {{0, 0}}}};
  const std::vector<Removal> all = removals(s, groups, std::vector<std::int32_t>{4});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].epoch, 5);
  EXPECT_EQ(all[1], (Removal{6, {4}}));
}

TEST(Removals, OfNothingAreNone) {
  EXPECT_TRUE(removals({}, std::vector<Group>{{"a", 64, {{0, 0}}}}, std::vector<std::int32_t>{64}).empty());
}

TEST(Removals, NeverGrowAndAlwaysEndAtKept) {
  for (std::int32_t kept = 1; kept <= 37; ++kept)
    for (std::int32_t steps = 1; steps <= 20; ++steps) {
      const TrainingSettings s{
          .epochs = 137, .pruning_start = 0.6, .pruning_end = 0.95, .pruning_steps = steps};
      std::int32_t left = 37;
      for (const Removal& removal :
           removals(s, std::vector<Group>{{"a", 37, {{0, 0}}}}, std::vector<std::int32_t>{kept})) {
        EXPECT_LT(removal.kept[0], left);
        left = removal.kept[0];
      }
      EXPECT_EQ(left, kept);
    }
}

TEST(BatchBounds, AShortLastBatchJoinsTheOneBefore) {
  EXPECT_EQ(batch_bounds(40, 16), (std::vector<std::int64_t>{0, 16, 32, 40}));
  EXPECT_EQ(batch_bounds(39, 16), (std::vector<std::int64_t>{0, 16, 39}));
  EXPECT_EQ(batch_bounds(5, 16), (std::vector<std::int64_t>{0, 5}));
  EXPECT_EQ(largest_batch(batch_bounds(39, 16)), 23);
}

}  // namespace
}  // namespace parsimony::nn
