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

TEST(GaussianProcess, GradientsOfItsMomentsEqualFiniteDifferences) {
  RandomStream stream(11, 0, "test");
  for (const Kernel kernel : {Kernel::matern52, Kernel::rbf}) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      const int d = 1 + static_cast<int>(stream.below(5));
      const GaussianProcess process(smooth_observations(12, d, 0.1, stream),
                                    {std::vector<double>(static_cast<std::size_t>(d), 0.6), 0.01, 1.4},
                                    kernel);
      const std::vector<double> point = random_points(1, d, stream);
      std::vector<double> by_mean(point.size()), by_deviation(point.size());
      const auto moments = process.moments_with_gradient(point, by_mean, by_deviation);
      const Posterior at = posterior_at(process, point, d);
      EXPECT_NEAR(moments.mean, at.mean[0], 1e-10);
      EXPECT_NEAR(moments.deviation * moments.deviation, at.variance[0], 1e-10);
      for (std::size_t k = 0; k < point.size(); ++k) {
        const double h = 1e-5;
        std::vector<double> above = point, below = point;
        above[k] += h;
        below[k] -= h;
        const Posterior up = posterior_at(process, above, d), down = posterior_at(process, below, d);
        EXPECT_NEAR(by_mean[k], (up.mean[0] - down.mean[0]) / (2 * h), 1e-6);
        EXPECT_NEAR(by_deviation[k], (std::sqrt(up.variance[0]) - std::sqrt(down.variance[0])) / (2 * h),
                    1e-5);
      }
    }
  }
}

TEST(GaussianProcess, ExtendedEqualsOneMadeOfAllObservations) {
  RandomStream stream(12, 0, "test");
  for (const Kernel kernel : {Kernel::matern52, Kernel::rbf}) {
    const Observations all = smooth_observations(30, 3, 0.1, stream);
    const Hyperparameters at{{0.5, 0.4, 0.9}, 0.02, 1.3};
    const GaussianProcess whole(all, at, kernel);
    // The first 25 with the values' own scale: then mean and deviation are those of all.
    Observations first{
        3, {all.points.begin(), all.points.begin() + 75}, {all.values.begin(), all.values.begin() + 25}};
    const GaussianProcess part(first, at, kernel);
    const Standardisation of_part = part.standardisation(), of_all = whole.standardisation();
    std::vector<double> rest;  // on the part's scale, what they are on the scale of all
    for (std::size_t i = 25; i < 30; ++i) rest.push_back(all.values[i]);
    const GaussianProcess grown = part.extended(std::span(all.points).subspan(75), rest);
    const std::vector<double> points = random_points(20, 3, stream);
    const Posterior a = posterior_at(grown, points, 3), b = posterior_at(whole, points, 3);
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_NEAR(a.mean[i], b.mean[i], 1e-9);  // linear in the outcomes: the scale does not matter
      EXPECT_NEAR(a.variance[i] / (of_part.deviation * of_part.deviation),
                  b.variance[i] / (of_all.deviation * of_all.deviation), 1e-9);
    }
  }
}

TEST(GaussianProcess, WithNoiseEqualsOneMadeWithIt) {
  RandomStream stream(6, 0, "test");
  const int n = 25, d = 3;
  const Observations observations = smooth_observations(n, d, 0.0, stream);
  const auto with = [&](double noise) {
    return GaussianProcess(observations, {std::vector<double>(d, 0.8), noise, 1.3}, Kernel::rbf);
  };
  const std::vector<double> points = random_points(20, d, stream);
  const auto posterior = [&](const GaussianProcess& process) {
    std::vector<double> mean(20), variance(20);
    process.posterior(points, mean, variance);
    mean.insert(mean.end(), variance.begin(), variance.end());
    return mean;
  };
  EXPECT_EQ(posterior(with(1e-7).with_noise(1e-3)), posterior(with(1e-3)));
  EXPECT_EQ(posterior(with(1e-2).with_noise(1e-3)), posterior(with(1e-2)));  // has more already
}

TEST(GaussianProcess, DrawsHaveItsMomentsAndItsCorrelations) {
  RandomStream stream(13, 0, "test");
  const GaussianProcess process(smooth_observations(8, 2, 0.1, stream), {{0.4, 0.6}, 0.01, 1.0}, Kernel::rbf);
  const std::vector<double> points{0.1, 0.9, 0.12, 0.88, 0.9, 0.1};  // two neighbours and one far off
  constexpr std::size_t kDraws = 20000;
  std::vector<double> normals(3 * kDraws);
  for (double& normal : normals) normal = stream.normal();
  const std::vector<double> drawn = process.draws(points, normals);
  const Posterior at = posterior_at(process, points, 2);
  std::vector<double> mean(3), square(3);
  double product = 0.0;
  for (std::size_t s = 0; s < kDraws; ++s) {
    for (std::size_t i = 0; i < 3; ++i) mean[i] += drawn[3 * s + i] / kDraws;
    for (std::size_t i = 0; i < 3; ++i) square[i] += std::pow(drawn[3 * s + i] - at.mean[i], 2) / kDraws;
    product += (drawn[3 * s] - at.mean[0]) * (drawn[3 * s + 1] - at.mean[1]) / kDraws;
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(mean[i], at.mean[i], 4 * std::sqrt(at.variance[i] / kDraws));
    EXPECT_NEAR(square[i] / at.variance[i], 1.0, 0.05);
  }
  EXPECT_GT(product / std::sqrt(at.variance[0] * at.variance[1]), 0.95);
}

TEST(GaussianProcess, DifferentChoicesAreEquallyFar) {
  // One coordinate of three choices; only the middle one was seen twice.
  Observations observations{1, {1.0 / 6, 0.5, 5.0 / 6}, {1.0, 4.0, 2.5}, {3}};
  const GaussianProcess process(observations, {{0.7}, 0.05, 1.0}, Kernel::rbf);
  Observations permuted{1, {5.0 / 6, 1.0 / 6, 0.5}, {1.0, 4.0, 2.5}, {3}};
  const GaussianProcess other(permuted, {{0.7}, 0.05, 1.0}, Kernel::rbf);
  const Posterior a = posterior_at(process, {1.0 / 6, 0.5, 5.0 / 6}, 1),
                  b = posterior_at(other, {5.0 / 6, 1.0 / 6, 0.5}, 1);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(a.mean[i], b.mean[i], 1e-12);
    EXPECT_NEAR(a.variance[i], b.variance[i], 1e-12);
  }
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

TEST(FitHyperparameters, OfMoreThanASampleAreAnOptimumOfThemAll) {
  RandomStream stream(9, 0, "test");
  ThreadPool pool(2);
  for (const double noise : {0.01, 0.3}) {
    const Observations observations = smooth_observations(620, 3, noise, stream);
    MarginalLikelihood likelihood(observations);
    const auto value = [&](const Hyperparameters& at) {
      return likelihood.value(likelihood.coordinates_of(at), {});
    };
    const FitTask cold{&observations, std::nullopt};
    const Hyperparameters fitted = fit_hyperparameters({&cold, 1}, pool)[0];
    for (const double lengthscale : {std::sqrt(3.0), 0.5 * std::sqrt(3.0), 0.3})
      EXPECT_GT(value(fitted), value({std::vector<double>(3, lengthscale), 0.0067, 1.0}));
    std::vector<double> gradient(5);
    likelihood.value(likelihood.coordinates_of(fitted), gradient);
    for (const double component : gradient) EXPECT_NEAR(component, 0.0, 0.1);
    for (const bool alone : {false, true}) {
      FitOptions options;
      options.warm_alone = alone;
      const FitTask warm{&observations, fitted};
      EXPECT_GE(value(fit_hyperparameters({&warm, 1}, pool, options)[0]), value(fitted) - 1e-6);
    }
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
