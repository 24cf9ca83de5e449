#include "parsimony/solver/trust_region.hpp"

#include <gtest/gtest.h>

#include "parsimony/solver/trust_region_draw.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

space::Space mixed_space() {
  return space::Space({space::FloatParameter{"float"}, space::IntegerParameter{"integer", 0, 9},
                       space::IntegerParameter{"log integer", 1, 500, true},
                       space::CategoricalParameter{"choice", {"a", "b", "c", "d"}}});
}

TEST(SideWeights, AreLengthscalesDividedByTheirGeometricMean) {
  const std::vector<std::vector<double>> one{{0.1, 0.4}};
  EXPECT_NEAR(side_weights(one, 2)[0], 0.5, 1e-12);
  EXPECT_NEAR(side_weights(one, 2)[1], 2.0, 1e-12);
  const std::vector<std::vector<double>> two{{0.1, 0.4}, {0.4, 0.1}};
  EXPECT_NEAR(side_weights(two, 2)[0], 1.0, 1e-12);
  EXPECT_EQ(side_weights({}, 3), std::vector<double>(3, 1.0));
}

TEST(RegionBox, HasTheWeightedSidesInsideTheCube) {
  const space::Space space(unit_floats(3));
  const RegionBox box = region_box(space, std::vector{0.5, 0.1, 0.5}, 0.4, std::vector{1.0, 1.0, 2.0});
  EXPECT_NEAR(box.lower[0], 0.3, 1e-12);
  EXPECT_NEAR(box.upper[0], 0.7, 1e-12);
  EXPECT_EQ(box.lower[1], 0.0);
  EXPECT_NEAR(box.upper[2], 0.9, 1e-12);
}

TEST(RegionBox, ReachesTheNextValuesOfAnIntegerHoweverSmall) {
  const space::Space space = mixed_space();
  const Point centre = space.snap(std::vector{0.5, 0.55, 0.4, 0.4});
  const RegionBox box = region_box(space, centre, 1e-3, std::vector<double>(4, 1.0));
  for (const int index : {1, 2}) {
    const auto i = static_cast<std::size_t>(index);
    const std::int64_t cell = space.cell_at(index, centre[i]);
    EXPECT_EQ(space.cell_at(index, box.lower[i]), cell - 1);
    EXPECT_EQ(space.cell_at(index, box.upper[i]), cell + 1);
  }
  EXPECT_EQ(box.redraw[3], 1e-3);
}

TEST(PerturbedCandidates, AreNewSnappedDifferentPointsOfTheBoxWithAFewChanges) {
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  benchmark.problem.space = mixed_space();
  const space::Space& space = benchmark.problem.space;
  RandomStream stream(1, 0, "test");
  const Point base = space.snap(std::vector{0.5, 0.55, 0.4, 0.4});
  PointSet seen;
  seen.insert(base);
  const RegionBox box = region_box(space, base, 0.3, std::vector<double>(4, 1.0));
  const std::vector<double> points =
      perturbed_candidates(benchmark.problem, seen, {&base, 1}, box, 0.25, 400, stream);
  ASSERT_GT(points.size(), 4u * 100u);
  int changes = 0, choices = 0;
  for (std::size_t k = 0; k < points.size(); k += 4) {
    const Point point(points.begin() + static_cast<std::ptrdiff_t>(k),
                      points.begin() + static_cast<std::ptrdiff_t>(k) + 4);
    EXPECT_EQ(space.snap(point), point);
    EXPECT_TRUE(seen.insert(point)) << "known or twice";
    for (std::size_t i = 0; i < 4; ++i) changes += point[i] != base[i];
    choices += point[3] != base[3];
    for (const std::size_t i : {1u, 2u}) {  // snapping moves by half a value at most
      EXPECT_GE(space.cell_at(static_cast<int>(i), point[i]),
                space.cell_at(static_cast<int>(i), box.lower[i]));
      EXPECT_LE(space.cell_at(static_cast<int>(i), point[i]),
                space.cell_at(static_cast<int>(i), box.upper[i]));
    }
    EXPECT_TRUE(point[0] >= box.lower[0] - 1e-9 && point[0] <= box.upper[0] + 1e-9);
  }
  const double n = static_cast<double>(points.size()) / 4.0;
  EXPECT_GT(choices, 0);
  EXPECT_LT(changes / n, 2.2);
}

TEST(PerturbedCandidates, LeaveOutWhatEstimatesShowToBeOverALimit) {
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  benchmark.problem.constraints = {{"c", Source::computed}};
  benchmark.problem.costs = costs_by([](std::span<const double> x) { return Costs{{}, {x[0] - 0.5}}; }, 2);
  RandomStream stream(1, 0, "test");
  const Point base{0.5, 0.5};
  const RegionBox box{{0.0, 0.0}, {1.0, 1.0}, {1.0, 1.0}};
  const std::vector<double> points =
      perturbed_candidates(benchmark.problem, {}, {&base, 1}, box, 1.0, 256, stream);
  EXPECT_NEAR(static_cast<double>(points.size()) / 2.0, 128.0, 8.0);
  for (std::size_t k = 0; k < points.size(); k += 2) EXPECT_LE(points[k], 0.5);
}

TEST(RegionOf, ReadsOnlyRecordsOfTheSolverInTheirForm) {
  const auto read = [](const char* record) {
    Trial trial;
    trial.record = record;
    return region_of(trial, "turbo").has_value();
  };
  EXPECT_TRUE(read(R"({"solver": "turbo", "region": 3})"));
  EXPECT_TRUE(read(R"({"solver": "turbo", "region": 3, "life": 2})"));
  for (const char* record :
       {"", "no json", "[]", R"({"region": 3})", R"({"solver": "morbo", "region": 3})",
        R"({"solver": 1, "region": 3})", R"({"solver": "turbo", "region": -1})",
        R"({"solver": "turbo", "region": 1.5})", R"({"solver": "turbo", "region": 1e30})",
        R"({"solver": "turbo", "region": 99999999999999999999})",
        R"({"solver": "turbo", "region": 1, "life": "x"})"})
    EXPECT_FALSE(read(record)) << record;
}

TEST(DrawOutcomes, HasThePosteriorsMomentsAndTheComputedCosts) {
  const Benchmark benchmark = deployment_toy(2);
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, 8, 1))
    history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
  ThreadPool pool(1);
  BeliefOptions options;
  options.warp = false;
  const Evidence evidence(benchmark.problem, history);
  const Belief belief = fit_belief(benchmark.problem, evidence, history, options, pool);
  Point point(4, 0.9);
  point = benchmark.problem.space.snap(point);
  double mean = 0.0, variance = 0.0, sum = 0.0, squares = 0.0;
  belief.objectives[0].process.posterior(point, {&mean, 1}, {&variance, 1});
  constexpr int kDraws = 2000;
  for (std::uint64_t trial = 0; trial < kDraws; ++trial) {
    const DrawnOutcomes drawn = draw_outcomes(benchmark.problem, belief, point, 1, trial, 0);
    sum += drawn.objectives[0];
    squares += (drawn.objectives[0] - mean) * (drawn.objectives[0] - mean);
    const Costs costs = benchmark.problem.costs.exact(point);
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(drawn.objectives[j + 1], costs.objectives[j]);
    EXPECT_EQ(drawn.violation[0], 0.0);
  }
  EXPECT_NEAR(sum / kDraws, mean, 4.0 * std::sqrt(variance / kDraws));
  EXPECT_NEAR(squares / kDraws, variance, 0.15 * variance);
}

}  // namespace
}  // namespace parsimony::solver
