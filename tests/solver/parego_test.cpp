#include "parsimony/solver/parego.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;

const SolverOptions kOneThread{{"threads", "1"}};

TEST(Parego, DrawsNewWeightsOnTheSimplexForEveryProposal) {
  const Benchmark benchmark = dtlz2_benchmark(3, 3);
  const std::vector<Trial> history = run(benchmark, make_solver("random"), 12, 1);
  const Answer answer = make_solver("parego", kOneThread).ask(benchmark.problem, {history, {}, 5, 13, 1});
  std::set<std::vector<double>> different;
  for (const Proposal& proposal : answer.proposals) {
    const auto weights = json::parse(proposal.record)["weights"].get<std::vector<double>>();
    ASSERT_EQ(weights.size(), 3u);
    EXPECT_NEAR(weights[0] + weights[1] + weights[2], 1.0, 1e-12);
    for (const double weight : weights) EXPECT_GE(weight, 0.0);
    different.insert(weights);
  }
  EXPECT_EQ(different.size(), 5u);
}

TEST(Parego, LooksForAFeasiblePointFirstAndFindsIt) {
  Benchmark benchmark = dtlz2_benchmark(4, 2);
  benchmark.problem.constraints = {{"c", Source::measured}};
  benchmark.evaluate = [](std::span<const double> x) {
    double sum = -0.02;
    for (const double coordinate : x) sum += (coordinate - 0.15) * (coordinate - 0.15);
    return Outcome{dtlz2(x, 2), {sum}};
  };
  const std::vector<Trial> history = run(benchmark, make_solver("parego", kOneThread), 25, 1);
  bool feasible = false;
  for (const Trial& trial : history) {
    if (trial.number > 10) {
      EXPECT_EQ(json::parse(trial.record)["origin"], feasible ? "improvement" : "feasibility");
    }
    feasible |= trial.state == State::complete;
  }
  EXPECT_TRUE(feasible);
}

TEST(Parego, ImprovesMoreThanRandomPoints) {
  const Benchmark benchmark = dtlz2_benchmark(6, 2);  // 0.4246 at most, of which random points find 0.15
  const std::vector<Trial> history = run(benchmark, make_solver("parego", kOneThread), 60, 2);
  EXPECT_GT(hypervolume_of(benchmark.problem, history), 0.32);
}

TEST(Parego, KnowsComputedObjectivesExactly) {
  // The front of (x, 1 − x) is had without any evaluation, so that every proposal lies on it.
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  for (Objective& objective : benchmark.problem.objectives) objective.source = Source::computed;
  const auto costs = [](std::span<const double> x) { return Costs{{x[0] + x[1], 1.0 - x[0] + x[1]}, {}}; };
  benchmark.problem.costs = costs_by(costs, 2);
  benchmark.evaluate = [costs](std::span<const double> x) { return Outcome{costs(x).objectives, {}}; };
  const std::vector<Trial> history = run(benchmark, make_solver("parego", kOneThread), 16, 1, 6);
  for (std::size_t k = 6; k < history.size(); ++k) EXPECT_LT(history[k].point[1], 0.02);
}

TEST(Parego, RefusesOptionsOutOfRange) {
  EXPECT_THROW(make_solver("parego", {{"rho", "-1"}}), InputError);
  EXPECT_THROW(make_solver("parego", {{"base_samples", "0"}}), InputError);
  EXPECT_THROW(make_solver("parego", {{"restarts", "0"}}), InputError);
  EXPECT_THROW(make_solver("parego", {{"threads", "-1"}}), InputError);
}

}  // namespace
}  // namespace parsimony::solver
