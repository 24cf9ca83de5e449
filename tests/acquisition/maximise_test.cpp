#include "parsimony/acquisition/maximise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace parsimony::acquisition {
namespace {

using space::CategoricalParameter;
using space::FloatParameter;
using space::IntegerParameter;

/// −Σ (x − target)², with its gradient.
Acquisition bowl(std::vector<double> target) {
  const auto d = target.size();
  const auto value = [target](std::span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum -= (x[i] - target[i]) * (x[i] - target[i]);
    return sum;
  };
  return {[=](std::span<const double> points, std::span<double> values) {
            for (std::size_t k = 0; k < values.size(); ++k) values[k] = value(points.subspan(k * d, d));
          },
          [=](std::span<const double> x, std::span<double> gradient) {
            for (std::size_t i = 0; i < d; ++i) gradient[i] = -2.0 * (x[i] - target[i]);
            return value(x);
          }};
}

RankedPoints maximised(const Acquisition& acquisition, const space::Space& space, int threads = 1) {
  RandomStream stream(1, 0, "test");
  ThreadPool pool(threads);
  return maximise(acquisition, space, {}, {}, stream, pool);
}

TEST(MaximiseBounded, FindsTheMaximumOfABowlInsideAndAtTheBounds) {
  const std::vector<double> target{0.3, -0.5, 1.7, 0.9};
  const BoundedMaximum found = maximise_bounded(bowl(target).with_gradient, {0.5, 0.5, 0.5, 0.5}, {});
  const std::vector<double> expected{0.3, 0.0, 1.0, 0.9};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found.x[i], expected[i], 1e-3);
}

TEST(MaximiseBounded, LeavesFixedCoordinatesAndIsNeverWorseThanItsStart) {
  RandomStream stream(2, 0, "test");
  const BoundedFunction waves = [](std::span<const double> x, std::span<double> gradient) {
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = 20.0 * std::cos(20.0 * x[i]);
    double sum = 0.0;
    for (const double coordinate : x) sum += std::sin(20.0 * coordinate);
    return sum;
  };
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::vector<double> start{stream.uniform(), stream.uniform(), stream.uniform()}, gradient(3);
    const BoundedMaximum found = maximise_bounded(waves, start, {false, true, false});
    EXPECT_EQ(found.x[1], start[1]);
    EXPECT_GE(found.value, waves(start, gradient));
    for (const double coordinate : found.x) EXPECT_TRUE(coordinate >= 0.0 && coordinate <= 1.0);
  }
}

TEST(Maximise, EnumeratesASmallSpaceExactly) {
  const space::Space space({IntegerParameter{"a", 1, 9}, CategoricalParameter{"b", {"x", "y", "z"}}});
  const RankedPoints ranked = maximised(bowl({0.9, 0.5}), space);
  EXPECT_EQ(ranked.size(), 27u);
  const space::Configuration best = space.decode(ranked.point(0));
  EXPECT_EQ(std::get<std::int64_t>(best[0]), 9);
  EXPECT_EQ(std::get<std::string>(best[1]), "y");
  for (std::size_t k = 1; k < ranked.size(); ++k) EXPECT_LE(ranked.values[k], ranked.values[k - 1]);
}

TEST(Maximise, FindsTheMaximumOfAMixedSpace) {
  const space::Space space({FloatParameter{"f"}, IntegerParameter{"i", 0, 1000}, IntegerParameter{"j", 1, 64},
                            CategoricalParameter{"c", {"p", "q", "r", "s"}}});
  const RankedPoints ranked = maximised(bowl({0.123, 0.777, 0.2, 0.63}), space);
  const space::Configuration best = space.decode(ranked.point(0));
  EXPECT_NEAR(std::get<double>(best[0]), 0.123, 2e-3);
  EXPECT_EQ(std::get<std::int64_t>(best[1]), 777);
  EXPECT_EQ(std::get<std::int64_t>(best[2]), 13);
  EXPECT_EQ(std::get<std::string>(best[3]), "r");
}

TEST(Improve, RanksTheGivenPointsWhereNeitherClimbNorSearchIsWanted) {
  const space::Space space({IntegerParameter{"a", 0, 100}, FloatParameter{"b", 0, 1}});
  const std::vector<double> given{0.2, 0.2, 0.6, 0.6, 0.9, 0.1};
  MaximiserOptions none;
  none.starts = none.searched = 0;
  ThreadPool pool(1);
  const RankedPoints ranked = improve(bowl({0.5, 0.5}), space, given, none, pool);
  ASSERT_EQ(ranked.size(), 3u);
  EXPECT_EQ(space.snap(std::vector{0.6, 0.6}), std::vector(ranked.point(0).begin(), ranked.point(0).end()));
  EXPECT_TRUE(std::is_sorted(ranked.values.rbegin(), ranked.values.rend()));
}

TEST(Improve, ClimbsFromTheGivenPointsToTheMaximum) {
  const space::Space space({IntegerParameter{"a", 0, 100}, FloatParameter{"b", 0, 1}});
  MaximiserOptions one;
  one.starts = 1;
  ThreadPool pool(1);
  const RankedPoints ranked = improve(bowl({0.5, 0.31}), space, std::vector{0.9, 0.9}, one, pool);
  EXPECT_EQ(space.cell_at(0, ranked.point(0)[0]), 50);
  EXPECT_NEAR(ranked.point(0)[1], 0.31, 1e-4);
}

TEST(Maximise, ReturnsDifferentSnappedPointsThatDoNotDependOnThreads) {
  const space::Space space(
      {FloatParameter{"f"}, IntegerParameter{"i", 0, 5000}, IntegerParameter{"j", 1, 64}});
  const RankedPoints one = maximised(bowl({0.4, 0.4, 0.4}), space),
                     three = maximised(bowl({0.4, 0.4, 0.4}), space, 3);
  EXPECT_EQ(one.points, three.points);
  std::set<std::vector<double>> seen;
  for (std::size_t k = 0; k < one.size(); ++k) {
    const std::vector<double> point(one.point(k).begin(), one.point(k).end());
    EXPECT_EQ(space.snap(point), point);
    EXPECT_TRUE(seen.insert(point).second);
  }
}

}  // namespace
}  // namespace parsimony::acquisition
