#include "parsimony/search/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/network/built_in.hpp"

namespace parsimony::search {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Fixture {
  std::shared_ptr<const network::CostModel> costs;
  SearchSpace searched;

  explicit Fixture(std::int32_t width = 60, const SpaceOptions& options = {})
      : costs(std::make_shared<network::CostModel>(
            network::dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = width}),
            target::find_target("test", "cortex-m4"))),
        searched(search_space(costs->description(), options)) {}

  solver::Problem problem(const ProblemOptions& options = {}) const {
    return network_problem(searched, costs, options);
  }
  std::string refusal(const ProblemOptions& options) const {
    try {
      problem(options);
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  }
};

std::vector<double> random_point(int dimension, std::uint64_t index) {
  RandomStream stream(1, 0, "point", index);
  std::vector<double> point;
  for (int i = 0; i < dimension; ++i) point.push_back(stream.uniform());
  return point;
}

solver::Costs estimate(const solver::Problem& problem, const std::vector<double>& points) {
  solver::Costs costs;
  problem.costs.estimate(points, static_cast<std::int64_t>(points.size()) / problem.space.dimension(), costs);
  return costs;
}

TEST(NetworkProblem, MeasuresTheErrorAndComputesTheRest) {
  const solver::Problem problem = Fixture().problem();
  ASSERT_EQ(problem.objectives.size(), 4u);
  EXPECT_EQ(problem.objectives[0].name, "error");
  EXPECT_EQ(problem.objectives[0].source, solver::Source::measured);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(problem.objectives[i].source, solver::Source::computed);
  for (const solver::Objective& objective : problem.objectives) EXPECT_EQ(objective.reference, 1.0);
  EXPECT_TRUE(problem.constraints.empty());
}

TEST(NetworkProblem, DividesByTheUnprunedCostWhereThereIsNoLimit) {
  const Fixture fixture;
  const solver::Problem problem = fixture.problem();
  const std::vector<double> point = problem.space.snap(random_point(26, 1));
  const network::Cost cost = fixture.costs->exact(kept_of(fixture.searched, problem.space.decode(point)));
  const network::Cost whole = fixture.costs->unpruned();
  const auto share = [](auto part, auto all) {
    return static_cast<double>(part.value) / static_cast<double>(all.value);
  };
  EXPECT_THAT(
      problem.costs.exact(point).objectives,
      ElementsAre(share(cost.rom, whole.rom), share(cost.ram, whole.ram), share(cost.flops, whole.flops)));
}

TEST(NetworkProblem, DividesByTheLimitAndBoundsTheExcess) {
  const Fixture fixture;
  const solver::Problem problem = fixture.problem(
      {.objectives = {"error", "flops"}, .limits = {.rom = Bytes(50000), .flops = Flops(1000000)}});
  ASSERT_EQ(problem.constraints.size(), 2u);
  EXPECT_EQ(problem.constraints[0].name, "rom");
  EXPECT_EQ(problem.constraints[1].name, "flops");
  const std::vector<double> point = problem.space.snap(random_point(26, 2));
  const network::Cost cost = fixture.costs->exact(kept_of(fixture.searched, problem.space.decode(point)));
  const solver::Costs computed = problem.costs.exact(point);
  EXPECT_THAT(computed.objectives, ElementsAre(static_cast<double>(cost.flops.value) / 1e6));
  EXPECT_THAT(computed.constraints, ElementsAre(static_cast<double>(cost.rom.value) / 50000 - 1.0,
                                                static_cast<double>(cost.flops.value) / 1e6 - 1.0));
}

TEST(NetworkProblem, CountsTheFeaturesAmongTheInstructions) {
  const features::LogMel log_mel;
  network::Description description = network::dscnn_se_1d(
      {.length = log_mel.frames(), .channels = log_mel.bands, .classes = 4, .width = 60});
  const auto costs_of = [&] {
    return std::make_shared<network::CostModel>(description, target::find_target("test", "cortex-m4"));
  };
  const SearchSpace searched = search_space(description, {});
  const std::int64_t network = smallest_cost(searched, *costs_of()).instructions;
  description.log_mel = log_mel;
  const auto costs = costs_of();
  const std::int64_t smallest = smallest_cost(searched, *costs).instructions;
  ASSERT_GT(smallest, 2 * network);  // most of it is features
  const auto limited_to = [&](std::int64_t instructions) {
    return network_problem(
        searched, costs, {.objectives = {"error", "instructions"}, .limits = {.instructions = instructions}});
  };
  EXPECT_THROW(limited_to(smallest - 1), InputError);
  const solver::Problem problem = limited_to(smallest);
  const std::vector<double> point = problem.space.snap(random_point(problem.space.dimension(), 1));
  const std::int64_t exact = costs->exact(kept_of(searched, problem.space.decode(point))).instructions;
  EXPECT_THAT(problem.costs.exact(point).objectives,
              ElementsAre(static_cast<double>(exact) / static_cast<double>(smallest)));
}

TEST(NetworkProblem, OrdersComputedObjectivesAsAsked) {
  const Fixture fixture;
  const std::vector<double> point = fixture.searched.space.snap(random_point(26, 3));
  const std::vector<double> usual = fixture.problem().costs.exact(point).objectives;
  const std::vector<double> other =
      fixture.problem({.objectives = {"flops", "error", "rom"}}).costs.exact(point).objectives;
  EXPECT_THAT(other, ElementsAre(usual[2], usual[0]));
}

TEST(NetworkProblem, NeverEstimatesMoreThanTheExactCostOfASnappedPoint) {
  for (const std::int32_t width : {3, 37, 114}) {
    const Fixture fixture(width);
    const solver::Problem problem = fixture.problem(
        {.objectives = known_objectives(), .limits = {.ram = Bytes(262144), .instructions = 500000000}});
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const std::vector<double> point = problem.space.snap(random_point(26, i));
      const solver::Costs lower = estimate(problem, point), exact = problem.costs.exact(point);
      ASSERT_GT(lower.objectives[3], 0.0);
      ASSERT_LE(lower.constraints[1], exact.constraints[1]);
      for (std::size_t j = 0; j < 4; ++j) ASSERT_LE(lower.objectives[j], exact.objectives[j]);
      ASSERT_EQ(lower.objectives[2], exact.objectives[2]);
      ASSERT_LE(lower.constraints[0], exact.constraints[0]);
    }
  }
}

TEST(NetworkProblem, EstimatesAnyPointOfTheCubeBetweenTheSnappedOnesBesideIt) {
  const Fixture fixture;
  const solver::Problem problem = fixture.problem();
  for (std::uint64_t i = 0; i < 300; ++i) {
    const std::vector<double> point = random_point(26, i);
    std::vector<double> below = point, above = point;
    for (std::size_t j = 10; j < 26; ++j) {
      const auto& range = std::get<space::IntegerParameter>(problem.space.parameters()[j]);
      const double step = 0.5 / static_cast<double>(range.high - range.low + 1);
      below[j] = point[j] - step;
      above[j] = point[j] + step;
    }
    const solver::Costs at = estimate(problem, point);
    const solver::Costs low = estimate(problem, problem.space.snap(below));
    const solver::Costs high = estimate(problem, problem.space.snap(above));
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_LE(low.objectives[j], at.objectives[j]);
      EXPECT_LE(at.objectives[j], high.objectives[j]);
    }
  }
}

TEST(NetworkProblem, EstimatesABatchRowByRow) {
  const solver::Problem problem = Fixture().problem({.limits = {.rom = Bytes(1 << 20)}});
  std::vector<double> points;
  for (std::uint64_t i = 0; i < 70; ++i) {
    for (double coordinate : random_point(26, i)) points.push_back(coordinate);
  }
  const solver::Costs together = estimate(problem, points);
  ASSERT_EQ(together.objectives.size(), 210u);
  ASSERT_EQ(together.constraints.size(), 70u);
  for (std::uint64_t i = 0; i < 70; ++i) {
    const solver::Costs alone = estimate(problem, random_point(26, i));
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(alone.objectives[j], together.objectives[3 * i + j]);
    EXPECT_EQ(alone.constraints[0], together.constraints[i]);
  }
}

TEST(NetworkProblem, CostsNothingForTrainingParameters) {
  const solver::Problem problem = Fixture().problem();
  std::vector<double> point = problem.space.snap(random_point(26, 4));
  const std::vector<double> before = problem.costs.exact(point).objectives;
  for (std::size_t i = 0; i < 10; ++i) point[i] = 1.0;
  EXPECT_EQ(problem.costs.exact(problem.space.snap(point)).objectives, before);
}

TEST(NetworkProblem, CountsFixedChannels) {
  const Fixture fixture(60, {.overrides = {{"x", Fixed{"keep_conv1", std::int64_t{60}}}}});
  const solver::Problem problem = fixture.problem();
  const std::vector<double> point = problem.space.snap(random_point(25, 5));
  const network::Cost cost = fixture.costs->exact(kept_of(fixture.searched, problem.space.decode(point)));
  const double rom =
      static_cast<double>(cost.rom.value) / static_cast<double>(fixture.costs->unpruned().rom.value);
  EXPECT_EQ(problem.costs.exact(point).objectives[0], rom);
}

TEST(NetworkProblem, HasNoCheaperPointThanTheSmallest) {
  const Fixture fixture;
  const solver::Problem problem = fixture.problem();
  EXPECT_EQ(problem.smallest_point, problem.space.snap(problem.smallest_point));
  const std::vector<double> least = problem.costs.exact(problem.smallest_point).objectives;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const std::vector<double> cost = problem.costs.exact(problem.space.snap(random_point(26, i))).objectives;
    for (std::size_t j = 0; j < 3; ++j) EXPECT_LE(least[j], cost[j]);
  }
}

TEST(NetworkProblem, TakesLimitsThatTheSmallestNetworkJustMeets) {
  const Fixture fixture;
  const network::Cost least = smallest_cost(fixture.searched, *fixture.costs);
  EXPECT_EQ(fixture.refusal({.limits = {.rom = least.rom, .ram = least.ram, .flops = least.flops}}), "");
}

TEST(NetworkProblem, SaysWhatIsReachableWhenNoPointMeetsTheLimits) {
  const Fixture fixture;
  const network::Cost least = smallest_cost(fixture.searched, *fixture.costs);
  const std::string message =
      fixture.refusal({.where = "study.yaml", .limits = {.rom = least.rom - Bytes(1), .ram = Bytes(262144)}});
  EXPECT_THAT(message, AllOf(HasSubstr("study.yaml: limits: no network"),
                             HasSubstr("ROM " + std::to_string(least.rom.value - 1) + " B, RAM 262144 B"),
                             HasSubstr("ROM " + std::to_string(least.rom.value) + " B"),
                             HasSubstr("RAM " + std::to_string(least.ram.value) + " B"),
                             HasSubstr("FLOPs " + std::to_string(least.flops.value))));
}

TEST(NetworkProblem, RefusesObjectivesThatItDoesNotKnowOrHasTwice) {
  const Fixture fixture;
  EXPECT_THAT(fixture.refusal({.objectives = {"error", "latency"}}),
              HasSubstr("study: objectives: has 'latency'; allowed: error, rom, ram, flops"));
  EXPECT_THAT(fixture.refusal({.objectives = {"error", "rom", "rom"}}), HasSubstr("has 'rom' twice"));
  EXPECT_THAT(fixture.refusal({.objectives = {"rom", "ram"}}), HasSubstr("lacks 'error'"));
}

}  // namespace
}  // namespace parsimony::search
