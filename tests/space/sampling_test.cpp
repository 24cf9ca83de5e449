#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "parsimony/space/latin_hypercube.hpp"
#include "parsimony/space/sobol.hpp"

namespace parsimony::space {
namespace {

TEST(LatinHypercube, EveryStratumOfEveryDimensionHoldsOnePoint) {
  RandomStream stream(1, 0, "test");
  for (const std::int64_t n : {1, 2, 7, 10, 33}) {
    const LatinHypercube design = latin_hypercube(n, 5, stream);
    for (int column = 0; column < 5; ++column) {
      std::set<std::int64_t> strata;
      for (std::int64_t row = 0; row < n; ++row)
        strata.insert(static_cast<std::int64_t>(design.draw(row, stream)[static_cast<std::size_t>(column)] *
                                                static_cast<double>(n)));
      EXPECT_EQ(static_cast<std::int64_t>(strata.size()), n);
    }
  }
}

TEST(LatinHypercube, DependsOnTheKeyAlone) {
  RandomStream one(7, 0, "a"), same(7, 0, "a"), other(8, 0, "a");
  const auto strata = latin_hypercube(20, 4, one).strata;
  EXPECT_EQ(strata, latin_hypercube(20, 4, same).strata);
  EXPECT_NE(strata, latin_hypercube(20, 4, other).strata);
}

/// Points in each elementary interval of two columns, cut into 2^a by 2^b boxes.
std::vector<int> counts(const std::vector<double>& points, int d, int i, int j, int a, int b) {
  std::vector<int> boxes(std::size_t{1} << (a + b));
  for (std::size_t row = 0; row < points.size(); row += static_cast<std::size_t>(d)) {
    const auto x = static_cast<std::size_t>(std::ldexp(points[row + static_cast<std::size_t>(i)], a));
    const auto y = static_cast<std::size_t>(std::ldexp(points[row + static_cast<std::size_t>(j)], b));
    ++boxes[(x << b) + y];
  }
  return boxes;
}

TEST(Sobol, EveryColumnIsStratifiedForEveryPowerOfTwo) {
  RandomStream stream(3, 0, "test");
  for (const int m : {0, 1, 4, 8}) {
    const std::vector<double> points = sobol_points(std::int64_t{1} << m, kMostSobolDimensions, stream);
    for (int i = 0; i < kMostSobolDimensions; ++i)
      for (const int count : counts(points, kMostSobolDimensions, i, i, m, 0))
        ASSERT_EQ(count, 1) << "column " << i;
  }
}

TEST(Sobol, TheFirstTwoColumnsAreANetWithT0) {
  RandomStream stream(4, 0, "test");
  const std::vector<double> points = sobol_points(256, 2, stream);
  for (int a = 0; a <= 8; ++a)
    for (const int count : counts(points, 2, 0, 1, a, 8 - a)) EXPECT_EQ(count, 1) << a;
}

TEST(Sobol, EveryPairOf64ColumnsIsFarEvenerThanChance) {
  RandomStream stream(5, 0, "test");
  const std::vector<double> points = sobol_points(4096, 64, stream);
  for (int i = 0; i < 64; ++i)
    for (int j = 0; j < i; ++j) {
      const std::vector<int> boxes = counts(points, 64, i, j, 2, 2);
      // Chance would give each box 256 with a standard deviation of 15.5.
      EXPECT_NEAR(*std::max_element(boxes.begin(), boxes.end()), 256, 32) << i << ' ' << j;
    }
}

TEST(Sobol, StaysStrictlyInsideTheCube) {
  RandomStream stream(6, 0, "test");
  for (const double coordinate : sobol_points(5000, 7, stream)) {
    EXPECT_GT(coordinate, 0.0);
    EXPECT_LT(coordinate, 1.0);
  }
}

TEST(Sobol, IntegratesASmoothFunctionFarBetterThanChance) {
  double worst = 0.0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    RandomStream stream(seed, 0, "test");
    const int d = 6;
    const std::vector<double> points = sobol_points(1024, d, stream);
    double sum = 0.0;
    for (std::size_t row = 0; row < points.size(); row += d) {
      double product = 1.0;
      for (std::size_t i = 0; i < d; ++i) product *= 1.0 + 0.5 * (points[row + i] - 0.5);
      sum += product;
    }
    worst = std::max(worst, std::abs(sum / 1024 - 1.0));
  }
  EXPECT_LT(worst, 1e-3);  // plain Monte Carlo: about 0.011
}

TEST(Sobol, ScramblingDependsOnTheKeyAlone) {
  RandomStream one(7, 0, "a"), same(7, 0, "a"), other(8, 0, "a");
  const auto points = sobol_points(64, 3, one);
  EXPECT_EQ(points, sobol_points(64, 3, same));
  EXPECT_NE(points, sobol_points(64, 3, other));
}

}  // namespace
}  // namespace parsimony::space
