#include "parsimony/solver/ehvi.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
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

/// Feasible in a corner alone; objectives pull away from it.
Benchmark feasible_in_a_corner(std::size_t objectives) {
  Benchmark benchmark;
  benchmark.problem.space = space::Space(unit_floats(2));
  for (std::size_t j = 0; j < objectives; ++j)
    benchmark.problem.objectives.push_back({"f" + std::to_string(j), Source::measured, 3.0});
  benchmark.problem.constraints = {{"c", Source::measured}};
  benchmark.evaluate = [objectives](std::span<const double> x) {
    Outcome outcome{{}, {x[0] + x[1] - 0.05}};
    for (std::size_t j = 0; j < objectives; ++j) outcome.objectives.push_back(2.0 - x[j]);
    return outcome;
  };
  return benchmark;
}

TEST(Ehvi, FindsAFeasiblePointWhileThereIsNone) {
  for (const std::size_t objectives : {1, 2}) {
    const std::vector<Trial> history =
        run(feasible_in_a_corner(objectives), Solver(EhviSolver(single_thread())), 16, 1);
    EXPECT_TRUE(std::any_of(history.begin() + 10, history.end(),
                            [](const Trial& trial) { return trial.state == State::complete; }));
  }
}

TEST(Ehvi, LooksForAFeasiblePointBelowTheReferenceWhileThereIsNone) {
  // Feasible in two corners, of which only the farther one gains any hypervolume.
  Benchmark benchmark;
  benchmark.problem.space = space::Space(unit_floats(2));
  benchmark.problem.objectives = {{"f", Source::measured, 1.0}, {"g", Source::measured, 1.0}};
  benchmark.problem.constraints = {{"c", Source::measured}};
  benchmark.evaluate = [](std::span<const double> x) {
    return Outcome{{0.5 + x[0] + x[1], 0.6 + x[0] + x[1]}, {std::min(x[0] + x[1] - 0.05, 1.6 - x[0] - x[1])}};
  };
  std::vector<Trial> history;
  for (const double x : {0.15, 0.3, 0.45, 0.6, 0.75})
    for (const double y : {0.2, 0.5, 0.7})
      history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, {x, y}, ""));
  const Answer answer =
      EhviSolver(single_thread())
          .ask(benchmark.problem, {history, {}, 1, static_cast<int>(history.size()) + 1, 1});
  const Point& point = answer.proposals.at(0).point;
  EXPECT_LT(point[0] + point[1], 0.3);
}

TEST(Ehvi, ClimbsFromMorePointsTheMoreObjectivesAreModelled) {
  EXPECT_EQ(EhviOptions{}.climbs(1), 10);
  EXPECT_EQ(EhviOptions{}.climbs(2), 10);
  EXPECT_EQ(EhviOptions{}.climbs(4), 20);
  EXPECT_EQ(parse_ehvi_options({{"restarts", "7"}}).climbs(4), 7);
}

TEST(Ehvi, FindsOverFourObjectivesWhatFourTimesTheClimbsFind) {
  Benchmark benchmark = dtlz2_benchmark(24, 4);
  for (Objective& objective : benchmark.problem.objectives) objective.reference = 3.0;
  RandomStream stream(4, 0, "test");  // whose best maximum ten climbs miss by 0.19
  const std::vector<Trial> history = random_history(benchmark, 100, stream);
  const auto value = [&](const char* restarts) {
    const SolverOptions options{{"restarts", restarts}, {"threads", "1"}, {"kernel", "rbf"}};
    const Answer answer =
        EhviSolver(parse_ehvi_options(options)).ask(benchmark.problem, {history, {}, 1, 101, 1});
    return nlohmann::json::parse(answer.proposals.at(0).record).at("value").get<double>();
  };
  EXPECT_NEAR(value("0"), value("80"), 1e-3);
}

TEST(Ehvi, StoresWhatItFittedAndStartsFromIt) {
  const Benchmark benchmark = dtlz2_benchmark(3, 2);
  const std::vector<Trial> history = run(benchmark, Solver(EhviSolver(single_thread())), 12, 1);
  const auto record = nlohmann::json::parse(history.back().record);
  EXPECT_EQ(record["solver"], "ehvi");
  for (const char* name : {"f0", "f1"})
    EXPECT_EQ(record["fit"]["objectives"][name]["lengthscales"].size(), 3u);
}

/// Forty random points of the unit square and what they give.
std::vector<Trial> random_rows(const Problem& problem, RandomStream& stream,
                               const std::function<Outcome(double x, double y)>& evaluate) {
  std::vector<Trial> history;
  for (int k = 1; k <= 40; ++k) {
    const Point point = problem.space.snap(std::vector<double>{stream.uniform(), stream.uniform()});
    const Outcome outcome = evaluate(point[0], point[1]);
    history.push_back({k, point, State::complete, outcome.objectives, outcome.constraints, "", {}});
  }
  return history;
}

Problem one_objective_on_the_square() {
  Problem problem;
  problem.space = space::Space(unit_floats(2));
  problem.objectives = {{"f", Source::measured, 1.0}};
  return problem;
}

TEST(Belief, TakesTheLogarithmOfAnOutcomeThatSpansDecades) {
  RandomStream stream(4, 0, "test");
  ThreadPool pool(1);
  const Problem problem = one_objective_on_the_square();
  for (const bool decades : {true, false}) {
    const std::vector<Trial> history = random_rows(problem, stream, [&](double x, double y) {
      const double smooth = std::sin(3.0 * x) + y;
      return Outcome{{decades ? std::exp(4.0 * smooth) : smooth}, {}};
    });
    const Belief belief = fit_belief(problem, Evidence(problem, history), history, {}, pool);
    EXPECT_EQ(belief.objectives[0].warp.logarithmic, decades);
  }
}

TEST(Belief, TakesTheSignedLogarithmOfAConstraintThatSpansDecadesOnBothSidesOfItsLimit) {
  RandomStream stream(5, 0, "test");
  ThreadPool pool(1);
  Problem problem = one_objective_on_the_square();
  problem.constraints = {{"c", Source::measured}};
  for (const bool decades : {true, false}) {
    const std::vector<Trial> history = random_rows(problem, stream, [&](double x, double y) {
      const double smooth = std::sin(3.0 * x) + y - 1.0;
      return Outcome{{x}, {decades ? std::copysign(std::expm1(8.0 * std::abs(smooth)), smooth) : smooth}};
    });
    const Belief belief = fit_belief(problem, Evidence(problem, history), history, {}, pool);
    EXPECT_EQ(belief.constraints[0].warp.scale > 0.0, decades);
    EXPECT_FALSE(belief.constraints[0].warp.logarithmic);  // its zero would be lost
  }
}

TEST(OutputWarp, IsInvertibleKeepsAConstraintsLimitAndKnowsItsSlope) {
  RandomStream stream(6, 0, "test");
  for (int k = 0; k < 200; ++k) {
    const double y = 10.0 * stream.normal(), size = std::exp(stream.normal());
    for (const OutputWarp& warp :
         {OutputWarp{}, OutputWarp{true, size + std::abs(y)}, OutputWarp{false, 0.0, size}}) {
      EXPECT_NEAR(warp.invert(warp.apply(y)), y, 1e-9 * (1.0 + std::abs(y) + size));
      const double step = 1e-5 * size, rise = warp.apply(y + step) - warp.apply(y - step);
      EXPECT_NEAR(std::exp(warp.log_slope(y)) * 2.0 * step, rise, 1e-4 * rise);
    }
    const OutputWarp signed_logarithm{false, 0.0, size};
    EXPECT_EQ(signed_logarithm.apply(0.0), 0.0);
    EXPECT_EQ(signed_logarithm.apply(y) > 0.0, y > 0.0);
  }
}

}  // namespace
}  // namespace parsimony::solver
