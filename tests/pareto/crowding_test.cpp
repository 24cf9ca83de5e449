#include "parsimony/pareto/crowding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/random.hpp"

namespace parsimony::pareto {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(CrowdingDistances, AreTheGapsBetweenNeighboursOverTheRanges) {
  // In order of objective 0: rows 1, 3, 0, 2.
  const std::vector<double> points{2.0, 1.0, 0.0, 8.0, 4.0, 0.0, 1.0, 6.0};
  EXPECT_EQ(crowding_distances(points, 2),
            (std::vector{3.0 / 4 + 6.0 / 8, kInfinity, kInfinity, 2.0 / 4 + 7.0 / 8}));
}

TEST(CrowdingDistances, OfAConstantObjectiveAreZero) {
  EXPECT_EQ(crowding_distances(std::vector{3.0, 3.0, 3.0}, 1), (std::vector{0.0, 0.0, 0.0}));
  EXPECT_EQ(crowding_distances(std::vector{0.0, 3.0, 1.0, 3.0, 4.0, 3.0}, 2),
            (std::vector{kInfinity, 1.0, kInfinity}));
}

TEST(CrowdingDistances, OfNoneOneAndTwoPoints) {
  EXPECT_TRUE(crowding_distances({}, 2).empty());
  EXPECT_EQ(crowding_distances(std::vector{1.0, 2.0}, 2), (std::vector{0.0}));
  EXPECT_EQ(crowding_distances(std::vector{1.0, 2.0, 2.0, 1.0}, 2), (std::vector{kInfinity, kInfinity}));
}

TEST(CrowdingDistances, AreInfiniteOrBetweenZeroAndTheNumberOfObjectives) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const std::uint64_t levels = 1 + stream.below(6);
    const std::size_t n = 1 + stream.below(20);
    std::vector<double> points(n * 3);
    for (double& value : points) value = static_cast<double>(stream.below(levels));
    if (repeat % 5 == 0) points[0] = kInfinity;
    for (const double distance : crowding_distances(points, 3)) {
      EXPECT_FALSE(std::isnan(distance));
      EXPECT_GE(distance, 0.0);
      if (std::isfinite(distance)) {
        EXPECT_LE(distance, 3.0);
      }
    }
  }
}

}  // namespace
}  // namespace parsimony::pareto
