#include "parsimony/pareto/dominance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "parsimony/base/random.hpp"

namespace parsimony::pareto {
namespace {

std::vector<double> random_points(int n, int m, std::uint64_t levels, RandomStream& stream) {
  std::vector<double> points(static_cast<std::size_t>(n * m));
  for (double& value : points) value = levels ? static_cast<double>(stream.below(levels)) : stream.uniform();
  return points;
}

std::span<const double> row(const std::vector<double>& points, int m, int i) {
  return std::span(points).subspan(static_cast<std::size_t>(i * m), static_cast<std::size_t>(m));
}

/// By the definition: peel off what none of the rest dominates.
std::vector<int> ranks_by_peeling(const std::vector<double>& points, int m) {
  const int n = static_cast<int>(points.size()) / m;
  std::vector<int> ranks(static_cast<std::size_t>(n), -1);
  for (int rank = 0; std::count(ranks.begin(), ranks.end(), -1) > 0; ++rank) {
    std::vector<int> peeled;
    for (int i = 0; i < n; ++i) {
      if (ranks[static_cast<std::size_t>(i)] != -1) continue;
      bool beaten = false;
      for (int j = 0; j < n; ++j)
        beaten |= ranks[static_cast<std::size_t>(j)] == -1 && dominates(row(points, m, j), row(points, m, i));
      if (!beaten) peeled.push_back(i);
    }
    for (const int i : peeled) ranks[static_cast<std::size_t>(i)] = rank;
  }
  return ranks;
}

TEST(Dominates, NeedsNoWorseAnywhereAndBetterSomewhere) {
  EXPECT_TRUE(dominates(std::vector{1.0, 2.0}, std::vector{1.0, 3.0}));
  EXPECT_FALSE(dominates(std::vector{1.0, 2.0}, std::vector{1.0, 2.0}));
  EXPECT_FALSE(dominates(std::vector{0.0, 4.0}, std::vector{1.0, 3.0}));
}

TEST(NonDominatedRanks, EqualPeelingByTheDefinition) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const int m = 1 + static_cast<int>(stream.below(5));
    const std::uint64_t levels = stream.below(2) ? 0 : 2 + stream.below(6);  // ties and equal points too
    const std::vector<double> points =
        random_points(1 + static_cast<int>(stream.below(60)), m, levels, stream);
    EXPECT_EQ(non_dominated_ranks(points, m), ranks_by_peeling(points, m));
  }
}

TEST(NonDominatedRanks, OfManyPointsEqualPeelingToo) {
  RandomStream stream(3, 0, "test");
  for (int m = 1; m <= 6; ++m) {
    const std::vector<double> points = random_points(400, m, m % 2 ? 0 : 12, stream);
    EXPECT_EQ(non_dominated_ranks(points, m), ranks_by_peeling(points, m)) << "m " << m;
  }
}

TEST(NonDominatedRanks, HoldForInfiniteValues) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (int m = 2; m <= 4; ++m) {
    RandomStream stream(4, 0, "test");
    std::vector<double> points = random_points(60, m, 4, stream);
    for (double& value : points) value = value == 3.0 ? infinity : value == 0.0 ? -infinity : value;
    EXPECT_EQ(non_dominated_ranks(points, m), ranks_by_peeling(points, m)) << "m " << m;
  }
}

TEST(FrontIndices, OfManyPointsAreThoseOfRankZero) {
  RandomStream stream(5, 0, "test");
  for (int m = 1; m <= 6; ++m) {
    const std::vector<double> points = random_points(2000, m, 0, stream);
    const std::vector<int> ranks = non_dominated_ranks(points, m);
    std::vector<int> expected;
    for (int i = 0; i < 2000; ++i)
      if (ranks[static_cast<std::size_t>(i)] == 0) expected.push_back(i);
    EXPECT_EQ(front_indices(points, m), expected) << "m " << m;
  }
}

TEST(FrontIndices, AreTheFirstOfEachEqualPointOfRankZero) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const int m = 1 + static_cast<int>(stream.below(4));
    const std::vector<double> points = random_points(1 + static_cast<int>(stream.below(60)), m, 5, stream);
    const std::vector<int> ranks = ranks_by_peeling(points, m);
    std::vector<int> expected;
    for (int i = 0; i < static_cast<int>(ranks.size()); ++i) {
      bool repeated = false;
      for (int j = 0; j < i; ++j) repeated |= std::ranges::equal(row(points, m, i), row(points, m, j));
      if (ranks[static_cast<std::size_t>(i)] == 0 && !repeated) expected.push_back(i);
    }
    EXPECT_EQ(front_indices(points, m), expected);
  }
}

TEST(FrontIndices, OfNothingIsNothing) {
  EXPECT_TRUE(front_indices({}, 3).empty());
  EXPECT_TRUE(non_dominated_ranks({}, 3).empty());
}

}  // namespace
}  // namespace parsimony::pareto
