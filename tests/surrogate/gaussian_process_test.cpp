#include "parsimony/surrogate/gaussian_process.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "parsimony/surrogate/fit.hpp"
#include "parsimony/surrogate/marginal_likelihood.hpp"
#include "parsimony/surrogate/normal_quantile.hpp"
#include "synthetic.hpp"

namespace parsimony::surrogate {
namespace {

struct Posterior {
  std::vector<double> mean, variance;
};

Posterior posterior_at(const GaussianProcess& process, const std::vector<double>& points, int d) {
  const std::size_t n = points.size() / static_cast<std::size_t>(d);
  Posterior result{std::vector<double>(n), std::vector<double>(n)};
  process.posterior(points, result.mean, result.variance);
  return result;
}

double matern(double distance) {
  const double r = std::sqrt(5.0) * distance;
  return (1 + r + r * r / 3) * std::exp(-r);
}

TEST(GaussianProcess, OfOneObservationIsTheClosedForm) {
  const GaussianProcess process(Observations{1, {0.3}, {7.0}}, {{0.5}, 0.02, 1.3});
  const Posterior at = posterior_at(process, {0.3, 0.8}, 1);
  for (const double mean : at.mean) EXPECT_NEAR(mean, 7.0, 1e-12);
  EXPECT_NEAR(at.variance[0], 1.3 - 1.3 * 1.3 / 1.32, 1e-12);
  EXPECT_NEAR(at.variance[1], 1.3 - std::pow(1.3 * matern(1.0), 2) / 1.32, 1e-12);
}

TEST(GaussianProcess, OfTwoObservationsIsTheClosedForm) {
  // Values 1 and 5: mean 3, deviation 2, standardised ∓1.
  const GaussianProcess process(Observations{1, {0.2, 0.7}, {1.0, 5.0}}, {{0.5}, 0.1, 0.8});
  const double c = 0.8 * matern(1.0), near = 0.8 * matern(0.2), far = 0.8 * matern(0.8);
  const Posterior at = posterior_at(process, {0.3}, 1);
  EXPECT_NEAR(at.mean[0], 3.0 + 2.0 * (far - near) / (0.9 - c), 1e-12);
  const double determinant = 0.81 - c * c;
  const double explained = (0.9 * (near * near + far * far) - 2 * c * near * far) / determinant;
  EXPECT_NEAR(at.variance[0], 4.0 * (0.8 - explained), 1e-12);
}

TEST(GaussianProcess, InterpolatesWhereNoiseIsLeast) {
  RandomStream stream(1, 0, "test");
  const Observations observations = smooth_observations(40, 3, 0.0, stream);
  const GaussianProcess process(observations, {{0.5, 0.5, 0.8}, kLeastNoise, 1.0});
  const Posterior at = posterior_at(process, observations.points, 3);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_NEAR(at.mean[i], observations.values[i], 0.02);
}

TEST(GaussianProcess, SinglePrecisionAgreesWithDouble) {
  RandomStream stream(2, 0, "test");
  for (const int d : {2, 6, 26}) {
    const Observations observations = smooth_observations(150, d, 0.05, stream);
    const GaussianProcess process(
        observations, {std::vector<double>(static_cast<std::size_t>(d), 0.3 * std::sqrt(d)), 0.002, 1.5});
    const std::vector<double> points = random_points(256, d, stream);
    const std::vector<float> fast_points(points.begin(), points.end());
    const std::vector<double> rounded(fast_points.begin(), fast_points.end());
    const Posterior exact = posterior_at(process, rounded, d);
    std::vector<float> mean(256), deviation(256);
    process.posterior_fast(fast_points, mean, deviation);
    const double unit = process.standardisation().deviation;
    for (std::size_t i = 0; i < 256; ++i) {
      EXPECT_NEAR(mean[i], exact.mean[i], 1e-3 * unit);
      EXPECT_NEAR(deviation[i] * deviation[i], exact.variance[i], 1e-3 * unit * unit);
    }
  }
}

TEST(GaussianProcess, NeverNotANumberOnDuplicatesConstantsAndSinglePoints) {
  RandomStream stream(3, 0, "test");
  ThreadPool pool(1);
  std::vector<Observations> cases;
  cases.push_back({2, {0.5, 0.5}, {1.0}});
  cases.push_back({2, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, {1.0, 1.0, 1.0}});
  cases.push_back({2, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, {1.0, 2.0, -1e12}});
  cases.push_back({1, {0.0, 1e-12, 1.0}, {1e-300, 0.0, 1e-300}});
  cases.push_back({2, random_points(30, 2, stream), std::vector<double>(30, 4.2)});
  Observations many{1, {}, {}};
  for (int i = 0; i < 200; ++i) {
    many.points.push_back(i % 2 ? 0.25 : 0.75);
    many.values.push_back(i % 2);
  }
  cases.push_back(many);
  for (const Observations& observations : cases) {
    const FitTask task{&observations, std::nullopt};
    const GaussianProcess process(observations, fit_hyperparameters({&task, 1}, pool)[0]);
    const std::vector<double> points = random_points(20, observations.d, stream);
    const Posterior at = posterior_at(process, points, observations.d);
    std::vector<float> mean(20), deviation(20);
    process.posterior_fast(std::vector<float>(points.begin(), points.end()), mean, deviation);
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_TRUE(std::isfinite(at.mean[i]) && std::isfinite(at.variance[i]) && at.variance[i] >= 0.0);
      EXPECT_TRUE(std::isfinite(mean[i]) && std::isfinite(deviation[i]) && deviation[i] >= 0.0f);
    }
  }
}

TEST(GaussianProcess, BelievingKeepsMeansAndShrinksVariances) {
  RandomStream stream(4, 0, "test");
  const Observations observations = smooth_observations(20, 2, 0.05, stream);
  const GaussianProcess process(observations, {{0.4, 0.6}, 0.01, 1.0});
  const std::vector<double> believed{0.1, 0.9, 0.8, 0.2}, points = random_points(50, 2, stream);
  const GaussianProcess after = process.believing(believed);
  const Posterior before = posterior_at(process, points, 2), behind = posterior_at(after, points, 2);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_NEAR(behind.mean[i], before.mean[i],
                0.02);  // exact but for the constant mean, which is found again
    EXPECT_LE(behind.variance[i], before.variance[i] + 1e-12);
  }
  const double unit = process.standardisation().deviation;
  for (const double variance : posterior_at(after, believed, 2).variance)
    EXPECT_LT(variance, 0.01 * unit * unit);
}

TEST(FitHyperparameters, FindsWhichDimensionsMatter) {
  RandomStream stream(5, 0, "test");
  ThreadPool pool(1);
  const Observations observations = smooth_observations(60, 6, 0.02, stream);
  const FitTask task{&observations, std::nullopt};
  const Hyperparameters fitted = fit_hyperparameters({&task, 1}, pool)[0];
  for (std::size_t useless = 3; useless < 6; ++useless)
    for (const std::size_t useful : {0, 1})
      EXPECT_GT(fitted.lengthscales[useless], 2 * fitted.lengthscales[useful]);
  const Observations fresh = smooth_observations(200, 6, 0.0, stream);
  const Posterior at = posterior_at(GaussianProcess(observations, fitted), fresh.points, 6);
  const double unit = standardisation_of(fresh.values).deviation;
  double error = 0.0;
  for (std::size_t i = 0; i < 200; ++i) error += std::pow((at.mean[i] - fresh.values[i]) / unit, 2) / 200;
  EXPECT_LT(error, 0.05);  // of the variance
}

TEST(FitHyperparameters, DoNotDependOnThreads) {
  RandomStream stream(6, 0, "test");
  const Observations one = smooth_observations(50, 5, 0.05, stream),
                     other = smooth_observations(50, 5, 1.0, stream);
  const FitTask tasks[] = {{&one, std::nullopt}, {&other, Hyperparameters{{1, 1, 1, 1, 1}, 0.1, 1.0}}};
  ThreadPool single(1), several(3);
  const auto a = fit_hyperparameters(tasks, single), b = fit_hyperparameters(tasks, several);
  for (std::size_t t = 0; t < 2; ++t) {
    EXPECT_EQ(a[t].lengthscales, b[t].lengthscales);
    EXPECT_EQ(a[t].noise, b[t].noise);
    EXPECT_EQ(a[t].output_scale, b[t].output_scale);
  }
}

TEST(FitHyperparameters, AreLikelierThanEveryStartAndNoLessThanTheWarmOne) {
  RandomStream stream(7, 0, "test");
  ThreadPool pool(1);
  for (int repeat = 0; repeat < 5; ++repeat) {
    const Observations observations = smooth_observations(40, 4, 0.1, stream);
    MarginalLikelihood likelihood(observations);
    const auto value = [&](const Hyperparameters& at) {
      return likelihood.value(likelihood.coordinates_of(at), {});
    };
    const FitTask cold{&observations, std::nullopt};
    const Hyperparameters fitted = fit_hyperparameters({&cold, 1}, pool)[0];
    for (const double lengthscale : {2.0, 1.0, 0.3})
      EXPECT_GT(value(fitted), value({std::vector<double>(4, lengthscale), 0.0067, 1.0}));
    const FitTask warm{&observations, fitted};
    EXPECT_GE(value(fit_hyperparameters({&warm, 1}, pool)[0]), value(fitted) - 1e-6);
  }
}

TEST(FitHyperparameters, DoNotTakeASmoothFunctionForNoise) {
  // From lengthscales of 4 √d alone the fit ends there: all noise (facts/optimiser.md section 1).
  RandomStream stream(8, 0, "test");
  ThreadPool pool(1);
  for (int repeat = 0; repeat < 10; ++repeat) {
    const Observations observations = smooth_observations(30, 6, 0.01, stream);
    const FitTask task{&observations, Hyperparameters{std::vector<double>(6, 10.0), 1.0, 0.1}};
    EXPECT_LT(fit_hyperparameters({&task, 1}, pool)[0].noise, 0.1);
  }
}

TEST(NormalQuantile, InvertsTheDistribution) {
  for (const double p : {1e-12, 1e-5, 0.02, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9})
    EXPECT_NEAR(0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0)) / p, 1.0, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
}

}  // namespace
}  // namespace parsimony::surrogate
