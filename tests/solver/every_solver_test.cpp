#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/solver.hpp"
#include "support.hpp"

/// What every solver promises (solver.hpp), for each name in the registry.
namespace parsimony::solver {
namespace {

class EverySolver : public testing::TestWithParam<std::string> {
 protected:
  Solver solver(int threads = 1) const { return make_solver(GetParam(), quick(GetParam(), threads)); }
};

INSTANTIATE_TEST_SUITE_P(, EverySolver, testing::ValuesIn(solver_names()), [](const auto& instance) {
  std::string name = instance.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST_P(EverySolver, ProposesExactlyTheCountOfNewSnappedPointsWithinTheLimits) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 60; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const Problem& problem = benchmark.problem;
    const std::vector<Trial> history = random_history(benchmark, static_cast<int>(stream.below(14)), stream);
    std::vector<Pending> pending;
    for (std::uint64_t k = stream.below(3); k-- > 0;) {
      Point point(static_cast<std::size_t>(problem.space.dimension()));
      for (double& coordinate : point) coordinate = stream.uniform();
      pending.push_back({static_cast<int>(history.size() + pending.size()) + 1, problem.space.snap(point)});
    }
    const Question question{history, pending, 1 + static_cast<int>(stream.below(4)),
                            static_cast<int>(history.size() + pending.size()) + 1, stream.bits()};
    const Answer answer = solver().ask(problem, question);
    EXPECT_EQ(answer.exhausted, static_cast<int>(answer.proposals.size()) < question.count);
    PointSet known = known_points(problem, question);
    for (const Proposal& proposal : answer.proposals) {
      EXPECT_EQ(problem.space.snap(proposal.point), proposal.point);
      EXPECT_TRUE(within_limits(problem, proposal.point));
      EXPECT_TRUE(known.insert(proposal.point)) << "a known point";
      EXPECT_TRUE(nlohmann::json::parse(proposal.record).is_object());
    }
  }
}

TEST_P(EverySolver, AnswersTheSameBitForBitForAnyNumberOfThreadsAndAfterOtherAsks) {
  RandomStream stream(2, 0, "test");
  const Solver used = solver(1);
  for (int repeat = 0; repeat < 12; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const std::vector<Trial> history = random_history(benchmark, 12, stream);
    const Question question{history, {}, 2, 13, stream.bits()};
    const Answer first = used.ask(benchmark.problem, question);
    EXPECT_TRUE(same(first, used.ask(benchmark.problem, question)));
    for (const int threads : {1, 2, 4})
      EXPECT_TRUE(same(first, solver(threads).ask(benchmark.problem, question)));
  }
}

TEST_P(EverySolver, AnswersTheSameForAnyNumberOfThreadsToLongHistoriesByItsDefaultsToo) {
  RandomStream stream(6, 0, "test");
  const Benchmark benchmark = of_every_kind();
  const std::vector<Trial> history = random_history(benchmark, 60, stream);
  const auto answer = [&](int threads) {
    SolverOptions options;
    if (quick(GetParam()).contains("threads")) options["threads"] = std::to_string(threads);
    return make_solver(GetParam(), options).ask(benchmark.problem, {history, {}, 2, 61, 5});
  };
  const Answer first = answer(1);
  EXPECT_EQ(first.proposals.size(), 2u);
  for (const int threads : {2, 4}) EXPECT_TRUE(same(first, answer(threads))) << threads;
}

TEST_P(EverySolver, TwoAsksOfOneEqualOneAskOfTwoWhenTheFirstIsPending) {
  if (GetParam() == "ars-batch") GTEST_SKIP() << "takes the states of one training";
  RandomStream stream(3, 0, "test");
  for (int repeat = 0; repeat < 8; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const std::vector<Trial> history = random_history(benchmark, 10, stream);
    const Answer both = solver().ask(benchmark.problem, {history, {}, 2, 11, 5});
    if (both.proposals.size() < 2) continue;
    const std::vector<Pending> pending{{11, both.proposals[0].point}};
    const Answer second = solver().ask(benchmark.problem, {history, pending, 1, 12, 5});
    ASSERT_EQ(second.proposals.size(), 1u);
    EXPECT_EQ(second.proposals[0].point, both.proposals[1].point);
    EXPECT_EQ(second.proposals[0].record, both.proposals[1].record);
  }
}

TEST_P(EverySolver, SpendsExactlyTheBudgetItWasGiven) {
  Benchmark benchmark = dtlz2_benchmark(3, 2);
  int evaluations = 0;
  benchmark.evaluate = [&evaluations](std::span<const double> x) {
    ++evaluations;
    return Outcome{dtlz2(x, 2), {}};
  };
  EXPECT_EQ(run(benchmark, solver(), 30, 1).size(), 30u);
  EXPECT_EQ(evaluations, 30);
}

TEST_P(EverySolver, SpendsExactlyTheBudgetOnDifferentPointsWhileOthersArePending) {
  const Benchmark benchmark = of_every_kind();
  constexpr int kTrials = 29, kInFlight = 5;
  std::vector<Trial> history, in_flight;
  PointSet different;
  int evaluations = 0;
  for (const auto& point : initial_design(benchmark.problem, 8, 3)) {
    history.push_back(evaluated(benchmark, ++evaluations, point, ""));
    EXPECT_TRUE(different.insert(point));
  }
  while (evaluations < kTrials) {
    std::vector<Pending> pending;
    for (const Trial& trial : in_flight) pending.push_back({trial.number, trial.point});
    const int count = std::min(kInFlight - static_cast<int>(pending.size()), kTrials - evaluations);
    const Question question{history, pending, count, evaluations + 1, 3};
    const Answer answer = solver().ask(benchmark.problem, question);
    ASSERT_EQ(static_cast<int>(answer.proposals.size()), count);
    for (const Proposal& proposal : answer.proposals) {
      EXPECT_TRUE(different.insert(proposal.point));
      EXPECT_TRUE(within_limits(benchmark.problem, proposal.point));
      EXPECT_EQ(benchmark.problem.space.snap(proposal.point), proposal.point);
      in_flight.push_back(evaluated(benchmark, ++evaluations, proposal.point, proposal.record));
    }
    history.insert(history.end(), in_flight.begin(), in_flight.begin() + 2);  // the first two end
    in_flight.erase(in_flight.begin(), in_flight.begin() + 2);
  }
  EXPECT_EQ(history.size() + in_flight.size(), static_cast<std::size_t>(kTrials));
}

TEST_P(EverySolver, DecodesToLegalValuesOfEveryKindOfParameter) {
  Benchmark benchmark = dtlz2_benchmark(5, 2);
  benchmark.problem.space = space::Space(
      {space::FloatParameter{"float", -2.5, 7.5}, space::FloatParameter{"log float", 1e-5, 1e-1, true},
       space::IntegerParameter{"integer", -3, 3}, space::IntegerParameter{"log integer", 1, 500, true},
       space::CategoricalParameter{"choice", {"a", "b", "c"}}});
  for (const Trial& trial : run(benchmark, solver(), 45, 2)) {
    const space::Configuration values = benchmark.problem.space.decode(trial.point);
    EXPECT_TRUE(std::get<double>(values[0]) >= -2.5 && std::get<double>(values[0]) <= 7.5);
    EXPECT_TRUE(std::get<double>(values[1]) >= 1e-5 && std::get<double>(values[1]) <= 1e-1);
    EXPECT_LE(std::abs(std::get<std::int64_t>(values[2])), 3);
    EXPECT_TRUE(std::get<std::int64_t>(values[3]) >= 1 && std::get<std::int64_t>(values[3]) <= 500);
    EXPECT_EQ(std::string("abc").find(std::get<std::string>(values[4])) == std::string::npos, false);
    EXPECT_EQ(benchmark.problem.space.encode(values), trial.point);
  }
}

/// 3 × 3 points, nothing limited.
Benchmark nine_points() {
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  benchmark.problem.space =
      space::Space({space::IntegerParameter{"a", 1, 3}, space::CategoricalParameter{"b", {"x", "y", "z"}}});
  return benchmark;
}

TEST_P(EverySolver, UsesUpADiscreteSpaceAndThenSaysSo) {
  const Benchmark benchmark = nine_points();
  const std::vector<Trial> history = run(benchmark, solver(), 20, 1, 4);
  EXPECT_EQ(history.size(), 9u);
  const Answer answer = solver().ask(benchmark.problem, {history, {}, 1, 10, 1});
  EXPECT_TRUE(answer.exhausted);
  EXPECT_TRUE(answer.proposals.empty());
}

TEST_P(EverySolver, ProposesEachPointThatIsNeitherKnownNorPendingOnceAndThenSaysSo) {
  const Benchmark benchmark = nine_points();
  std::vector<Trial> history = run(benchmark, make_solver("random"), 4, 7, 4);
  const std::vector<Pending> pending{{4, history.back().point}};
  history.pop_back();
  const Answer answer = solver().ask(benchmark.problem, {history, pending, 20, 5, 7});
  EXPECT_TRUE(answer.exhausted);
  PointSet different = known_points(benchmark.problem, {history, pending, 1, 5, 7});
  for (const Proposal& proposal : answer.proposals) EXPECT_TRUE(different.insert(proposal.point));
  EXPECT_EQ(answer.proposals.size(), 5u);
}

TEST_P(EverySolver, HoldsEveryProposalAgainstTheExactCosts) {
  Benchmark benchmark = dtlz2_benchmark(3, 2);
  benchmark.problem.constraints = {{"c", Source::computed}};
  const auto limit = [](std::span<const double> x) { return x[0] + x[1] - 0.7; };
  benchmark.problem.costs = costs_by([limit](std::span<const double> x) { return Costs{{}, {limit(x)}}; }, 3);
  benchmark.problem.costs.estimate = [](std::span<const double>, std::int64_t n, Costs& costs) {
    costs = {{}, std::vector<double>(static_cast<std::size_t>(n), -1.0)};  // "may be within the limit"
  };
  benchmark.evaluate = [limit](std::span<const double> x) { return Outcome{dtlz2(x, 2), {limit(x)}}; };
  for (const Trial& trial : run(benchmark, solver(), 40, 1)) EXPECT_EQ(trial.state, State::complete);
}

TEST_P(EverySolver, FindsTheOnlyPointWithinTheLimits) {
  Benchmark benchmark = nine_points();
  benchmark.problem.constraints = {{"c", Source::computed}};
  benchmark.problem.costs = costs_by(
      [](std::span<const double> x) {
        return Costs{{}, {x[0] + x[1] - 0.4}};
      },
      2);
  const Answer answer = solver().ask(benchmark.problem, {{}, {}, 2, 1, 1});
  ASSERT_EQ(answer.proposals.size(), 1u);
  EXPECT_TRUE(answer.exhausted);
  EXPECT_TRUE(within_limits(benchmark.problem, answer.proposals[0].point));
}

TEST_P(EverySolver, UsesUpWhatTheLimitsLeave) {
  RandomStream stream(4, 0, "test");
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  Problem& problem = benchmark.problem;
  problem.space = space::Space({space::IntegerParameter{"a", 1, 40}, space::IntegerParameter{"b", 1, 40}});
  problem.constraints = {{"c", Source::computed}};
  const auto limit = [](std::span<const double> x) { return x[0] + x[1] - 0.1; };
  problem.costs = costs_by([limit](std::span<const double> x) { return Costs{{}, {limit(x)}}; }, 2);
  benchmark.evaluate = [limit](std::span<const double> x) { return Outcome{dtlz2(x, 2), {limit(x)}}; };
  int allowed = 0;
  for (int a = 0; a < 40; ++a)
    for (int b = 0; b < 40; ++b) allowed += limit(std::vector{(a + 0.5) / 40, (b + 0.5) / 40}) <= 0.0;
  const std::vector<Trial> history = run(benchmark, solver(), 1600, 1, 3);
  EXPECT_EQ(static_cast<int>(history.size()), allowed);
}

TEST_P(EverySolver, AnswersAnEmptyHistory) {
  const Benchmark benchmark = deployment_toy(3);
  const Answer answer = solver().ask(benchmark.problem, {{}, {}, 3, 1, 1});
  EXPECT_EQ(answer.proposals.size(), 3u);
}

TEST_P(EverySolver, AnswersHistoriesWithoutAnyOrWithOneFeasibleRowAndWithEqualOutcomes) {
  for (const int feasible : {0, 1, 12}) {
    const Benchmark benchmark = deployment_toy(3);
    std::vector<Trial> history;
    for (const auto& point : initial_design(benchmark.problem, 12, 1)) {
      const int number = static_cast<int>(history.size()) + 1;
      history.push_back(evaluated(benchmark, number, point, ""));
      history.back().objectives[0] = 0.5;
      if (number > feasible) history.back().state = number % 2 ? State::failed : State::infeasible;
      if (history.back().state == State::failed) history.back().objectives[0] = std::nan("");
    }
    const Answer answer = solver().ask(benchmark.problem, {history, {}, 2, 13, 1});
    EXPECT_EQ(answer.proposals.size(), 2u) << feasible;
  }
}

TEST_P(EverySolver, AnswersWhenEveryRowFailed) {
  const Benchmark benchmark = deployment_toy(3);
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, 25, 1)) {
    history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
    history.back().state = State::failed;
    history.back().objectives[0] = std::nan("");
  }
  EXPECT_EQ(solver().ask(benchmark.problem, {history, {}, 2, 26, 1}).proposals.size(), 2u);
}

TEST_P(EverySolver, AnswersWhenAllOutcomesAreEqual) {
  Benchmark benchmark = dtlz2_benchmark(3, 2);
  benchmark.problem.constraints = {{"c", Source::measured}};
  for (const double constraint : {-1.0, 0.0, 1.0}) {  // feasible, just so, infeasible
    benchmark.evaluate = [constraint](std::span<const double>) { return Outcome{{0.5, 0.5}, {constraint}}; };
    EXPECT_EQ(run(benchmark, solver(), 32, 1).size(), 32u);
  }
}

TEST_P(EverySolver, AnswersHistoriesWithNoOneAndManyRowsThatMeetAMeasuredConstraint) {
  for (const int feasible : {0, 1, 14}) {
    Benchmark benchmark = of_every_kind();
    int row = 0;
    const auto evaluate = benchmark.evaluate;
    benchmark.evaluate = [&](std::span<const double> x) {
      Outcome outcome = evaluate(x);
      outcome.constraints[1] = row++ < feasible ? -0.1 : 0.3 + x[0];
      return outcome;
    };
    std::vector<Trial> history;
    for (const auto& point : initial_design(benchmark.problem, 14, 2))
      history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
    EXPECT_EQ(Evidence(benchmark.problem, history).feasible.size(), static_cast<std::size_t>(feasible));
    EXPECT_EQ(solver().ask(benchmark.problem, {history, {}, 3, 15, 1}).proposals.size(), 3u) << feasible;
  }
}

TEST_P(EverySolver, AnswersHistoriesWithOutcomesOfAnySize) {
  RandomStream stream(7, 0, "test");
  const double sizes[] = {1e300, -1e300, 1e100, -1e100, 1e-300, 0.0, 1e12, std::nan(""), HUGE_VAL, -HUGE_VAL};
  for (int repeat = 0; repeat < 30; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const Problem& problem = benchmark.problem;
    std::vector<Trial> history = random_history(benchmark, 14, stream);
    const double share = stream.uniform();
    for (Trial& trial : history) {
      for (std::size_t j = 0; j < trial.objectives.size(); ++j)
        if (problem.objectives[j].source == Source::measured && stream.uniform() < share)
          trial.objectives[j] = sizes[stream.below(std::size(sizes))];
      for (std::size_t j = 0; j < trial.constraints.size(); ++j)
        if (problem.constraints[j].source == Source::measured && stream.uniform() < share)
          trial.constraints[j] = sizes[stream.below(std::size(sizes))];
    }
    const Question question{history, {}, 2, 15, stream.bits()};
    const Answer answer = solver().ask(problem, question);
    EXPECT_EQ(answer.exhausted, answer.proposals.size() < 2u);
    PointSet known = known_points(problem, question);
    for (const Proposal& proposal : answer.proposals) {
      EXPECT_EQ(problem.space.snap(proposal.point), proposal.point);
      EXPECT_TRUE(within_limits(problem, proposal.point));
      EXPECT_TRUE(known.insert(proposal.point));
      EXPECT_TRUE(nlohmann::json::accept(proposal.record));
    }
  }
}

TEST_P(EverySolver, AnswersAHistoryWithRowsMissing) {
  RandomStream stream(5, 0, "test");
  const Benchmark benchmark = deployment_toy(3);
  std::vector<Trial> history;
  for (Trial& trial : random_history(benchmark, 60, stream))
    if (trial.number % 3 > 0) history.push_back(std::move(trial));
  const Answer answer = solver().ask(benchmark.problem, {history, {}, 2, 61, 1});
  EXPECT_EQ(answer.proposals.size(), 2u);
}

TEST_P(EverySolver, AcceptsRecordsOfAnyKind) {
  const Benchmark benchmark = deployment_toy(3);
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, 6, 1))
    history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
  const char* records[] = {
      "",
      "no json",
      "[1, 2]",
      R"({"fit": 3})",
      R"({"fit": {"objectives": {"error": {"lengthscales": ["x"], "noise": null}}}})",
      R"({"fit": {"objectives": {"error": {"lengthscales": [1], "noise": -1, "output_scale": 0}}}})"};
  for (const char* record : records) {
    history.back().record = record;
    EXPECT_EQ(solver().ask(benchmark.problem, {history, {}, 1, 7, 1}).proposals.size(), 1u) << record;
  }
}

}  // namespace
}  // namespace parsimony::solver
