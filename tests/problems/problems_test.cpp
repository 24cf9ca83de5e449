#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/pareto/hypervolume.hpp"
#include "parsimony/problems/benchmark_problem.hpp"

namespace parsimony::problems {
namespace {

using ::testing::HasSubstr;

/// Problems that need no file.
std::vector<std::string> built_in_names() {
  std::vector<std::string> names;
  for (const std::string& name : problem_names())
    if (name != "macro" && name != "nb201" && name != "table") names.push_back(name);
  return names;
}

std::vector<double> references(const BenchmarkProblem& benchmark) {
  std::vector<double> result;
  for (const auto& objective : benchmark.problem.objectives) result.push_back(objective.reference);
  return result;
}

bool feasible(const Outcome& outcome) {
  for (const double value : outcome.constraints)
    if (value > 0.0) return false;
  return true;
}

double hypervolume_of(const BenchmarkProblem& benchmark, const std::vector<std::vector<double>>& points) {
  std::vector<double> flat;
  for (const auto& point : points) {
    const Outcome outcome = benchmark.evaluate(point);
    if (feasible(outcome)) flat.insert(flat.end(), outcome.objectives.begin(), outcome.objectives.end());
  }
  return pareto::hypervolume(flat, references(benchmark));
}

std::vector<double> random_point(const BenchmarkProblem& benchmark, RandomStream& stream) {
  std::vector<double> point(static_cast<std::size_t>(benchmark.problem.space.dimension()));
  for (double& coordinate : point) coordinate = stream.uniform();
  return benchmark.problem.space.snap(point);
}

/// n points whose first coordinate is spread over [0, 1], the rest at `others`.
std::vector<std::vector<double>> along_first(const BenchmarkProblem& benchmark, int n, double others) {
  std::vector<std::vector<double>> points;
  for (int i = 0; i < n; ++i) {
    points.emplace_back(static_cast<std::size_t>(benchmark.problem.space.dimension()), others);
    points.back()[0] = static_cast<double>(i) / (n - 1);
  }
  return points;
}

/// A grid over the unit square.
std::vector<std::vector<double>> square(int n) {
  std::vector<std::vector<double>> points;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) points.push_back({i / (n - 1.0), j / (n - 1.0)});
  return points;
}

void expect_just_below(double hypervolume, double best, double share) {
  EXPECT_LE(hypervolume, best * (1.0 + 1e-12));
  EXPECT_GE(hypervolume, best * (1.0 - share));
}

TEST(Problems, ADenseSamplingOfTheFrontApproachesTheMaximumFromBelow) {
  for (const char* name : {"dtlz1", "dtlz2", "c2dtlz2"}) {
    SCOPED_TRACE(name);
    const BenchmarkProblem benchmark = make_problem(name);
    ASSERT_TRUE(benchmark.best.has_value());
    if (std::string(name) == "c2dtlz2") continue;  // its front is not the sphere alone: below
    expect_just_below(hypervolume_of(benchmark, along_first(benchmark, 20000, 0.5)), *benchmark.best, 1e-4);
  }
  for (const char* name : {"zdt1", "zdt2", "zdt3"}) {
    SCOPED_TRACE(name);
    const BenchmarkProblem benchmark = make_problem(name);
    expect_just_below(hypervolume_of(benchmark, along_first(benchmark, 20000, 0.0)), *benchmark.best, 1e-6);
  }
}

TEST(Problems, TheMaximumOfDtlz1IsThatOfItsSimplex) {
  // 400² hides the front: hold the part that the front takes away, 0.5²/2, against the sampling.
  const BenchmarkProblem benchmark = make_problem("dtlz1");
  const double missing = 400.0 * 400.0 - hypervolume_of(benchmark, along_first(benchmark, 20000, 0.5));
  EXPECT_GE(missing, 0.125 - 1e-9);
  EXPECT_LE(missing, 0.1251);
  EXPECT_NEAR(160000.0 - *benchmark.best, 0.125, 1e-9);
}

TEST(Problems, TheMaximumOfDtlz2HoldsInThreeAndFourDimensions) {
  const BenchmarkProblem three = make_problem("dtlz2", {{"m", "3"}});
  EXPECT_NEAR(*three.best, 0.807401, 1e-6);
  std::vector<std::vector<double>> points;
  for (const auto& angles : square(120)) {
    points.emplace_back(6, 0.5);
    points.back()[0] = angles[0];
    points.back()[1] = angles[1];
  }
  expect_just_below(hypervolume_of(three, points), *three.best, 0.02);
  EXPECT_NEAR(*make_problem("dtlz2", {{"m", "4"}}).best, 1.155675, 1e-6);
  EXPECT_NEAR(*make_problem("dtlz2").best, 0.424602, 1e-6);
}

TEST(Problems, TheMaximumOfC2Dtlz2IsReachedWithPointsOffTheSphere) {
  const BenchmarkProblem benchmark = make_problem("c2dtlz2");
  std::vector<std::vector<double>> points;
  for (const auto& pair : square(1200)) {
    points.emplace_back(12, 0.5);
    points.back()[0] = pair[0];
    points.back()[1] = 0.5 + 0.5 * pair[1];
  }
  expect_just_below(hypervolume_of(benchmark, points), *benchmark.best + 1e-7, 2e-3);
}

TEST(Problems, AGridOfTheSquareApproachesTheMaximumOfBothBraninCurrins) {
  for (const char* name : {"branincurrin", "constrained-branincurrin"}) {
    SCOPED_TRACE(name);
    const BenchmarkProblem benchmark = make_problem(name);
    expect_just_below(hypervolume_of(benchmark, square(1500)), *benchmark.best + 1e-4, 3e-3);
  }
}

TEST(Problems, TheDiagonalOfVlmop2ReachesItsMaximum) {
  const BenchmarkProblem benchmark = make_problem("vlmop2");
  std::vector<std::vector<double>> points;
  for (int i = 0; i <= 20000; ++i) points.push_back({0.3 + i / 50000.0, 0.3 + i / 50000.0});
  expect_just_below(hypervolume_of(benchmark, points), *benchmark.best, 1e-4);
}

TEST(Problems, NothingRandomExceedsAMaximum) {
  for (const std::string& name : built_in_names()) {
    SCOPED_TRACE(name);
    const BenchmarkProblem benchmark = make_problem(name);
    if (!benchmark.best || benchmark.problem.objectives.size() == 1) continue;
    RandomStream stream(7, 0, "problems-test");
    std::vector<std::vector<double>> points;
    for (int i = 0; i < 500; ++i) points.push_back(random_point(benchmark, stream));
    EXPECT_LE(hypervolume_of(benchmark, points), *benchmark.best + 1e-9);
  }
}

TEST(Problems, PassinosLeastValueIsNearItsDeepestValley) {
  const BenchmarkProblem benchmark = make_problem("passino");
  double least = 1e300;
  for (const auto& point : square(601)) least = std::min(least, benchmark.evaluate(point).objectives[0]);
  EXPECT_GE(least, *benchmark.best);
  EXPECT_NEAR(least, *benchmark.best, 1e-3);
  EXPECT_NEAR(benchmark.evaluate(std::vector<double>{15.01617 / 30, 4.98368 / 30}).objectives[0],
              *benchmark.best, 1e-9);
}

TEST(Problems, KnownValuesOfBraninAndCurrin) {
  const BenchmarkProblem benchmark = make_problem("branincurrin");
  const std::vector<double> minimum{(std::numbers::pi + 5.0) / 15.0, 2.275 / 15.0};
  EXPECT_NEAR(benchmark.evaluate(minimum).objectives[0], 0.397887, 1e-5);
  EXPECT_NEAR(benchmark.evaluate(std::vector<double>{0.0, 0.0}).objectives[1], 3.0,
              1e-12);  // 60/20, damping 1
}

TEST(Problems, KnownValuesOfVlmop2AndZdt) {
  const BenchmarkProblem vlmop2 = make_problem("vlmop2");
  const std::vector<double> middle = vlmop2.evaluate(std::vector<double>{0.5, 0.5}).objectives;
  EXPECT_NEAR(middle[0], 1.0 - std::exp(-1.0), 1e-12);
  EXPECT_NEAR(middle[1], 1.0 - std::exp(-1.0), 1e-12);
  const double far = 2.0 + std::sqrt(0.5);  // at (2, 2)
  EXPECT_NEAR(vlmop2.evaluate(std::vector<double>{1.0, 1.0}).objectives[1], 1.0 - std::exp(-2.0 * far * far),
              1e-12);
  EXPECT_NEAR(vlmop2.evaluate(std::vector<double>{1.0, 0.5}).objectives[0],
              1.0 - std::exp(-(2.0 - std::sqrt(0.5)) * (2.0 - std::sqrt(0.5)) - 0.5), 1e-12);
  EXPECT_NEAR(make_problem("zdt1").evaluate(std::vector<double>(12, 1.0)).objectives[1],
              10.0 * (1.0 - std::sqrt(0.1)), 1e-12);
}

TEST(Problems, ComputedCostsAreThoseOfTheOutcomeAndNeverUnderestimated) {
  for (const auto& [name, options] : std::vector<std::pair<std::string, ProblemOptions>>{
           {"pruning-toy", {}}, {"pruning-toy", {{"limits", "no"}}}, {"dtlz2", {{"computed", "f2"}}}}) {
    SCOPED_TRACE(name);
    const BenchmarkProblem benchmark = make_problem(name, options);
    const auto d = static_cast<std::size_t>(benchmark.problem.space.dimension());
    RandomStream stream(3, 0, "problems-test");
    for (int i = 0; i < 200; ++i) {
      const std::vector<double> point = random_point(benchmark, stream);
      const Outcome outcome = benchmark.evaluate(point);
      const solver::Costs exact = benchmark.problem.costs.exact(point);
      std::vector<double> expected;
      for (std::size_t j = 0; j < benchmark.problem.objectives.size(); ++j)
        if (benchmark.problem.objectives[j].source == solver::Source::computed)
          expected.push_back(outcome.objectives[j]);
      EXPECT_EQ(exact.objectives, expected);
      EXPECT_EQ(exact.constraints, outcome.constraints);
      solver::Costs estimate;
      benchmark.problem.costs.estimate(point, 1, estimate);
      EXPECT_EQ(estimate.objectives, exact.objectives);
      EXPECT_EQ(estimate.constraints, exact.constraints);
      std::vector<double> anywhere(d);
      for (double& coordinate : anywhere) coordinate = stream.uniform();
      benchmark.problem.costs.estimate(anywhere, 1, estimate);
      EXPECT_EQ(estimate.objectives.size(), expected.size());
    }
  }
}

TEST(PruningToy, CostsGrowAndTheErrorFallsWithEveryGroupsChannels) {
  const BenchmarkProblem benchmark = make_problem("pruning-toy", {{"limits", "no"}});
  RandomStream stream(5, 0, "problems-test");
  for (int i = 0; i < 50; ++i) {
    const std::vector<double> point = random_point(benchmark, stream);
    const Outcome before = benchmark.evaluate(point);
    for (std::size_t group = 0; group < 16; ++group) {
      std::vector<double> wider = point;
      wider[group] = 1.0;
      wider = benchmark.problem.space.snap(wider);
      if (wider == point) continue;
      const Outcome after = benchmark.evaluate(wider);
      EXPECT_LT(after.objectives[0], before.objectives[0]);
      EXPECT_GT(after.objectives[1], before.objectives[1]);
      EXPECT_GE(after.objectives[2], before.objectives[2]);
      EXPECT_GT(after.objectives[3], before.objectives[3]);
    }
  }
  EXPECT_EQ(benchmark.problem.space.dimension(), 22);
}

TEST(PruningToy, ItsSmallestPointIsWithinTheLimitsAndTheWholeNetworkIsNot) {
  const BenchmarkProblem benchmark = make_problem("pruning-toy");
  const auto& space = benchmark.problem.space;
  EXPECT_TRUE(feasible(benchmark.evaluate(space.snap(benchmark.problem.smallest_point))));
  EXPECT_FALSE(feasible(benchmark.evaluate(space.snap(std::vector<double>(22, 1.0)))));
}

TEST(Problems, OptionsAreHeldAgainstWhatIsAllowed) {
  EXPECT_THROW(make_problem("dtlz3"), InputError);
  EXPECT_THROW(make_problem("dtlz2", {{"d", "1"}}), InputError);
  EXPECT_THROW(make_problem("dtlz2", {{"d", "six"}}), InputError);
  EXPECT_THROW(make_problem("zdt1", {{"m", "2"}}), InputError);
  EXPECT_THROW(make_problem("dtlz2", {{"computed", "f3"}}), InputError);
  EXPECT_EQ(make_problem("dtlz2", {{"d", "10"}, {"m", "3"}}).problem.space.dimension(), 10);
  try {
    make_problem("dtlz22");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean dtlz2?"));
  }
  for (const std::string& name : built_in_names())
    for (const std::string& option : problem_option_names(name)) EXPECT_FALSE(option.empty()) << name;
}

}  // namespace
}  // namespace parsimony::problems
