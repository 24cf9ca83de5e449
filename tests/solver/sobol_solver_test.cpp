#include "parsimony/solver/sobol_solver.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parsimony/space/sobol.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

TEST(SobolSolver, ProposesTheScrambledSequenceFromItsFirstPointOn) {
  const Benchmark benchmark = dtlz2_benchmark(5, 2);
  const std::vector<Trial> history = run(benchmark, make_solver("sobol"), 110, 3);  // 10 of the design
  RandomStream stream(3, 0, "sobol");
  const std::vector<double> sequence = space::sobol_points(100, 5, stream);
  for (std::size_t k = 0; k < 100; ++k) {
    const Point expected = benchmark.problem.space.snap(std::span(sequence).subspan(5 * k, 5));
    EXPECT_EQ(history[k + 10].point, expected);
    EXPECT_EQ(nlohmann::json::parse(history[k + 10].record)["index"], k);
  }
}

TEST(SobolSolver, LeavesOutWhatIsKnownOrOverALimitAndNothingElse) {
  Benchmark benchmark = dtlz2_benchmark(2, 2);
  benchmark.problem.constraints = {{"c", Source::computed}};
  benchmark.problem.costs = costs_by([](std::span<const double> x) { return Costs{{}, {x[0] - 0.25}}; }, 2);
  RandomStream stream(3, 0, "sobol");
  const std::vector<double> sequence = space::sobol_points(400, 2, stream);
  std::vector<Point> allowed;
  for (std::size_t k = 0; k < 400; ++k) {
    Point point = benchmark.problem.space.snap(std::span(sequence).subspan(2 * k, 2));
    if (point[0] <= 0.25) allowed.push_back(std::move(point));
  }
  const std::vector<Pending> pending{{1, allowed[1]}};
  const Answer answer = make_solver("sobol").ask(benchmark.problem, {{}, pending, 60, 2, 3});
  ASSERT_EQ(answer.proposals.size(), 60u);
  EXPECT_EQ(answer.proposals[0].point, allowed[0]);
  for (std::size_t k = 1; k < 60; ++k) EXPECT_EQ(answer.proposals[k].point, allowed[k + 1]);
}

TEST(SobolSolver, GoesOnAtRandomWhereTheSequenceMeetsNoLimit) {
  Benchmark benchmark = dtlz2_benchmark(3, 2);
  benchmark.problem.smallest_point = {0.0, 0.0, 0.0};
  benchmark.problem.constraints = {{"c", Source::computed}};
  benchmark.problem.costs = costs_by(
      [](std::span<const double> x) {
        return Costs{{}, {x[0] + x[1] - 1e-6}};
      },
      3);
  const Answer answer = make_solver("sobol").ask(benchmark.problem, {{}, {}, 3, 1, 3});
  ASSERT_EQ(answer.proposals.size(), 3u);
  for (const Proposal& proposal : answer.proposals)
    EXPECT_EQ(nlohmann::json::parse(proposal.record)["origin"], "random");
}

TEST(SobolSolver, AnswersInMoreDimensionsThanThereAreDirectionNumbers) {
  const Benchmark benchmark = dtlz2_benchmark(300, 2);
  const Answer answer = make_solver("sobol").ask(benchmark.problem, {{}, {}, 8, 1, 3});
  ASSERT_EQ(answer.proposals.size(), 8u);
  EXPECT_NE(answer.proposals[0].point[299], answer.proposals[1].point[299]);
}

}  // namespace
}  // namespace parsimony::solver
