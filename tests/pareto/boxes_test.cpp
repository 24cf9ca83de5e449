#include "parsimony/pareto/boxes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::pareto {
namespace {

/// Uniform, or on a grid so that coordinates and whole points are equal.
std::vector<double> random_points(std::size_t n, std::size_t m, std::uint64_t levels, RandomStream& stream) {
  std::vector<double> points(n * m);
  for (double& value : points)
    value = levels ? static_cast<double>(stream.below(levels)) / static_cast<double>(levels)
                   : stream.uniform(0.0, 1.2);
  return points;
}

std::vector<double> points_on_a_sphere(std::size_t n, std::size_t m, RandomStream& stream) {
  std::vector<double> points;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(m);
    double norm = 0.0;
    for (double& value : row) {
      value = std::abs(stream.normal());
      norm += value * value;
    }
    for (const double value : row) points.push_back(value / std::sqrt(norm));
  }
  return points;
}

std::size_t boxes_with(const Boxes& boxes, const std::vector<double>& point) {
  std::size_t count = 0;
  for (std::size_t box = 0; box < boxes.size(); ++box) {
    bool inside = true;
    for (std::size_t j = 0; j < point.size(); ++j) {
      const std::size_t at = box * point.size() + j;
      inside &= boxes.lower[at] <= point[j] && point[j] < boxes.upper[at];
    }
    count += inside;
  }
  return count;
}

bool weakly_dominated(const std::vector<double>& points, const std::vector<double>& point) {
  const std::size_t m = point.size();
  for (std::size_t start = 0; start < points.size(); start += m)
    if (std::ranges::equal(std::span(points).subspan(start, m), point, std::less_equal<>{})) return true;
  return false;
}

double volume_above(const Boxes& boxes, const std::vector<double>& corner) {
  double sum = 0.0;
  for (std::size_t box = 0; box < boxes.size(); ++box) {
    double volume = 1.0;
    for (std::size_t j = 0; j < corner.size(); ++j) {
      const std::size_t at = box * corner.size() + j;
      volume *= std::max(0.0, boxes.upper[at] - std::max(boxes.lower[at], corner[j]));
    }
    sum += volume;
  }
  return sum;
}

TEST(NonDominatedBoxes, HoldAPointOnceIfNoneDominatesItAndElseNever) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::size_t m = 1 + stream.below(5);
    const std::uint64_t levels = stream.below(2) ? 0 : 2 + stream.below(6);
    const std::vector<double> points = random_points(stream.below(30), m, levels, stream);
    const Boxes boxes = non_dominated_boxes(points, std::vector<double>(m, 1.0));
    for (int probe = 0; probe < 100; ++probe) {
      const std::vector<double> point = random_points(1, m, levels, stream);
      const bool open = *std::ranges::max_element(point) < 1.0 && !weakly_dominated(points, point);
      ASSERT_EQ(boxes_with(boxes, point), open ? 1 : 0) << "m " << m << " repeat " << repeat;
    }
  }
}

TEST(NonDominatedBoxes, AndTheHypervolumeFillTheWhole) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::size_t m = 1 + stream.below(5);
    const std::uint64_t levels = stream.below(2) ? 0 : 2 + stream.below(6);
    const std::vector<double> points = random_points(stream.below(40), m, levels, stream);
    const std::vector<double> reference(m, 1.0);
    EXPECT_NEAR(volume_above(non_dominated_boxes(points, reference), std::vector<double>(m, 0.0)),
                1.0 - hypervolume(points, reference), 1e-12);
  }
}

TEST(NonDominatedBoxes, OfLargeFrontsFillTheWholeToo) {
  RandomStream stream(3, 0, "test");
  for (const auto& [n, m] : {std::pair{1000, 2}, {1000, 3}, {300, 4}, {60, 5}}) {
    const auto d = static_cast<std::size_t>(m);
    const std::vector<double> points = points_on_a_sphere(static_cast<std::size_t>(n), d, stream);
    const std::vector<double> reference(d, 1.1);
    EXPECT_NEAR(volume_above(non_dominated_boxes(points, reference), std::vector<double>(d, 0.0)),
                std::pow(1.1, m) - hypervolume(points, reference), 1e-11);
  }
}

TEST(NonDominatedBoxes, AreAsManyAsTheLocalUpperBounds) {
  RandomStream stream(4, 0, "test");
  for (const std::size_t n : {std::size_t{1}, std::size_t{17}, std::size_t{100}}) {
    const std::vector<double> flat = points_on_a_sphere(n, 2, stream),
                              solid = points_on_a_sphere(n, 3, stream);
    EXPECT_EQ(non_dominated_boxes(flat, std::vector<double>(2, 1.1)).size(), n + 1);
    EXPECT_EQ(non_dominated_boxes(solid, std::vector<double>(3, 1.1)).size(), 2 * n + 1);
  }
}

TEST(NonDominatedBoxes, ReachToMinusInfinityInTheFirstObjective) {
  RandomStream stream(5, 0, "test");
  for (const std::size_t m : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
    const Boxes boxes = non_dominated_boxes(points_on_a_sphere(30, m, stream), std::vector<double>(m, 1.1));
    for (std::size_t box = 0; box < boxes.size(); ++box)
      EXPECT_EQ(boxes.lower[box * m], -std::numeric_limits<double>::infinity());
  }
}

TEST(NonDominatedBoxes, AreNeverEmpty) {
  RandomStream stream(7, 0, "test");
  for (std::size_t m = 1; m <= 5; ++m) {
    const Boxes boxes =
        non_dominated_boxes(random_points(40, m, 6, stream), std::vector<double>(m, 1.0));  // many ties
    for (std::size_t at = 0; at < boxes.upper.size(); ++at) EXPECT_LT(boxes.lower[at], boxes.upper[at]);
  }
}

TEST(HypervolumeImprovement, IsWhatTheHypervolumeGains) {
  RandomStream stream(6, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    const std::size_t m = 1 + stream.below(5);
    const std::uint64_t levels = stream.below(2) ? 0 : 2 + stream.below(6);
    std::vector<double> points = random_points(stream.below(25), m, levels, stream);
    const std::vector<double> reference(m, 1.0), point = random_points(1, m, levels, stream);
    const double before = hypervolume(points, reference);
    const double improvement = hypervolume_improvement(non_dominated_boxes(points, reference), point);
    if (weakly_dominated(points, point)) {
      EXPECT_EQ(improvement, 0.0);
    }
    points.insert(points.end(), point.begin(), point.end());
    EXPECT_NEAR(improvement, hypervolume(points, reference) - before, 1e-12);
  }
}

TEST(NonDominatedBoxes, OfNothingBelowTheReferenceAreOne) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& points : {std::vector<double>{}, {1.0, 0.0, 0.0, 2.0, nan, 0.0}}) {
    const Boxes boxes = non_dominated_boxes(points, std::vector{1.0, 1.0});
    ASSERT_EQ(boxes.size(), 1u);
    EXPECT_EQ(boxes.lower, (std::vector{-infinity, -infinity}));
    EXPECT_EQ(boxes.upper, (std::vector{1.0, 1.0}));
  }
}

}  // namespace
}  // namespace parsimony::pareto
