#include "parsimony/data/split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony::data {
namespace {

/// Shapes of training sets on both sides of the hold-out's threshold: cases, classes, groups.
struct Shape {
  std::int32_t cases, classes, groups;
};
constexpr Shape kShapes[] = {{2, 1, 0},    {3, 3, 0},   {12, 3, 0},   {40, 4, 0},   {399, 7, 0},
                             {400, 7, 0},  {997, 5, 0}, {1000, 1, 0}, {30, 3, 2},   {90, 4, 5},
                             {399, 3, 11}, {400, 3, 2}, {437, 15, 9}, {960, 8, 24}, {500, 8, 1}};

/// Calls body(data, splits) for every shape and several seeds.
template <typename Body>
void for_each_case(Body body) {
  for (const Shape& shape : kShapes)
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Dataset data = random_dataset(seed, shape.cases, shape.classes, shape.groups);
      body(data, honest_splits(data, seed));
    }
}

bool grouped(const Dataset& data) {
  return distinct_groups(data).size() > 1;
}

/// [classes] cases among these indices.
std::vector<std::int64_t> counts(const Dataset& data, const std::vector<std::int32_t>& indices) {
  std::vector<std::int64_t> result(data.class_names.size(), 0);
  for (const std::int32_t i : indices)
    ++result[static_cast<std::size_t>(data.labels[static_cast<std::size_t>(i)])];
  return result;
}

TEST(HonestSplits, TrainingAndValidationAreDisjointAndTogetherEverything) {
  for_each_case([](const Dataset& data, const std::vector<Split>& splits) {
    for (const Split& split : splits) {
      EXPECT_FALSE(split.train.empty());
      EXPECT_FALSE(split.validation.empty());
      std::vector<std::int32_t> all = split.train;
      all.insert(all.end(), split.validation.begin(), split.validation.end());
      std::sort(all.begin(), all.end());
      std::vector<std::int32_t> expected(data.labels.size());
      for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<std::int32_t>(i);
      EXPECT_EQ(all, expected);
    }
  });
}

TEST(HonestSplits, GivesOneHoldOutFrom400CasesAndThreeFoldsBelow) {
  EXPECT_EQ(honest_splits(random_dataset(1, 400, 4, 0), 1).size(), 1u);
  EXPECT_EQ(honest_splits(random_dataset(1, 399, 4, 0), 1).size(), 3u);
  EXPECT_EQ(honest_splits(random_dataset(1, 400, 4, 9), 1).size(), 1u);
  EXPECT_EQ(honest_splits(random_dataset(1, 399, 4, 9), 1).size(), 3u);
}

TEST(HonestSplits, FoldsScoreEveryCaseOnce) {
  for_each_case([](const Dataset& data, const std::vector<Split>& splits) {
    if (data.size() >= kHoldOutCases) return;
    std::vector<std::int32_t> scored;
    for (const Split& split : splits)
      scored.insert(scored.end(), split.validation.begin(), split.validation.end());
    std::sort(scored.begin(), scored.end());
    ASSERT_EQ(static_cast<std::int64_t>(scored.size()), data.size());
    for (std::size_t i = 0; i < scored.size(); ++i) EXPECT_EQ(scored[i], static_cast<std::int32_t>(i));
  });
}

TEST(HonestSplits, HoldOutIsAFifthAndStratifiedToWithinACase) {
  for_each_case([](const Dataset& data, const std::vector<Split>& splits) {
    if (data.size() < kHoldOutCases || grouped(data)) return;
    const auto whole = cases_by_class(data);
    const auto held_out = counts(data, splits.front().validation);
    EXPECT_EQ(static_cast<std::int64_t>(splits.front().validation.size()), (data.size() + 2) / 5);
    for (std::size_t label = 0; label < whole.size(); ++label)
      EXPECT_LT(
          std::abs(static_cast<double>(held_out[label]) - 0.2 * static_cast<double>(whole[label].size())),
          1.0);
  });
}

TEST(HonestSplits, FoldsAreStratifiedToWithinACaseAndAsLargeAsEachOther) {
  for_each_case([](const Dataset& data, const std::vector<Split>& splits) {
    if (data.size() >= kHoldOutCases || grouped(data) || splits.size() < 3) return;
    const auto whole = cases_by_class(data);
    for (const Split& split : splits) {
      EXPECT_LE(
          std::abs(static_cast<double>(split.validation.size()) - static_cast<double>(data.size()) / 3.0),
          1.0);
      const auto fold = counts(data, split.validation);
      for (std::size_t label = 0; label < whole.size(); ++label)
        EXPECT_LT(std::abs(static_cast<double>(fold[label]) - static_cast<double>(whole[label].size()) / 3.0),
                  1.0);
    }
  });
}

TEST(HonestSplits, KeepsGroupsWhole) {
  for_each_case([](const Dataset& data, const std::vector<Split>& splits) {
    if (!grouped(data)) return;
    for (const Split& split : splits) {
      std::set<std::int32_t> training, validation;
      for (const std::int32_t i : split.train) training.insert(data.groups[static_cast<std::size_t>(i)]);
      for (const std::int32_t i : split.validation)
        validation.insert(data.groups[static_cast<std::size_t>(i)]);
      for (const std::int32_t group : validation) EXPECT_FALSE(training.contains(group));
    }
  });
}

TEST(HonestSplits, GroupedHoldOutStopsAtTheGroupThatReachesAFifth) {
  for_each_case([](const Dataset& data, const std::vector<Split>& splits) {
    if (!grouped(data) || data.size() < kHoldOutCases || distinct_groups(data).size() < 3) return;
    const auto held_out = static_cast<std::int64_t>(splits.front().validation.size());
    std::int64_t largest = 0;
    for (const std::int32_t group : distinct_groups(data))
      largest = std::max<std::int64_t>(largest, std::count(data.groups.begin(), data.groups.end(), group));
    EXPECT_GE(5 * held_out, data.size());
    EXPECT_LT(5 * (held_out - largest), data.size());
  });
}

TEST(HonestSplits, AClassWithFewerCasesThanFoldsIsAbsentFromSome) {
  Dataset data = random_dataset(3, 30, 2, 0);
  data.class_names.emplace_back("rare");
  data.labels[4] = data.labels[20] = 2;
  int present = 0;
  for (const Split& split : honest_splits(data, 1)) present += counts(data, split.validation)[2] > 0 ? 1 : 0;
  EXPECT_EQ(present, 2);
}

TEST(HonestSplits, DependsOnTheSeedAlone) {
  for (const Shape& shape : {Shape{90, 3, 0}, Shape{600, 3, 0}, Shape{90, 3, 9}, Shape{600, 3, 20}}) {
    const Dataset data = random_dataset(1, shape.cases, shape.classes, shape.groups);
    Dataset shifted = data;
    for (float& value : shifted.values) value += 1.0f;
    EXPECT_EQ(honest_splits(data, 7).front().validation, honest_splits(shifted, 7).front().validation);
    EXPECT_NE(honest_splits(data, 7).front().validation, honest_splits(data, 8).front().validation);
  }
}

TEST(HonestSplits, RefusesASingleCase) {
  EXPECT_THAT([] { honest_splits(random_dataset(1, 1, 1, 0), 1); },
              testing::ThrowsMessage<InputError>("random: has 1 training cases; allowed: 2 or more"));
}

DataSource source_of(std::int32_t train, std::int32_t test) {
  return {random_dataset(1, train, 1, 0), random_dataset(2, test, 1, 0)};
}

TEST(Arrange, PaperTrainsOnTheLargerFileOfUea) {
  const DataSource arranged = arrange(source_of(30, 270), Protocol::kPaper, SplitRule::kAuto);
  EXPECT_EQ(arranged.train.size(), 270);
  EXPECT_EQ(arranged.test.size(), 30);
}

TEST(Arrange, LeavesEverythingElseAsShipped) {
  EXPECT_EQ(arrange(source_of(30, 270), Protocol::kHonest, SplitRule::kAuto).train.size(), 30);
  EXPECT_EQ(arrange(source_of(30, 270), Protocol::kPaper, SplitRule::kStandard).train.size(), 30);
  EXPECT_EQ(arrange(source_of(30, 270), Protocol::kPaper, SplitRule::kAuto, false).train.size(), 30);
  EXPECT_EQ(arrange(source_of(270, 30), Protocol::kPaper, SplitRule::kAuto).train.size(), 270);
  const DataSource equal = source_of(40, 40);
  EXPECT_EQ(arrange(equal, Protocol::kPaper, SplitRule::kAuto).train.values, equal.train.values);
}

TEST(Arrange, RefusesAScoredClassWithoutTrainingCase) {
  DataSource source = source_of(10, 30);
  source.train.class_names = source.test.class_names = {"0", "1"};
  source.train.labels[3] = 1;
  EXPECT_THAT([&] { arrange(source, Protocol::kPaper, SplitRule::kAuto); },
              testing::ThrowsMessage<InputError>(
                  "random, case 3 of the scored part: class \"1\" has no training case; allowed: 0"));
}

}  // namespace
}  // namespace parsimony::data
