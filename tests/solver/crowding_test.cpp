#include "parsimony/solver/crowding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "parsimony/base/random.hpp"

namespace parsimony::solver {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(CrowdingDistances, AreTheGapsBetweenNeighboursOverTheRanges) {
  const std::vector<double> points{0.0, 10.0, 1.0, 4.0, 3.0, 2.0, 4.0, 0.0};  // a front of four
  const std::vector<double> distances = crowding_distances(points, 2);
  EXPECT_EQ(distances, (std::vector{kInfinity, 3.0 / 4.0 + 8.0 / 10.0, 3.0 / 4.0 + 4.0 / 10.0, kInfinity}));
}

TEST(CrowdingDistances, CountAConstantObjectiveAsNothing) {
  const std::vector<double> with{0.0, 7.0, 9.0, 1.0, 7.0, 4.0, 3.0, 7.0, 2.0, 4.0, 7.0, 0.0};
  const std::vector<double> without{0.0, 9.0, 1.0, 4.0, 3.0, 2.0, 4.0, 0.0};
  EXPECT_EQ(crowding_distances(with, 3), crowding_distances(without, 2));
  EXPECT_EQ(crowding_distances(std::vector{7.0, 7.0, 7.0}, 1), std::vector(3, 0.0));
}

TEST(CrowdingDistances, AreNeverNaN) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const auto n = stream.below(12), m = 1 + stream.below(4);
    std::vector<double> points(n * m);
    for (double& value : points) {  // few different values, some of them without end
      const auto kind = stream.below(8);
      value = kind == 0 ? kInfinity : kind == 1 ? -kInfinity : static_cast<double>(stream.below(3));
    }
    const std::vector<double> distances = crowding_distances(points, static_cast<int>(m));
    ASSERT_EQ(distances.size(), n);
    for (const double distance : distances) EXPECT_GE(distance, 0.0);
  }
}

}  // namespace
}  // namespace parsimony::solver
