#include "parsimony/pareto/hypervolume.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "parsimony/base/random.hpp"

namespace parsimony::pareto {
namespace {

/// Unit cells of a grid that some point dominates: exact for whole numbers.
double volume_by_cells(const std::vector<double>& points, std::size_t m, int levels) {
  const auto cells = static_cast<std::size_t>(std::lround(std::pow(levels, static_cast<double>(m))));
  double count = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    bool covered = false;
    for (std::size_t start = 0; start < points.size() && !covered; start += m) {
      bool below = true;
      std::size_t rest = cell;
      for (std::size_t j = 0; j < m; ++j) {
        below &= points[start + j] <= static_cast<double>(rest % static_cast<std::size_t>(levels));
        rest /= static_cast<std::size_t>(levels);
      }
      covered = below;
    }
    count += covered;
  }
  return count;
}

/// Signed volumes of the intersections of all subsets.
double volume_by_inclusion_exclusion(const std::vector<double>& points,
                                     const std::vector<double>& reference) {
  const std::size_t m = reference.size(), n = points.size() / m;
  double sum = 0.0;
  for (std::size_t subset = 1; subset < (std::size_t{1} << n); ++subset) {
    double volume = 1.0;
    for (std::size_t j = 0; j < m; ++j) {
      double corner = -std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i < n; ++i)
        if (subset >> i & 1) corner = std::max(corner, points[i * m + j]);
      volume *= std::max(0.0, reference[j] - corner);
    }
    sum += __builtin_popcountll(subset) % 2 ? volume : -volume;
  }
  return sum;
}

TEST(Hypervolume, EqualsTheCellsOfAGrid) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 400; ++repeat) {
    const std::size_t m = 1 + stream.below(5);
    const int levels = m >= 4 ? 5 : 9;
    std::vector<double> points(stream.below(25) * m);
    for (double& value : points)
      value = static_cast<double>(stream.below(static_cast<std::uint64_t>(levels) + 1));
    const std::vector<double> reference(m, levels);
    EXPECT_EQ(hypervolume(points, reference), volume_by_cells(points, m, levels)) << "m " << m;
  }
}

TEST(Hypervolume, EqualsInclusionAndExclusion) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const std::size_t m = 2 + stream.below(7);
    std::vector<double> points(stream.below(11) * m);
    for (double& value : points) value = stream.uniform(0.0, 1.1);
    const std::vector<double> reference(m, 1.0);
    EXPECT_NEAR(hypervolume(points, reference), volume_by_inclusion_exclusion(points, reference), 1e-12);
  }
}

std::vector<double> points_on_a_sphere(std::size_t n, std::size_t m, RandomStream& stream) {
  std::vector<double> points;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(m);
    for (double& value : row) value = std::abs(stream.normal());
    const double norm = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
    for (const double value : row) points.push_back(value / norm);
  }
  return points;
}

TEST(Hypervolume, ThreeAndFourObjectivesAgreeWithOneDimensionMore) {
  RandomStream stream(3, 0, "test");
  for (const std::size_t m : {std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
    const std::vector<double> points = points_on_a_sphere(60, m, stream);
    std::vector<double> lifted;
    for (std::size_t i = 0; i < points.size(); ++i) {
      lifted.push_back(points[i]);
      if ((i + 1) % m == 0) lifted.push_back(0.25);
    }
    const double lower = hypervolume(points, std::vector<double>(m, 1.1));
    EXPECT_NEAR(hypervolume(lifted, std::vector<double>(m + 1, 1.1)), lower * (1.1 - 0.25), 1e-12) << m;
  }
}

TEST(Hypervolume, ManyPointsApproachTheClosedFormOfDtlz2) {
  RandomStream stream(4, 0, "test");
  const std::vector<double> points = points_on_a_sphere(20000, 3, stream);
  const double volume = hypervolume(points, std::vector{1.1, 1.1, 1.1});
  EXPECT_LT(volume, 0.807401);
  EXPECT_GT(volume, 0.79);
}

TEST(Hypervolume, OfManyObjectivesIsWhatRandomPointsSay) {
  RandomStream stream(7, 0, "test");
  for (const std::size_t m : {std::size_t{5}, std::size_t{6}, std::size_t{8}}) {
    const std::vector<double> points = points_on_a_sphere(60, m, stream);
    const int probes = 40000;
    int hits = 0;
    for (int probe = 0; probe < probes; ++probe) {
      std::vector<double> point(m);
      for (double& value : point) value = stream.uniform();
      bool covered = false;
      for (std::size_t start = 0; start < points.size() && !covered; start += m)
        covered = std::equal(point.begin(), point.end(), points.begin() + static_cast<std::ptrdiff_t>(start),
                             std::greater_equal<>{});
      hits += covered;
    }
    const double share = static_cast<double>(hits) / probes;
    EXPECT_NEAR(hypervolume(points, std::vector<double>(m, 1.0)), share, 5 * std::sqrt(0.25 / probes)) << m;
  }
}

TEST(Hypervolume, DoesNotDependOnTheOrderOfObjectivesOrPoints) {
  RandomStream stream(5, 0, "test");
  for (std::size_t m = 2; m <= 7; ++m) {
    const std::vector<double> points = points_on_a_sphere(40, m, stream);
    std::vector<double> turned(points.size());
    for (std::size_t i = 0; i < points.size(); ++i)
      turned[points.size() - 1 - i] = points[i];  // rows and columns reversed
    EXPECT_NEAR(hypervolume(points, std::vector<double>(m, 1.2)),
                hypervolume(turned, std::vector<double>(m, 1.2)), 1e-12);
  }
}

TEST(Hypervolume, IgnoresPointsNotStrictlyBelowTheReference) {
  const double nan = std::nan("");
  EXPECT_EQ(hypervolume(std::vector{1.0, 0.0, 0.0, 1.0, 2.0, -5.0, nan, 0.0}, std::vector{1.0, 1.0}), 0.0);
  EXPECT_EQ(hypervolume(std::vector{0.5, 0.5, 0.0, 1.0}, std::vector{1.0, 1.0}), 0.25);
  EXPECT_EQ(hypervolume({}, std::vector{1.0, 1.0, 1.0, 1.0}), 0.0);
}

TEST(Hypervolume, AFurtherPointNeverLessensIt) {
  RandomStream stream(6, 0, "test");
  for (const std::size_t m : {std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
    const std::vector<double> points = points_on_a_sphere(80, m, stream);
    double last = 0.0;
    for (std::size_t n = 1; n <= 80; ++n) {
      const double volume = hypervolume(std::span(points).first(n * m), std::vector<double>(m, 1.1));
      EXPECT_GE(volume, last - 1e-13);
      last = volume;
    }
  }
}

}  // namespace
}  // namespace parsimony::pareto
