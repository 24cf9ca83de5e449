#include "parsimony/solver/lhs.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support.hpp"

namespace parsimony::solver {
namespace {

TEST(Lhs, PutsOnePointOfABlockIntoEachStratumOfEachParameter) {
  const Benchmark benchmark = dtlz2_benchmark(4, 2);
  const Solver solver = make_solver("lhs", {{"block", "8"}});
  const Answer answer = solver.ask(benchmark.problem, {{}, {}, 24, 9, 3});  // blocks 1 to 3
  for (std::size_t block = 0; block < 3; ++block) {
    for (std::size_t i = 0; i < 4; ++i) {
      std::set<int> strata;
      for (std::size_t row = 0; row < 8; ++row)
        strata.insert(static_cast<int>(8 * answer.proposals[8 * block + row].point[i]));
      EXPECT_EQ(strata.size(), 8u);
    }
  }
}

TEST(Lhs, GivesATrialTheSameRowWhateverTheHistory) {
  const Benchmark benchmark = dtlz2_benchmark(4, 2);
  const Solver solver = make_solver("lhs");
  const std::vector<Trial> history = run(benchmark, make_solver("random"), 16, 1);
  const Answer with = solver.ask(benchmark.problem, {history, {}, 1, 17, 3});
  const Answer without = solver.ask(benchmark.problem, {{}, {}, 1, 17, 3});
  EXPECT_EQ(with.proposals[0].point, without.proposals[0].point);
  const auto record = nlohmann::json::parse(with.proposals[0].record);
  EXPECT_EQ(record["block"], 1);
  EXPECT_EQ(record["row"], 6);
  EXPECT_NE(solver.ask(benchmark.problem, {{}, {}, 1, 17, 4}).proposals[0].point, with.proposals[0].point);
}

TEST(Lhs, StaysInItsStratumWhileThatHoldsANewPointWithinTheLimits) {
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  benchmark.problem.constraints = {{"c", Source::computed}};
  benchmark.problem.costs = costs_by(
      [](std::span<const double> x) {
        return Costs{{}, {10.0 * x[0] - std::floor(10.0 * x[0]) - 0.3}};
      },
      2);
  const Answer answer = make_solver("lhs").ask(benchmark.problem, {{}, {}, 10, 1, 3});
  std::set<int> strata;
  for (const Proposal& proposal : answer.proposals) strata.insert(static_cast<int>(10 * proposal.point[0]));
  EXPECT_EQ(strata.size(), 10u);
}

}  // namespace
}  // namespace parsimony::solver
