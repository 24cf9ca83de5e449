#include "parsimony/solver/chebyshev_acquisition.hpp"

#include <gtest/gtest.h>

#include "parsimony/acquisition/expected_gain.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

using acquisition::Outlook;

Problem measured_objectives(int m) {
  return dtlz2_benchmark(2, m).problem;
}

ChebyshevImprovement improvement_of(int m, double rho, double best, int samples,
                                    std::vector<double> weights) {
  RandomStream stream(1, 0, "test");
  const auto size = static_cast<std::size_t>(m);
  return {
      Scalarisation{std::move(weights), std::vector<double>(size, 0.0), std::vector<double>(size, 1.0), rho},
      best, chebyshev_samples(measured_objectives(m), samples, stream)};
}

TEST(ChebyshevImprovement, OfOneObjectiveIsTheClosedFormOfTheExpectedImprovement) {
  for (const double rho : {0.0, 0.05})
    for (const bool logarithmic : {false, true})
      for (const double mean : {-0.7, 0.0, 0.4}) {
        const Outlook outlook{mean, 0.5, logarithmic, 0.2};
        const double level = 0.3;  // of y: g = (1 + rho)·y
        const auto improvement = improvement_of(1, rho, (1.0 + rho) * level, 4096, {1.0});
        const double expected = (1.0 + rho) * acquisition::expected_gain_value(level, outlook);
        EXPECT_NEAR(std::exp(improvement.log_value(std::vector{outlook})), expected, 0.01 * expected + 5e-5);
      }
}

TEST(ChebyshevImprovement, AgreesWithMonteCarlo) {
  const std::vector<Outlook> outlooks{{0.3, 0.2}, {-1.2, 0.4, true, 0.1}, {0.25}};
  const std::vector<double> weights{0.5, 0.3, 0.2};
  const double best = 0.16;
  RandomStream stream(2, 0, "test");
  double sum = 0.0;
  constexpr int kDraws = 400000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const double y[] = {0.3 + 0.2 * stream.normal(), std::exp(-1.2 + 0.4 * stream.normal()) - 0.1, 0.25};
    double greatest = -1e9, total = 0.0;
    for (std::size_t j = 0; j < 3; ++j) {
      greatest = std::max(greatest, weights[j] * y[j]);
      total += weights[j] * y[j];
    }
    sum += std::max(0.0, best - greatest - 0.05 * total);
  }
  const double expected = sum / kDraws;
  EXPECT_NEAR(std::exp(improvement_of(3, 0.05, best, 4096, weights).log_value(outlooks)), expected,
              0.02 * expected);
}

TEST(ChebyshevImprovement, SlopesAreThoseOfFiniteDifferencesNearAndFarFromImproving) {
  for (const double best : {0.5, 0.2, -1.0, -50.0}) {
    const auto improvement = improvement_of(3, 0.05, best, 64, {0.5, 0.3, 0.2});
    const std::vector<Outlook> outlooks{{0.3, 0.2}, {-1.2, 0.4, true, 0.1}, {0.25}};
    std::vector<double> by_mean(3), by_deviation(3);
    const double value = improvement.log_value(outlooks, by_mean, by_deviation);
    EXPECT_DOUBLE_EQ(value, improvement.log_value(outlooks));
    for (std::size_t j = 0; j < 3; ++j) {
      const auto difference = [&](double Outlook::*field) {
        constexpr double kStep = 1e-7;
        std::vector<Outlook> above = outlooks, below = outlooks;
        above[j].*field += kStep;
        below[j].*field -= kStep;
        return (improvement.log_value(above) - improvement.log_value(below)) / (2.0 * kStep);
      };
      EXPECT_NEAR(by_mean[j], difference(&Outlook::mean), 1e-4 * (1.0 + std::abs(by_mean[j])));
      EXPECT_NEAR(by_deviation[j], difference(&Outlook::deviation), 1e-4 * (1.0 + std::abs(by_deviation[j])));
    }
    EXPECT_TRUE(std::isfinite(value));
    EXPECT_LT(by_mean[0], 0.0) << "less of an objective is more";
  }
}

TEST(ChebyshevImprovement, IsFiniteForOutcomesOfAnySize) {
  const auto improvement = improvement_of(2, 0.05, 0.0, 64, {0.5, 0.5});
  std::vector<double> by_mean(2), by_deviation(2);
  for (const double mean : {-1e6, -800.0, 0.0, 800.0, 1e6}) {
    const std::vector<Outlook> outlooks{{mean, 1.0, true, 0.0}, {mean, 1e3}};
    EXPECT_TRUE(std::isfinite(improvement.log_value(outlooks, by_mean, by_deviation))) << mean;
    for (std::size_t j = 0; j < 2; ++j)
      EXPECT_TRUE(std::isfinite(by_mean[j]) && std::isfinite(by_deviation[j]));
  }
}

TEST(ChebyshevSamples, AreZeroInTheColumnsOfComputedObjectives) {
  Problem problem = deployment_toy(2).problem;
  RandomStream stream(1, 0, "test");
  const std::vector<double> samples = chebyshev_samples(problem, 64, stream);
  ASSERT_EQ(samples.size(), 64u * 4u);
  double sum = 0.0, squares = 0.0;
  for (std::size_t row = 0; row < 64; ++row) {
    sum += samples[4 * row] / 64.0;
    squares += samples[4 * row] * samples[4 * row] / 64.0;
    for (std::size_t j = 1; j < 4; ++j) EXPECT_EQ(samples[4 * row + j], 0.0);
  }
  EXPECT_NEAR(sum, 0.0, 0.05);
  EXPECT_NEAR(squares, 1.0, 0.1);
  for (Objective& objective : problem.objectives) objective.source = Source::computed;
  EXPECT_EQ(chebyshev_samples(problem, 64, stream), std::vector<double>(4, 0.0));
}

/// The toy with a measured constraint, and rows of it.
Benchmark constrained_toy() {
  Benchmark benchmark = deployment_toy(3);
  benchmark.problem.constraints.push_back({"error", Source::measured});
  const auto evaluate = benchmark.evaluate;
  benchmark.evaluate = [evaluate](std::span<const double> x) {
    Outcome outcome = evaluate(x);
    outcome.constraints.push_back(outcome.objectives[0] - 0.4);
    return outcome;
  };
  return benchmark;
}

TEST(ChebyshevPromise, HasTheGradientOfFiniteDifferencesAsAnAcquisition) {
  Benchmark benchmark = constrained_toy();
  benchmark.problem.costs.estimate = [](std::span<const double> points, std::int64_t n, Costs& costs) {
    costs = {};  // smooth, so that differences of any step agree
    const std::size_t d = points.size() / static_cast<std::size_t>(n);
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      const auto x = points.subspan(i * d, d);
      for (std::size_t j = 2; j < 5; ++j) costs.objectives.push_back(0.3 + 0.5 * x[j] * x[j]);
      for (int c = 0; c < 2; ++c) costs.constraints.push_back(x[2] - 0.9);
    }
  };
  std::vector<Trial> history;
  for (const auto& point : initial_design(benchmark.problem, 20, 1))
    history.push_back(evaluated(benchmark, static_cast<int>(history.size()) + 1, point, ""));
  const Evidence evidence(benchmark.problem, history);
  ThreadPool pool(1);
  const Belief belief = fit_belief(benchmark.problem, evidence, history, {}, pool);
  RandomStream stream(3, 0, "test");
  const Scalarisation scalarisation = scalarisation_of_rows(evidence, {0.4, 0.3, 0.2, 0.1}, 0.05);
  const ImprovementAcquisition acquisition(
      benchmark.problem, belief,
      chebyshev_promise({scalarisation, best_feasible(evidence, scalarisation),
                         chebyshev_samples(benchmark.problem, 64, stream)}));
  const std::size_t d = 5;
  for (int repeat = 0; repeat < 20; ++repeat) {
    Point x(d);
    for (double& coordinate : x) coordinate = stream.uniform(0.05, 0.85);
    x[1] = 0.5;  // a choice: held
    std::vector<double> gradient(d);
    acquisition.with_gradient(x, gradient);
    for (const std::size_t i : {0u, 2u, 3u, 4u}) {
      constexpr double kStep = 1e-6;
      std::vector<double> around;
      for (const double side : {kStep, -kStep}) {
        Point moved = x;
        moved[i] += side;
        around.insert(around.end(), moved.begin(), moved.end());
      }
      double values[2];
      acquisition.values(around, values);
      const double difference = (values[0] - values[1]) / (2.0 * kStep);
      EXPECT_NEAR(gradient[i], difference, 0.02 * std::abs(difference) + 0.02) << i;
    }
  }
}

}  // namespace
}  // namespace parsimony::solver
