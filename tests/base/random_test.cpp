#include "parsimony/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace parsimony {
namespace {

TEST(RandomStream, DependsOnItsKeyAlone) {
  RandomStream one(7, 3, "init"), same(7, 3, "init"), other_trial(7, 4, "init"), other_purpose(7, 3, "batch");
  const auto first = one.bits();
  EXPECT_EQ(first, same.bits());
  EXPECT_NE(first, other_trial.bits());
  EXPECT_NE(first, other_purpose.bits());
}

TEST(RandomStream, NormalHasMeanZeroAndVarianceOne) {
  RandomStream stream(1, 1, "test");
  double sum = 0.0, squares = 0.0;
  constexpr int kCount = 200000;
  for (int i = 0; i < kCount; ++i) {
    const double value = stream.normal();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 0.01);
  EXPECT_NEAR(squares / kCount, 1.0, 0.02);
}

TEST(RandomStream, BelowReachesEveryValueAndNoOther) {
  RandomStream stream(1, 2, "test");
  std::vector<int> seen(7, 0);
  for (int i = 0; i < 7000; ++i) ++seen.at(stream.below(7));
  EXPECT_GT(*std::min_element(seen.begin(), seen.end()), 850);
}

TEST(RandomStream, PermutationHoldsEachNumberOnce) {
  RandomStream stream(5, 2, "test");
  auto order = stream.permutation(1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace parsimony
