#include "parsimony/data/motions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/catalogue.hpp"
#include "parsimony/data/split.hpp"

namespace parsimony::data {
namespace {

TEST(Motions, HaveTheShapeThatTheCatalogueSays) {
  const KnownData& known = *find_known_data("motions");
  const DataSource source = make_motions();
  EXPECT_EQ(source.train.size(), known.train_cases);
  EXPECT_EQ(source.test.size(), known.test_cases);
  EXPECT_EQ(source.train.channels, known.channels);
  EXPECT_EQ(source.train.length, known.length);
  EXPECT_EQ(source.train.classes(), known.classes);
  EXPECT_EQ(source.train.class_names, source.test.class_names);
  EXPECT_EQ(static_cast<std::int64_t>(source.train.values.size()),
            source.train.size() * source.train.case_size());
}

TEST(Motions, AreTheSameBytesForTheSameSeed) {
  const DataSource one = make_motions({.seed = 3}), two = make_motions({.seed = 3});
  EXPECT_EQ(one.train.values, two.train.values);
  EXPECT_EQ(one.test.values, two.test.values);
  EXPECT_NE(one.train.values, make_motions({.seed = 4}).train.values);
}

TEST(Motions, MoreWindowsOrSubjectsLeaveTheOthersAsTheyWere) {
  const DataSource few = make_motions({.windows = 2, .train_subjects = 2, .test_subjects = 1});
  const DataSource many = make_motions({.windows = 3, .train_subjects = 3, .test_subjects = 1});
  EXPECT_TRUE(std::ranges::equal(few.train.case_values(1), many.train.case_values(1)));
  EXPECT_TRUE(std::ranges::equal(few.train.case_values(2), many.train.case_values(3)));
  EXPECT_TRUE(std::ranges::equal(few.test.case_values(0), many.train.case_values(2 * 8 * 3))) << "subject 2";
}

TEST(Motions, TrainAndTestShareNoSubjectAndEverySubjectMakesEveryMotion) {
  const DataSource source = make_motions({.windows = 2, .train_subjects = 3, .test_subjects = 2});
  EXPECT_EQ(distinct_groups(source.train), (std::vector<std::int32_t>{0, 1, 2}));
  EXPECT_EQ(distinct_groups(source.test), (std::vector<std::int32_t>{3, 4}));
  for (const auto& members : cases_by_class(source.train)) EXPECT_EQ(members.size(), 6u);
}

TEST(Motions, ReadLikeASixteenBitSensorWithinItsRange) {
  const Dataset train = make_motions().train;
  for (std::size_t i = 0; i < train.values.size(); ++i) {
    const bool turning = i % 6 >= 3;
    const float steps = train.values[i] * (turning ? 1024.0f : 4096.0f);
    ASSERT_EQ(steps, std::nearbyint(steps));
    ASSERT_LE(std::abs(train.values[i]), turning ? 32.0f : 8.0f);
  }
}

TEST(Motions, FeelGravityOnAverage) {
  const DataSource source = make_motions();
  double sum = 0.0;
  std::int64_t count = 0;
  const std::vector<std::int32_t> standing = cases_by_class(source.train).front();
  for (const std::int32_t i : standing) {
    const auto values = source.train.case_values(i);
    for (std::size_t t = 0; t < values.size(); t += 6, ++count)
      sum += std::sqrt(values[t] * values[t] + values[t + 1] * values[t + 1] + values[t + 2] * values[t + 2]);
  }
  EXPECT_NEAR(sum / static_cast<double>(count), 1.0, 0.05);
}

TEST(Motions, HoldOutWholeSubjectsForValidation) {
  const DataSource source = make_motions();
  const std::vector<Split> splits = honest_splits(source.train, 1);
  ASSERT_EQ(splits.size(), 1u);
  EXPECT_EQ(splits.front().validation.size(), 200u) << "5 of 24 subjects, 40 windows each";
}

TEST(Motions, RefuseOptionsOutOfRange) {
  EXPECT_THAT([] { make_motions({.length = 4}); },
              testing::ThrowsMessage<InputError>("motions: length: is 4; allowed: 8 to 4096"));
  EXPECT_THROW(make_motions({.train_subjects = 0}), InputError);
}

TEST(Catalogue, FindsByNameAndNotOtherwise) {
  EXPECT_EQ(find_known_data("NATOPS")->classes, 6);
  EXPECT_EQ(find_known_data("natops?"), nullptr);
}

TEST(Catalogue, SummaryCountsClassesGroupsAndRanges) {
  Dataset data;
  data.length = 2;
  data.channels = 1;
  data.class_names = {"a", "b", "c"};
  data.values = {1, 3, 5, -1, 2, 2};
  data.labels = {0, 2, 0};
  data.groups = {4, 2, 4};
  const Summary summary = summarise(data);
  EXPECT_EQ(summary.cases, 3);
  EXPECT_EQ(summary.cases_per_class, (std::vector<std::int64_t>{2, 0, 1}));
  EXPECT_EQ(summary.groups, (std::vector<std::int32_t>{2, 4}));
  EXPECT_EQ(summary.channels.front().minimum, -1.0f);
  EXPECT_EQ(summary.channels.front().maximum, 5.0f);
  EXPECT_EQ(summary.channels.front().mean, 2.0f);
  EXPECT_NEAR(summary.channels.front().deviation, std::sqrt(20.0 / 6.0), 1e-6);
}

TEST(Catalogue, SummaryOfAConstantChannelHasDeviationZero) {
  Dataset data;
  data.length = data.channels = 1;
  data.class_names = {"a"};
  data.values = {3, 3};
  data.labels = {0, 0};
  EXPECT_EQ(summarise(data).channels.front().deviation, 0.0f);
}

}  // namespace
}  // namespace parsimony::data
