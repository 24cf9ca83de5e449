#include "parsimony/data/named_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"

namespace parsimony::data {
namespace {

/// `count` one-value cases; the value is the case's number. groups == 0: none named. With class_of_group each
/// group has one class only.
NamedCases random_cases(std::uint64_t seed, std::int32_t count, std::uint64_t classes, std::uint64_t groups,
                        bool class_of_group = false) {
  RandomStream random(seed, 0, "test.named");
  NamedCases cases;
  cases.data.length = cases.data.channels = 1;
  for (std::int32_t i = 0; i < count; ++i) {
    const std::uint64_t group = groups == 0 ? 0 : random.below(groups);
    const std::uint64_t label = class_of_group ? group % classes : random.below(classes);
    cases.data.values.push_back(static_cast<float>(i));
    cases.labels.push_back("class " + std::to_string(label));
    if (groups > 0) cases.groups.push_back("group " + std::to_string(group));
    cases.places.push_back("x.csv:" + std::to_string(i + 1));
  }
  return cases;
}

template <typename Body>
void for_random_sources(Body body) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    for (const std::uint64_t groups : {0u, 9u, 30u}) {
      const NamedCases cases = random_cases(seed, 200, 3, groups, seed % 2 == 0);
      body(assemble("set", cases, std::nullopt, {.seed = seed}), groups);
    }
}

TEST(FolderLabel, IsTheFirstFolderThatIsNoPart) {
  EXPECT_EQ(folder_label_of("cat/1.png", "", ""), "cat");
  EXPECT_EQ(folder_label_of("train/cat/1.png", "", ""), "cat");
  EXPECT_EQ(folder_label_of("train/1.png", "", ""), "train");
  EXPECT_THROW(folder_label_of("1.png", "", ""), InputError);
}

TEST(Assemble, KeepsEveryCaseOnceWithItsLabel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const NamedCases cases = random_cases(seed, 100, 4, 12);
    const DataSource source = assemble("set", cases, std::nullopt, {.seed = seed});
    std::set<float> seen;
    for (const Dataset* part : {&source.train, &source.test})
      for (std::int64_t i = 0; i < part->size(); ++i) {
        const auto number = static_cast<std::size_t>(part->case_values(i).front());
        EXPECT_TRUE(seen.insert(part->case_values(i).front()).second);
        EXPECT_EQ(part->class_names[static_cast<std::size_t>(part->labels[static_cast<std::size_t>(i)])],
                  cases.labels[number]);
      }
    EXPECT_EQ(seen.size(), 100u);
  }
}

TEST(Assemble, HoldsOutNoGroupThatTrains) {
  for_random_sources([](const DataSource& source, std::uint64_t groups) {
    if (groups == 0) return;
    for (const std::int32_t group : distinct_groups(source.test))
      EXPECT_THAT(source.train.groups, testing::Not(testing::Contains(group)));
  });
}

TEST(Assemble, LeavesEveryClassInTraining) {
  for_random_sources([](const DataSource& source, std::uint64_t) {
    for (const auto& members : cases_by_class(source.train)) EXPECT_FALSE(members.empty());
  });
}

TEST(Assemble, HoldsOutAFifthOfWhatHasNoGroups) {
  for_random_sources([](const DataSource& source, std::uint64_t groups) {
    if (groups == 0) {
      EXPECT_EQ(source.test.size(), 40);
    }
  });
}

TEST(Assemble, HoldsOutEachClassWhereEveryGroupHasOneClass) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const DataSource source =
        assemble("set", random_cases(seed, 300, 3, 30, true), std::nullopt, {.seed = seed});
    for (const auto& members : cases_by_class(source.test)) EXPECT_FALSE(members.empty()) << seed;
  }
}

TEST(Assemble, DependsOnTheSeedAlone) {
  const NamedCases cases = random_cases(1, 200, 3, 20);
  const auto test_of = [&](std::uint64_t seed) {
    return assemble("set", cases, std::nullopt, {.seed = seed}).test.values;
  };
  EXPECT_EQ(test_of(3), test_of(3));
  EXPECT_NE(test_of(3), test_of(4));
}

TEST(Assemble, SortsClassesByNumberWhereAllAreNumbers) {
  NamedCases cases = random_cases(1, 30, 1, 0);
  for (std::size_t i = 0; i < 30; ++i) cases.labels[i] = std::to_string(i % 3 * 7);
  EXPECT_EQ(assemble("set", cases, std::nullopt, {}).train.class_names,
            (std::vector<std::string>{"0", "7", "14"}));
}

TEST(Assemble, KeepsSoManyCasesOfEachPart) {
  const DataSource source = assemble("set", random_cases(1, 200, 2, 0), random_cases(2, 100, 2, 0),
                                     {.cases = 20, .test_cases = 11});
  EXPECT_EQ(source.train.size(), 20);
  EXPECT_EQ(source.test.size(), 11);
  for (const auto& members : cases_by_class(source.train))
    EXPECT_NEAR(static_cast<double>(members.size()), 10, 2);
}

TEST(Assemble, RefusesAGroupInBothParts) {
  NamedCases test = random_cases(2, 5, 2, 3);
  test.groups = {"other", "other", "group 1", "other", "other"};
  EXPECT_THAT(
      [&] { assemble("set", random_cases(1, 50, 2, 3), test, {}); },
      testing::ThrowsMessage<InputError>(
          "x.csv:3: group \"group 1\" stands in the training part too; allowed: each group in one part"));
}

TEST(Assemble, RefusesATestClassWithoutTrainingCase) {
  NamedCases test = random_cases(2, 3, 1, 0);
  test.labels[1] = "strange";
  EXPECT_THAT([&] { assemble("set", random_cases(1, 50, 2, 0), test, {}); },
              testing::ThrowsMessage<InputError>(
                  "x.csv:2: class \"strange\" has no training case; allowed: class 0, class 1"));
}

TEST(Assemble, RefusesPartsOfDifferentShape) {
  NamedCases test = random_cases(2, 4, 2, 0);
  test.data.length = 2;
  EXPECT_THAT([&] { assemble("set", random_cases(1, 50, 2, 0), test, {}); },
              testing::ThrowsMessage<InputError>(
                  testing::HasSubstr("x.csv:1: has 1 channels of 1 × 2; allowed: 1 ")));
}

TEST(Assemble, RefusesGroupsOfWhichNoneCanBeHeldOut) {
  EXPECT_THAT(
      [] { assemble("set", random_cases(1, 60, 3, 3, true), std::nullopt, {}); },
      testing::ThrowsMessage<InputError>(testing::StartsWith("set: no cases can be held out for test")));
}

}  // namespace
}  // namespace parsimony::data
