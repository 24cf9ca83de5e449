#include "parsimony/solver/turbo.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/solver/turbo_region.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;

const SolverOptions kOneThread{{"threads", "1"}};

/// One measured objective of one float; rows with these values, of these regions (−1: of none).
struct Replayed {
  Problem problem;
  std::vector<Trial> rows;

  Replayed() {
    problem.space = space::Space(unit_floats(1));
    problem.objectives = {{"f", Source::measured, 1.0}};
  }
  void add(int region, double value, State state = State::complete, std::vector<double> constraints = {}) {
    const int number = static_cast<int>(rows.size()) + 1;
    rows.push_back({number,
                    {0.01 * number},
                    state,
                    {value},
                    std::move(constraints),
                    region < 0 ? "" : json{{"solver", "turbo"}, {"region", region}}.dump(),
                    {}});
  }
  TurboRegion region() const { return replay_turbo(problem, rows, Evidence(problem, rows), 1, 0.0); }
};

TEST(TurboRegion, DoublesAfterThreeSuccessesInARowUpToItsGreatestLength) {
  Replayed replayed;
  replayed.add(-1, 10.0);
  EXPECT_EQ(replayed.region().pace.length, 0.8);
  double value = 10.0;
  for (int k = 1; k <= 2; ++k) replayed.add(0, value -= 1.0);
  EXPECT_EQ(replayed.region().pace.length, 0.8);
  EXPECT_EQ(replayed.region().pace.successes, 2);
  replayed.add(0, value -= 1.0);
  EXPECT_EQ(replayed.region().pace.length, 1.6);
  EXPECT_EQ(replayed.region().pace.successes, 0);
  for (int k = 1; k <= 3; ++k) replayed.add(0, value -= 1.0);
  EXPECT_EQ(replayed.region().pace.length, 1.6);
}

TEST(TurboRegion, HalvesAfterItsToleranceOfFailuresAndCountsOnlyClearGains) {
  Replayed replayed;  // d = 1: four failures
  replayed.add(-1, 10.0);
  replayed.add(-1, 20.0);
  replayed.add(0, 9.9995);  // of a range of 10: a gain under 1e-4
  for (int k = 1; k <= 2; ++k) replayed.add(0, 15.0);
  EXPECT_EQ(replayed.region().pace.failures, 3);
  EXPECT_EQ(replayed.region().pace.length, 0.8);
  replayed.add(0, 15.0, State::failed);
  EXPECT_EQ(replayed.region().pace.length, 0.4);
  EXPECT_EQ(replayed.region().pace.failures, 0);
  EXPECT_EQ(turbo_rules(26).failures, 26);
  EXPECT_EQ(turbo_rules(2).failures, 4);
}

TEST(TurboRegion, ASuccessEndsAStreakOfFailures) {
  Replayed replayed;
  replayed.add(-1, 10.0);
  for (int k = 0; k < 3; ++k) replayed.add(0, 12.0);
  replayed.add(0, 5.0);
  for (int k = 0; k < 3; ++k) replayed.add(0, 12.0);
  EXPECT_EQ(replayed.region().pace.length, 0.8);
  EXPECT_EQ(replayed.region().pace.failures, 3);
}

TEST(TurboRegion, EndsBelowItsLeastLengthAndTheNextOneStartsAfresh) {
  Replayed replayed;
  replayed.add(-1, 1.0);
  for (int k = 0; k < 7 * 4 - 1; ++k) replayed.add(0, 2.0);  // 0.8·2⁻⁷ is below 2⁻⁷
  EXPECT_EQ(replayed.region().number, 0);
  EXPECT_EQ(replayed.region().pace.length, 0.8 * 0x1p-6);
  replayed.add(0, 2.0);
  const TurboRegion next = replayed.region();
  EXPECT_EQ(next.number, 1);
  EXPECT_EQ(next.pace.length, 0.8);
  EXPECT_FALSE(next.best) << "its centre is not the old one's";
  replayed.add(0, 0.1);  // a late row of the ended region
  replayed.add(-1, 0.1);
  replayed.add(1, 5.0);
  replayed.add(1, 6.0);  // both are its start: no failure
  EXPECT_EQ(replayed.region().pace.failures, 0);
  EXPECT_EQ(replayed.rows[*replayed.region().best].objectives[0], 5.0);
  replayed.add(1, 7.0);
  EXPECT_EQ(replayed.region().pace.failures, 1);
}

TEST(TurboRegion, PrefersFeasibleRowsThenLittleViolation) {
  Replayed replayed;
  replayed.problem.constraints = {{"c", Source::measured}};
  replayed.add(-1, 1.0, State::infeasible, {3.0});
  replayed.add(0, 2.0, State::infeasible, {2.0});
  EXPECT_EQ(replayed.region().pace.successes, 1);
  EXPECT_EQ(replayed.region().best, 1u);
  replayed.add(0, 9.0, State::complete, {-1.0});
  EXPECT_EQ(replayed.region().pace.successes, 2);
  EXPECT_EQ(replayed.region().best, 2u);
  replayed.add(0, 0.0, State::infeasible, {0.1});
  EXPECT_EQ(replayed.region().best, 2u);
}

TEST(Turbo, RecordsOfARunAreThoseOfTheReplayAndWeightsStayForARegion) {
  const Benchmark benchmark = dtlz2_benchmark(1 + 1, 2);
  const std::vector<Trial> history = run(benchmark, make_solver("turbo", kOneThread), 90, 1, 5);
  std::map<int, std::vector<double>> weights;
  for (std::size_t k = 5; k < history.size(); ++k) {
    const json record = json::parse(history[k].record);
    const std::vector<Trial> before(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(k));
    const TurboRegion region =
        replay_turbo(benchmark.problem, before, Evidence(benchmark.problem, before), 1, 0.05);
    EXPECT_EQ(record["region"], region.number);
    EXPECT_EQ(record["length"], region.pace.length);
    const auto recorded = record["weights"].get<std::vector<double>>();
    EXPECT_EQ(weights.emplace(region.number, recorded).first->second, recorded);
  }
  EXPECT_GE(weights.size(), 2u) << "no region ended";
  EXPECT_NE(weights.at(0), weights.at(1));
}

TEST(Turbo, ProposesInsideTheBoxOfItsRegion) {
  const Benchmark benchmark = dtlz2_benchmark(4, 2);
  const std::vector<Trial> history = run(benchmark, make_solver("turbo", kOneThread), 40, 1);
  for (std::size_t k = 10; k < history.size(); ++k) {
    const json record = json::parse(history[k].record);
    if (record["origin"] != "region") continue;
    const std::vector<Trial> before(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(k));
    const TurboRegion region =
        replay_turbo(benchmark.problem, before, Evidence(benchmark.problem, before), 1, 0.05);
    std::vector<std::vector<double>> lengthscales;
    for (const auto& [name, fit] : record["fit"]["objectives"].items())
      lengthscales.push_back(fit["lengthscales"].get<std::vector<double>>());
    const RegionBox box = region_box(benchmark.problem.space, before[*region.best].point, region.pace.length,
                                     side_weights(lengthscales, 4));
    EXPECT_TRUE(box.holds(benchmark.problem.space, history[k].point));
  }
}

TEST(Turbo, MinimisesOneObjective) {
  Benchmark benchmark = dtlz2_benchmark(5, 1);
  benchmark.evaluate = [](std::span<const double> x) {
    double sum = 0.0;
    for (const double coordinate : x) sum += (coordinate - 0.3) * (coordinate - 0.3);
    return Outcome{{sum}, {}};
  };
  double least = 1e9;
  for (const Trial& trial : run(benchmark, make_solver("turbo", kOneThread), 50, 1))
    least = std::min(least, trial.objectives[0]);
  EXPECT_LT(least, 2e-3);
}

TEST(Turbo, RefusesOptionsOutOfRange) {
  EXPECT_THROW(make_solver("turbo", {{"rho", "2"}}), InputError);
  EXPECT_THROW(make_solver("turbo", {{"candidates", "0"}}), InputError);
  EXPECT_THROW(make_solver("turbo", {{"threads", "-1"}}), InputError);
}

}  // namespace
}  // namespace parsimony::solver
