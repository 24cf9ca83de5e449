#include "parsimony/cli/spread.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parsimony::cli {
namespace {

TEST(Spread, IsThatOfASample) {
  const Spread spread = spread_of(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(spread.count, 8);
  EXPECT_DOUBLE_EQ(spread.mean, 5.0);
  EXPECT_DOUBLE_EQ(*spread.deviation * *spread.deviation, 32.0 / 7.0);
  EXPECT_EQ(spread.minimum, 2.0);
  EXPECT_EQ(spread.maximum, 9.0);
}

TEST(Spread, OfOneValueHasNoDeviationAndOfNoneNothing) {
  EXPECT_EQ(spread_of(std::vector<double>{0.25}).mean, 0.25);
  EXPECT_FALSE(spread_of(std::vector<double>{0.25}).deviation.has_value());
  EXPECT_EQ(spread_of({}).count, 0);
}

}  // namespace
}  // namespace parsimony::cli
