#include "parsimony/data/dataset.hpp"

#include <gtest/gtest.h>

#include <array>

namespace parsimony::data {
namespace {

Dataset small() {
  Dataset data;
  data.length = 2;
  data.channels = 2;
  data.class_names = {"a", "b"};
  data.values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  data.labels = {1, 0, 1};
  data.groups = {7, 3, 7};
  return data;
}

TEST(Dataset, SubsetKeepsOrderLabelsAndGroups) {
  const Dataset part = subset(small(), std::array<std::int32_t, 2>{2, 0});
  EXPECT_EQ(part.values, (std::vector<float>{8, 9, 10, 11, 0, 1, 2, 3}));
  EXPECT_EQ(part.labels, (std::vector<std::int32_t>{1, 1}));
  EXPECT_EQ(part.groups, (std::vector<std::int32_t>{7, 7}));
  EXPECT_EQ(part.class_names, small().class_names);
}

TEST(Dataset, NamesChannelsByNumberWhereNoneAreGiven) {
  Dataset data = small();
  EXPECT_EQ(data.channel_name(1), "c1");
  data.channel_names = {"left", "right"};
  EXPECT_EQ(data.channel_name(1), "right");
}

TEST(Dataset, ListsEachClassesCasesAndTheDistinctGroups) {
  EXPECT_EQ(cases_by_class(small()), (std::vector<std::vector<std::int32_t>>{{1}, {0, 2}}));
  EXPECT_EQ(distinct_groups(small()), (std::vector<std::int32_t>{3, 7}));
}

}  // namespace
}  // namespace parsimony::data
