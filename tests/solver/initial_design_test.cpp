#include "parsimony/solver/initial_design.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support.hpp"

namespace parsimony::solver {
namespace {

TEST(InitialDesign, IsALatinHypercubeOfDistinctPoints) {
  const Benchmark benchmark = dtlz2_benchmark(5, 2);
  const auto design = initial_design(benchmark.problem, 10, 3);
  ASSERT_EQ(design.size(), 10u);
  for (std::size_t i = 0; i < 5; ++i) {
    std::set<int> strata;
    for (const auto& point : design) strata.insert(static_cast<int>(10 * point[i]));
    EXPECT_EQ(strata.size(), 10u);
  }
}

TEST(InitialDesign, IsOneFunctionOfProblemAndSeed) {
  const Benchmark benchmark = deployment_toy(6);
  EXPECT_EQ(initial_design(benchmark.problem, 10, 3), initial_design(benchmark.problem, 10, 3));
  EXPECT_NE(initial_design(benchmark.problem, 10, 3), initial_design(benchmark.problem, 10, 4));
}

TEST(InitialDesign, HasDistinctSnappedPointsWithinTheLimits) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 100; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const Problem& problem = benchmark.problem;
    const auto design = initial_design(problem, 10, stream.bits());
    std::set<Point> different(design.begin(), design.end());
    EXPECT_EQ(different.size(), design.size());
    EXPECT_LE(static_cast<double>(design.size()), problem.space.size());
    for (const Point& point : design) {
      EXPECT_EQ(problem.space.snap(point), point);
      EXPECT_TRUE(within_limits(problem, point));
    }
  }
}

TEST(InitialDesign, TakesTheWholeOfASmallSpace) {
  Problem problem;
  problem.space = space::Space({space::IntegerParameter{"a", 1, 3}, space::IntegerParameter{"b", 1, 2}});
  problem.objectives = {{"f"}};
  EXPECT_EQ(initial_design(problem, 10, 1).size(), 6u);
}

/// Only the least of each of twelve widths meets the limit; rate and activation cost nothing.
Benchmark barely_feasible() {
  Benchmark benchmark = deployment_toy(12);
  const auto costs = benchmark.problem.costs.exact;
  const Point smallest = benchmark.problem.space.snap(benchmark.problem.smallest_point);
  const double least = costs(smallest).objectives[0];
  benchmark.problem.costs = costs_by(
      [costs, least](std::span<const double> x) {
        Costs result = costs(x);
        result.constraints = {result.objectives[0] / least - 1.0, -1.0};
        return result;
      },
      14);
  return benchmark;
}

TEST(InitialDesign, FallsBackOnTheSmallestPointWithRandomTrainingParameters) {
  const Benchmark benchmark = barely_feasible();
  const auto design = initial_design(benchmark.problem, 10, 1);
  const Point smallest = benchmark.problem.space.snap(benchmark.problem.smallest_point);
  ASSERT_EQ(design.size(), 10u);
  std::set<double> rates;
  for (const Point& point : design) {
    EXPECT_TRUE(within_limits(benchmark.problem, point));
    EXPECT_TRUE(std::equal(point.begin() + 2, point.end(), smallest.begin() + 2));
    rates.insert(point[0]);
  }
  EXPECT_EQ(rates.size(), 10u);
}

TEST(InitialDesign, IsEmptyWhereNothingMeetsTheLimits) {
  Benchmark benchmark = deployment_toy(4);
  benchmark.problem.costs = costs_by([](std::span<const double>) { return Costs{{1, 1, 1}, {0.5, 0.5}}; }, 6);
  EXPECT_TRUE(initial_design(benchmark.problem, 10, 1).empty());
}

}  // namespace
}  // namespace parsimony::solver
