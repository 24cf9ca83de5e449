#include "parsimony/solver/ars.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parsimony/solver/improvement_acquisition.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;

std::vector<Trial> design_history(const Benchmark& bench, int rows, std::uint64_t seed) {
  std::vector<Trial> history;
  for (const auto& point : initial_design(bench.problem, rows, seed))
    history.push_back(evaluated(bench, static_cast<int>(history.size()) + 1, point, ""));
  return history;
}

json record_of(const Answer& answer) {
  return json::parse(answer.proposals.at(0).record);
}

TEST(Ars, RecordsItsFitItsWeightsAndWhereTheProposalCameFrom) {
  const Benchmark bench = deployment_toy(3);
  const Answer answer =
      make_solver("ars", quick("ars")).ask(bench.problem, {design_history(bench, 10, 1), {}, 1, 11, 1});
  const json record = record_of(answer);
  EXPECT_EQ(record["fit"]["objectives"]["error"]["lengthscales"].size(), 5u);
  EXPECT_FALSE(record["fit"]["objectives"].contains("rom"));  // computed: never modelled
  EXPECT_EQ(record["weights"].size(), 5u);                    // each agent has its own
  EXPECT_EQ(record["weights"][4].size(), 4u);
  EXPECT_THAT(record["origin"].get<std::string>(), testing::EndsWith("rollout"));
}

TEST(Ars, StartsItsFitFromTheLatestRecordInTheHistory) {
  const Benchmark bench = dtlz2_benchmark(3, 2);
  std::vector<Trial> history = design_history(bench, 20, 1);
  const Solver solver = make_solver("ars", quick("ars"));
  const json cold = record_of(solver.ask(bench.problem, {history, {}, 1, 21, 1}));
  history[7].record = json{{"fit", cold["fit"]}}.dump();
  const json warm = record_of(solver.ask(bench.problem, {history, {}, 1, 21, 1}));
  const auto lengthscale = [](const json& record) {
    return record["fit"]["objectives"]["f0"]["lengthscales"][0].get<double>();
  };
  EXPECT_NE(lengthscale(warm), lengthscale(cold));  // it went on from there, so some last bits differ,
  EXPECT_NEAR(lengthscale(warm) / lengthscale(cold), 1.0, 0.05);  // and found the same optimum
}

TEST(Ars, NeverModelsWhereNothingIsMeasured) {
  Benchmark bench = deployment_toy(4);
  for (Objective& objective : bench.problem.objectives) objective.source = Source::computed;
  const auto three = bench.problem.costs.exact;
  const auto four = [three](std::span<const double> x) {
    Costs costs = three(x);
    costs.objectives.insert(costs.objectives.begin(), 0.5 + 0.5 * (x[0] - 0.5) * (x[0] - 0.5));
    return costs;
  };
  bench.problem.costs = costs_by(four, 6);
  bench.evaluate = [four](std::span<const double> x) {
    return Outcome{four(x).objectives, four(x).constraints};
  };
  const std::vector<Trial> history = run(bench, make_solver("ars", quick("ars")), 30, 1);
  EXPECT_EQ(history.size(), 30u);
  EXPECT_TRUE(json::parse(history.back().record)["fit"]["objectives"].empty());
}

TEST(Ars, ConsidersPendingPointsInItsModel) {
  const Benchmark bench = dtlz2_benchmark(4, 2);
  const std::vector<Trial> history = design_history(bench, 15, 1);
  const Solver solver = make_solver("ars", quick("ars"));
  const Answer alone = solver.ask(bench.problem, {history, {}, 1, 17, 1});
  const std::vector<Pending> pending{{16, bench.problem.space.snap(std::vector{0.3, 0.5, 0.5, 0.5})}};
  const Answer beside = solver.ask(bench.problem, {history, pending, 1, 17, 1});
  EXPECT_NE(record_of(alone)["value"], record_of(beside)["value"]);
  EXPECT_EQ(record_of(alone)["fit"], record_of(beside)["fit"]);
}

TEST(Ars, FallsBackOnNeighboursWhereAllRolloutsAreKnown) {
  // A policy that cannot leave its starts: all rollouts end at known points.
  Benchmark bench = dtlz2_benchmark(2, 2);
  bench.problem.space =
      space::Space({space::IntegerParameter{"a", 1, 50}, space::IntegerParameter{"b", 1, 50}});
  SolverOptions options = quick("ars");
  options["action_scale"] = "1e-6";
  options["climbs"] = "0";
  const std::vector<Trial> history = design_history(bench, 10, 1);
  const Answer answer = make_solver("ars", options).ask(bench.problem, {history, {}, 1, 11, 1});
  EXPECT_EQ(record_of(answer)["origin"], "neighbour");
  double nearest = 1.0;
  for (const Trial& trial : history)
    nearest = std::min(nearest, std::abs(trial.point[0] - answer.proposals[0].point[0]) +
                                    std::abs(trial.point[1] - answer.proposals[0].point[1]));
  EXPECT_NEAR(nearest, 1.0 / 50, 1e-9);
}

TEST(Ars, TakesTheBestOfAllAgentsAndTheBatchVariantThatOfEach) {
  const Benchmark bench = dtlz2_benchmark(5, 2);
  const std::vector<Trial> history = design_history(bench, 20, 1);
  SolverOptions options = quick("ars");
  options["choice"] = "reward";
  const Answer batch = make_solver("ars-batch", options).ask(bench.problem, {history, {}, 5, 21, 1});
  ASSERT_EQ(batch.proposals.size(), 5u);
  double best = -1.0;
  for (const Proposal& proposal : batch.proposals) {
    EXPECT_EQ(json::parse(proposal.record)["weights"], record_of(batch)["weights"]);  // of one training
    best = std::max(best, json::parse(proposal.record)["value"].get<double>());
  }
  const Answer one = make_solver("ars", options).ask(bench.problem, {history, {}, 1, 21, 1});
  EXPECT_EQ(record_of(one)["value"].get<double>(), best);
}

TEST(Ars, TheBatchVariantAskedForOnePointIsArs) {
  const Benchmark bench = deployment_toy(4);
  const std::vector<Trial> history = design_history(bench, 20, 1);
  const auto point = [&](const char* name) {
    return make_solver(name, quick(name)).ask(bench.problem, {history, {}, 1, 21, 1}).proposals.at(0).point;
  };
  EXPECT_EQ(point("ars-batch"), point("ars"));
}

/// Log expected hypervolume improvement of a point after that history, by the model of default options.
double improvement_at(const Benchmark& bench, const std::vector<Trial>& history,
                      const std::vector<double>& point) {
  ThreadPool pool(1);
  const Evidence evidence(bench.problem, history);
  const Belief belief = fit_belief(bench.problem, evidence, history, {}, pool);
  const ImprovementAcquisition improvement(bench.problem, belief,
                                           believed_front(bench.problem, evidence, belief, {}));
  return improvement.exact_value(point);
}

TEST(Ars, ChoosesByHypervolumeWhatImprovesItMoreThanTheChoiceByReward) {
  for (const Benchmark& bench : {dtlz2_benchmark(5, 2), deployment_toy(4)}) {
    const std::vector<Trial> history = design_history(bench, 20, 1);
    SolverOptions options = quick("ars");
    const auto value = [&](const char* choice, const char* climbs) {
      options["choice"] = choice;
      options["climbs"] = climbs;
      const Answer answer = make_solver("ars", options).ask(bench.problem, {history, {}, 1, 22, 1});
      return improvement_at(bench, history, answer.proposals.at(0).point);
    };
    const double by_reward = value("reward", "0"), by_hypervolume = value("hypervolume", "0");
    EXPECT_GT(by_hypervolume, by_reward);
    EXPECT_GT(value("hypervolume", "2"), by_hypervolume);  // climbs go on from there
  }
}

TEST(Ars, ExplorersAreAgentsMore) {
  const Benchmark bench = dtlz2_benchmark(5, 2);
  SolverOptions options = quick("ars");
  options["explorers"] = "3";
  const Answer answer =
      make_solver("ars", options).ask(bench.problem, {design_history(bench, 20, 1), {}, 1, 21, 1});
  EXPECT_EQ(record_of(answer)["weights"].size(), 8u);
}

TEST(Ars, PaperPresetProposesTheBestStateOfAnyRolloutOfTheLastStep) {
  const Benchmark bench = dtlz2_benchmark(5, 2);
  const std::vector<Trial> history = design_history(bench, 20, 1);
  SolverOptions options = quick("ars");
  options["preset"] = "paper";
  const Answer answer = make_solver("ars", options).ask(bench.problem, {history, {}, 1, 21, 1});
  EXPECT_EQ(record_of(answer)["origin"], "noisy rollout");
  const ArsOptions paper = parse_ars_options({{"preset", "paper"}});
  EXPECT_EQ(paper.directions, 3000);
  EXPECT_EQ(paper.learning_rate, 1e-3);
}

// Quality: the mean of seeds 1 to 3.

double summed_hypervolume(const Benchmark& bench, const std::string& name, int trials) {
  SolverOptions options;
  if (name != "random") options = {{"directions", "100"}, {"top_share", "0.03"}, {"steps", "6"}};
  double sum = 0.0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    sum += hypervolume_of(bench.problem, run(bench, make_solver(name, options), trials, seed));
  return sum / 3.0;
}

TEST(ArsQuality, BeatsRandomClearlyOnDtlz2) {
  const Benchmark bench = dtlz2_benchmark(6, 2);
  EXPECT_GT(summed_hypervolume(bench, "ars", 50), 1.6 * summed_hypervolume(bench, "random", 50));
}

TEST(ArsQuality, BeatsRandomClearlyWhereCostsAreComputed) {
  const Benchmark bench = deployment_toy(6);
  EXPECT_GT(summed_hypervolume(bench, "ars", 40), 1.2 * summed_hypervolume(bench, "random", 40));
}

}  // namespace
}  // namespace parsimony::solver
