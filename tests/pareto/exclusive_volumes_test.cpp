#include "parsimony/pareto/exclusive_volumes.hpp"

#include <gtest/gtest.h>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/contributions.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::pareto {
namespace {

/// Points whose coordinates are multiples of 1/levels below 1: many tie, are dominated or equal.
std::vector<double> grid_points(std::size_t n, std::uint64_t levels, RandomStream& stream) {
  std::vector<double> points(3 * n);
  for (double& value : points)
    value = static_cast<double>(stream.below(levels)) / static_cast<double>(levels);
  return points;
}

/// The cells of the grid that one point dominates and no other, each counted for that one.
std::vector<double> cells_dominated_alone(const std::vector<double>& points, int levels) {
  const double side = 1.0 / levels;
  std::vector<double> volumes(points.size() / 3, 0.0);
  for (int cell = 0; cell < levels * levels * levels; ++cell) {
    const double x = side * (cell % levels), y = side * (cell / levels % levels),
                 z = side * (cell / (levels * levels));
    std::size_t dominating = 0, last = 0;
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      if (points[3 * i] > x || points[3 * i + 1] > y || points[3 * i + 2] > z) continue;
      ++dominating;
      last = i;
    }
    if (dominating == 1) volumes[last] += side * side * side;
  }
  return volumes;
}

TEST(ExclusiveVolumes, AreTheCellsThatOnePointDominatesAlone) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 600; ++repeat) {
    const int levels = 2 << stream.below(3);
    const auto points = grid_points(stream.below(40), static_cast<std::uint64_t>(levels), stream);
    // Powers of two: every sum is exact.
    EXPECT_EQ(hypervolume_contributions(points, std::vector{1.0, 1.0, 1.0}),
              cells_dominated_alone(points, levels))
        << "levels " << levels;
  }
}

TEST(ExclusiveVolumes, AreWhatIsLostWithoutThePointOfALargeFront) {
  RandomStream stream(2, 0, "test");
  const std::vector<double> reference{1.0, 1.0, 1.0};
  for (const double spread : {0.0, 0.05, 1.0}) {  // a front; a cloud near it; mostly dominated points
    std::vector<double> points;
    for (int i = 0; i < 150; ++i) {
      const double a = stream.uniform(), b = stream.uniform(0.0, 1.0 - a);
      for (const double value : {a, b, 1.0 - a - b}) points.push_back(value + spread * stream.uniform());
    }
    const double whole = hypervolume(points, reference);
    const std::vector<double> contributions = hypervolume_contributions(points, reference);
    for (std::size_t i = 0; i < contributions.size(); ++i) {
      std::vector<double> rest = points;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(3 * i),
                 rest.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
      EXPECT_NEAR(contributions[i], whole - hypervolume(rest, reference), 1e-13) << spread;
    }
  }
}

TEST(ExclusiveVolumes, LoseWhatADominatedPointCoversToo) {
  const std::vector<double> rows{0.0, 0.0, 0.0, 0.5, 0.5, 0.5};
  EXPECT_EQ(exclusive_volumes(rows, std::vector{1.0, 1.0, 1.0}), (std::vector{0.875, 0.0}));
}

}  // namespace
}  // namespace parsimony::pareto
