#include "parsimony/solver/ars_directions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "parsimony/base/random.hpp"

namespace parsimony::solver {
namespace {

TEST(DirectionTable, NeverRepeatsADirectionInAStep) {
  ThreadPool pool(1);
  const DirectionTable table(1, 100, pool);
  for (const int count : {1, 2, 300, 3000, 1000000}) {
    const std::vector<std::uint32_t> starts = table.starts(12345, count);
    EXPECT_EQ(starts.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(std::set(starts.begin(), starts.end()).size(), starts.size());
    EXPECT_LT(*std::max_element(starts.begin(), starts.end()), DirectionTable::kPlaces);
  }
}

TEST(DirectionTable, HasOtherDirectionsInOtherStepsAndTheSameForAnyPool) {
  ThreadPool one(1), three(3);
  const DirectionTable a(7, 1000, one), b(7, 1000, three), other(8, 1000, one);
  EXPECT_EQ(a.starts(5, 300), b.starts(5, 300));
  EXPECT_NE(a.starts(5, 300), a.starts(6, 300));
  const std::uint32_t last = DirectionTable::kPlaces - 1;
  for (const std::uint32_t start : {0u, 123456u, last}) {
    EXPECT_TRUE(std::ranges::equal(a.slice(start), b.slice(start)));
    EXPECT_FALSE(std::ranges::equal(a.slice(start), other.slice(start)));
    EXPECT_EQ(a.slice(start).size(), 1000u);
  }
}

TEST(DirectionTable, StartsAreSpreadEvenlyOverSteps) {
  ThreadPool pool(1);
  const DirectionTable table(1, 10, pool);
  RandomStream stream(1, 0, "test");
  std::vector<int> counts(16, 0);
  for (int step = 0; step < 400; ++step)
    for (const std::uint32_t start : table.starts(stream.bits(), 10))
      ++counts[start / (DirectionTable::kPlaces / 16)];
  for (const int count : counts) EXPECT_NEAR(count, 250, 80);
}

TEST(DirectionTable, OverlappingDirectionsAreUncorrelated) {
  ThreadPool pool(1);
  const std::size_t length = 3072;
  const DirectionTable table(1, length, pool);
  const std::vector<std::uint32_t> starts = table.starts(99, 3000);
  double square = 0.0;
  for (std::size_t k = 0; k + 1 < 3000; ++k) {  // neighbours share some 90 % of their numbers
    const auto a = table.slice(starts[k]), b = table.slice(starts[k + 1]);
    double product = 0.0;
    for (std::size_t i = 0; i < length; ++i) product += a[i] * b[i];
    square += product * product / static_cast<double>(length) / 2999.0;
  }
  EXPECT_NEAR(square, 1.0, 0.25);  // as of independent ones: the variance of a product's mean is 1/length
}

}  // namespace
}  // namespace parsimony::solver
