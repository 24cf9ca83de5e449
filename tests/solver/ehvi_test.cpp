#include "parsimony/solver/ehvi.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/solver/improvement_acquisition.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

EhviOptions single_thread() {
  EhviOptions options;
  options.threads = 1;
  return options;
}

TEST(ImprovementAcquisition, GradientEqualsFiniteDifferences) {
  RandomStream stream(1, 0, "test");
  ThreadPool pool(1);
  for (int repeat = 0; repeat < 30; ++repeat) {
    const Benchmark benchmark = random_benchmark(stream);
    const std::vector<Trial> history = random_history(benchmark, 12, stream);
    const Evidence evidence(benchmark.problem, history);
    if (evidence.rows() == 0) continue;
    const Belief belief = fit_belief(benchmark.problem, evidence, history, {}, pool);
    const ImprovementAcquisition acquisition(benchmark.problem, belief,
                                             believed_front(benchmark.problem, evidence, belief, {}));
    std::vector<double> point, gradient(static_cast<std::size_t>(benchmark.problem.space.dimension()));
    for (std::size_t i = 0; i < gradient.size(); ++i) point.push_back(stream.uniform(0.05, 0.95));
    const double value = acquisition.with_gradient(point, gradient);
    if (!std::isfinite(value)) continue;
    for (std::size_t i = 0; i < point.size(); ++i) {
      if (std::holds_alternative<space::CategoricalParameter>(benchmark.problem.space.parameters()[i]))
        continue;
      // The same step for estimates as inside, where they are exact up to their curvature.
      const double h = 1e-4;
      std::vector<double> above = point, below = point, unused(point.size());
      above[i] += h;
      below[i] -= h;
      const double slope =
          (acquisition.with_gradient(above, unused) - acquisition.with_gradient(below, unused)) / (2 * h);
      EXPECT_NEAR(gradient[i], slope, 0.03 * (1.0 + std::abs(slope))) << "coordinate " << i;
    }
  }
}

TEST(Ehvi, WithOneObjectiveTheReferenceDoesNotMatter) {
  Benchmark benchmark;
  benchmark.problem.space = space::Space(unit_floats(2));
  benchmark.problem.objectives = {{"f", Source::measured, 1.0}};
  benchmark.evaluate = [](std::span<const double> x) {
    return Outcome{{50.0 + std::pow(x[0] - 0.3, 2) + std::pow(x[1] - 0.6, 2)},
                   {}};  // never below the reference
  };
  const std::vector<Trial> history = run(benchmark, Solver(EhviSolver(single_thread())), 25, 1);
  double best = 1e9;
  for (const Trial& trial : history) best = std::min(best, trial.objectives[0]);
  EXPECT_LT(best, 50.0001);
}

TEST(Ehvi, FindsTheFrontOfDtlz2BetterThanRandomEverDoes) {
  const Benchmark benchmark = dtlz2_benchmark(6, 2);
  const std::vector<Trial> history = run(benchmark, Solver(EhviSolver(single_thread())), 40, 3);
  EXPECT_GT(hypervolume_of(benchmark.problem, history), 0.25);  // random search: .168 after 100
}

TEST(Ehvi, ProposesTheLikeliestFeasiblePointWhileThereIsNone) {
  // Feasible in a corner alone; objectives pull away from it.
  Benchmark benchmark;
  benchmark.problem.space = space::Space(unit_floats(2));
  benchmark.problem.objectives = {{"f", Source::measured, 3.0}, {"g", Source::measured, 3.0}};
  benchmark.problem.constraints = {{"c", Source::measured}};
  benchmark.evaluate = [](std::span<const double> x) {
    return Outcome{{2.0 - x[0], 2.0 - x[1]}, {x[0] + x[1] - 0.05}};
  };
  const std::vector<Trial> history = run(benchmark, Solver(EhviSolver(single_thread())), 16, 1);
  EXPECT_TRUE(std::any_of(history.begin() + 10, history.end(),
                          [](const Trial& trial) { return trial.state == State::complete; }));
}

TEST(Ehvi, StoresWhatItFittedAndStartsFromIt) {
  const Benchmark benchmark = dtlz2_benchmark(3, 2);
  const std::vector<Trial> history = run(benchmark, Solver(EhviSolver(single_thread())), 12, 1);
  const auto record = nlohmann::json::parse(history.back().record);
  EXPECT_EQ(record["solver"], "ehvi");
  for (const char* name : {"f0", "f1"})
    EXPECT_EQ(record["fit"]["objectives"][name]["lengthscales"].size(), 3u);
}

TEST(Belief, TakesTheLogarithmOfAnOutcomeThatSpansDecades) {
  RandomStream stream(4, 0, "test");
  ThreadPool pool(1);
  for (const bool decades : {true, false}) {
    Problem problem;
    problem.space = space::Space(unit_floats(2));
    problem.objectives = {{"f", Source::measured, 1.0}};
    std::vector<Trial> history;
    for (int k = 1; k <= 40; ++k) {
      const std::vector<double> x =
          problem.space.snap(std::vector<double>{stream.uniform(), stream.uniform()});
      const double smooth = std::sin(3.0 * x[0]) + x[1];
      history.push_back({k, x, State::complete, {decades ? std::exp(4.0 * smooth) : smooth}, {}, "", {}});
    }
    const Belief belief = fit_belief(problem, Evidence(problem, history), history, {}, pool);
    EXPECT_EQ(belief.objectives[0].warp.logarithmic, decades);
  }
}

}  // namespace
}  // namespace parsimony::solver
