#include "parsimony/surrogate/marginal_likelihood.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "synthetic.hpp"

namespace parsimony::surrogate {
namespace {

TEST(MarginalLikelihood, GradientEqualsFiniteDifferences) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 40; ++repeat) {
    const int d = 1 + static_cast<int>(stream.below(6)), n = 1 + static_cast<int>(stream.below(30));
    Observations observations = smooth_observations(n, d, 0.1, stream);
    for (int k = 0; k < d && repeat % 2; ++k) observations.choices.push_back(stream.below(2) ? 3 : 0);
    ModelForm form{repeat % 4 < 2 ? Kernel::matern52 : Kernel::rbf, repeat % 3 > 0};
    form.pooled = repeat % 5 < 3;
    MarginalLikelihood likelihood(observations, form);
    std::vector<double> x, gradient(static_cast<std::size_t>(likelihood.coordinates()));
    for (int k = 0; k < d; ++k) x.push_back(stream.uniform(-2.5, 1.5));
    x.push_back(stream.uniform(-7.0, -1.0));
    if (form.output_scale) x.push_back(stream.uniform(-1.0, 1.0));
    if (form.pooled) x.push_back(stream.uniform(-1.0, 2.0));
    likelihood.value(x, gradient);
    for (std::size_t k = 0; k < x.size(); ++k) {
      const double h = 1e-5;
      std::vector<double> above = x, below = x;
      above[k] += h;
      below[k] -= h;
      const double slope = (likelihood.value(above, {}) - likelihood.value(below, {})) / (2 * h);
      EXPECT_NEAR(gradient[k], slope, 1e-5 * (1.0 + std::abs(slope)))
          << "coordinate " << k << " of " << x.size();
    }
  }
}

TEST(MarginalLikelihood, OfOnePointIsTheNormalDensityAtItsMeanAndThePriors) {
  MarginalLikelihood likelihood(Observations{1, {0.3}, {7.0}});
  const Hyperparameters at{{0.5}, 0.02, 1.3};
  const Priors priors(1);
  const double expected = -0.5 * std::log(2.0 * std::numbers::pi * (1.3 + 0.02)) +
                          priors.lengthscale.log_density(0.5) + ModelForm{}.noise.log_density(0.02) +
                          priors.output_scale.log_density(1.3);
  EXPECT_NEAR(likelihood.value(likelihood.coordinates_of(at), {}), expected, 1e-12);
}

TEST(MarginalLikelihood, OfTwoPointsIsTheBinormalDensity) {
  // Standardised outcomes are ±1 and, by symmetry, the mean 0: with correlation c, log density is that of
  // their difference.
  MarginalLikelihood likelihood(Observations{1, {0.2, 0.7}, {1.0, 5.0}});
  const Hyperparameters at{{0.5}, 0.1, 0.8};
  const double r = std::sqrt(5.0) * 0.5 / 0.5;
  const double variance = 0.9, covariance = 0.8 * (1 + r + r * r / 3) * std::exp(-r);
  const Priors priors(1);
  const double expected = -1.0 / (variance - covariance) -
                          0.5 * std::log(variance * variance - covariance * covariance) -
                          std::log(2.0 * std::numbers::pi) + priors.lengthscale.log_density(0.5) +
                          ModelForm{}.noise.log_density(0.1) + priors.output_scale.log_density(0.8);
  EXPECT_NEAR(likelihood.value(likelihood.coordinates_of(at), {}), expected, 1e-12);
}

TEST(MarginalLikelihood, CoordinatesComeBack) {
  MarginalLikelihood likelihood(Observations{2, {0.2, 0.7}, {1.0}});
  const Hyperparameters at{{0.5, 4.0}, 0.1, 0.8};
  const Hyperparameters back = likelihood.hyperparameters_at(likelihood.coordinates_of(at));
  EXPECT_NEAR(back.lengthscales[1], 4.0, 1e-12);
  EXPECT_NEAR(back.noise, 0.1, 1e-12);
  EXPECT_NEAR(back.output_scale, 0.8, 1e-12);
}

TEST(LogNormal, GradientEqualsFiniteDifferences) {
  const LogNormal prior{-4.0, 1.0};
  for (const double x : {0.001, 0.02, 1.0, 30.0})
    EXPECT_NEAR(prior.log_density_gradient(x),
                (prior.log_density(x * 1.0001) - prior.log_density(x * 0.9999)) / (0.0002 * x), 1e-5 / x);
}

TEST(Standardisation, OfEqualValuesHasDeviationOne) {
  EXPECT_EQ(standardisation_of({3.7, 3.7, 3.7}).deviation, 1.0);
  EXPECT_EQ(standardisation_of({1e9}).deviation, 1.0);
  EXPECT_EQ(standardisation_of({1.0, 3.0}).deviation, 1.0);
  EXPECT_EQ(standardisation_of({1.0, 5.0}).deviation, 2.0);
}

}  // namespace
}  // namespace parsimony::surrogate
