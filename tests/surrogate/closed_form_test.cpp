// The model against its formulas written out: kernels by scalars, inverses and determinants by elimination in
// a wider type. Rasmussen and Williams 2006, equations 2.23 to 2.30, with a constant mean of greatest
// likelihood.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "parsimony/surrogate/gaussian_process.hpp"
#include "parsimony/surrogate/marginal_likelihood.hpp"
#include "synthetic.hpp"

namespace parsimony::surrogate {
namespace {

using Wide = long double;
using Rows = std::vector<std::vector<Wide>>;

struct Case {
  Observations observations;
  Hyperparameters at;
  Kernel kernel = Kernel::matern52;
  std::size_t n() const { return observations.values.size(); }
  std::size_t d() const { return static_cast<std::size_t>(observations.d); }
  std::span<const double> point(std::size_t i) const {
    return std::span(observations.points).subspan(i * d(), d());
  }
};

/// One to eight observations of floats, choices and numbers on logarithmic scales.
Case random_case(RandomStream& stream) {
  const int d = 1 + static_cast<int>(stream.below(4)), n = 1 + static_cast<int>(stream.below(8));
  Case made{smooth_observations(n, d, 0.3, stream), {}, stream.below(2) ? Kernel::rbf : Kernel::matern52};
  for (int k = 0; k < d; ++k) {
    const std::uint64_t kind = stream.below(3);
    made.observations.choices.push_back(kind == 1 ? 3 : 0);
    made.observations.ratios.push_back(kind == 2 ? 40.0 : 0.0);
    made.at.lengthscales.push_back(stream.uniform(0.2, 2.0));
  }
  made.at.noise = std::exp(stream.uniform(-9.0, -1.0));
  made.at.output_scale = stream.uniform(0.4, 2.5);
  return made;
}

Wide covariance(const Case& of, std::span<const double> a, std::span<const double> b) {
  Wide square = 0.0;
  for (std::size_t k = 0; k < of.d(); ++k) {
    const int choices = of.observations.choices[k];
    const Wide ratio = of.observations.ratios[k];
    Wide difference = static_cast<Wide>(a[k]) - b[k];
    if (choices > 0) difference = std::floor(choices * a[k]) == std::floor(choices * b[k]) ? 0.0 : 1.0;
    if (ratio > 1.0)
      difference = std::log((1.0 + (ratio - 1.0) * a[k]) / (1.0 + (ratio - 1.0) * b[k])) / std::log(ratio);
    square += difference * difference / (of.at.lengthscales[k] * of.at.lengthscales[k]);
  }
  if (of.kernel == Kernel::rbf) return of.at.output_scale * std::exp(-square / 2);
  const Wide r = std::sqrt(5 * square);
  return of.at.output_scale * (1 + r + r * r / 3) * std::exp(-r);
}

struct Inverse {
  Rows rows;
  Wide log_determinant = 0.0;
};

/// Of a positive definite matrix, by Gauss and Jordan.
Inverse inverse_of(Rows matrix) {
  const std::size_t n = matrix.size();
  Inverse result{Rows(n, std::vector<Wide>(n)), 0.0};
  for (std::size_t i = 0; i < n; ++i) result.rows[i][i] = 1.0;
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    const Wide held = matrix[pivot][pivot];
    result.log_determinant += std::log(held);
    for (std::size_t j = 0; j < n; ++j) {
      matrix[pivot][j] /= held;
      result.rows[pivot][j] /= held;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const Wide factor = matrix[i][pivot];
      if (i == pivot) continue;
      for (std::size_t j = 0; j < n; ++j) {
        matrix[i][j] -= factor * matrix[pivot][j];
        result.rows[i][j] -= factor * result.rows[pivot][j];
      }
    }
  }
  return result;
}

Wide product(const std::vector<Wide>& a, const Rows& matrix, const std::vector<Wide>& b) {
  Wide sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) sum += a[i] * matrix[i][j] * b[j];
  return sum;
}

/// The formulas at a case, on the scale of the outcomes.
class ClosedForm {
 public:
  ClosedForm(const Case& of, const Standardisation& scale) : of_(of), scale_(scale) {
    Rows noisy;
    for (std::size_t i = 0; i < of.n(); ++i) {
      noisy.push_back(to_observed(of.point(i)));
      noisy[i][i] += of.at.noise;
      outcomes_.push_back((static_cast<Wide>(of.observations.values[i]) - scale.mean) / scale.deviation);
    }
    inverse_ = inverse_of(noisy);
    const std::vector<Wide> ones(of.n(), 1.0);
    mean_ = product(ones, inverse_.rows, outcomes_) / product(ones, inverse_.rows, ones);
    for (Wide& outcome : outcomes_) outcome -= mean_;
  }
  double mean(std::span<const double> x) const {
    const Wide standardised = mean_ + product(to_observed(x), inverse_.rows, outcomes_);
    return static_cast<double>(scale_.mean + scale_.deviation * standardised);
  }
  double covariance_of(std::span<const double> x, std::span<const double> y) const {
    const Wide left = covariance(of_, x, y) - product(to_observed(x), inverse_.rows, to_observed(y));
    return static_cast<double>(scale_.deviation * scale_.deviation * left);
  }
  double log_likelihood() const {
    const Wide n = static_cast<Wide>(of_.n());
    return static_cast<double>(-0.5L *
                               (product(outcomes_, inverse_.rows, outcomes_) + inverse_.log_determinant +
                                n * std::log(2.0L * std::numbers::pi_v<Wide>)));
  }

 private:
  std::vector<Wide> to_observed(std::span<const double> x) const {
    std::vector<Wide> result;
    for (std::size_t i = 0; i < of_.n(); ++i) result.push_back(covariance(of_, x, of_.point(i)));
    return result;
  }

  const Case& of_;
  Standardisation scale_;
  std::vector<Wide> outcomes_;  // standardised, less the mean
  Inverse inverse_;
  Wide mean_ = 0.0;
};

void expect_moments(const GaussianProcess& process, const ClosedForm& formula,
                    std::span<const double> points) {
  const auto d = static_cast<std::size_t>(process.dimensions());
  const std::size_t n = points.size() / d;
  const double unit = process.standardisation().deviation;
  std::vector<double> mean(n), variance(n);
  process.posterior(points, mean, variance);
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = points.subspan(i * d, d);
    EXPECT_NEAR(mean[i], formula.mean(x), 1e-9 * unit);
    EXPECT_NEAR(variance[i], formula.covariance_of(x, x), 1e-9 * unit * unit);
  }
}

TEST(ClosedForm, MeanAndVarianceAreThoseOfTheExplicitInverse) {
  RandomStream stream(1, 0, "closed form");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const Case given = random_case(stream);
    const GaussianProcess process(given.observations, given.at, given.kernel);
    const ClosedForm formula(given, process.standardisation());
    expect_moments(process, formula, random_points(6, given.observations.d, stream));
    expect_moments(process, formula, given.observations.points);
  }
}

TEST(ClosedForm, ExtendedIsTheExplicitInverseOfAllPointsOnTheScaleOfTheFirst) {
  RandomStream stream(2, 0, "closed form");
  for (int repeat = 0; repeat < 100; ++repeat) {
    Case given = random_case(stream);
    const GaussianProcess process(given.observations, given.at, given.kernel);
    const std::vector<double> further = random_points(3, given.observations.d, stream);
    const std::vector<double> values{0.5, 4.0, 3.0};
    const GaussianProcess grown = process.extended(further, values);
    for (std::vector<double>* all : {&given.observations.points, &given.observations.values}) {
      const std::vector<double>& more = all == &given.observations.points ? further : values;
      all->insert(all->end(), more.begin(), more.end());
    }
    expect_moments(grown, ClosedForm(given, process.standardisation()),
                   random_points(6, given.observations.d, stream));
  }
}

TEST(ClosedForm, DrawsHaveTheJointCovariance) {
  RandomStream stream(3, 0, "closed form");
  constexpr std::size_t kPoints = 5;
  std::vector<double> units(kPoints * kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) units[i * kPoints + i] = 1.0;
  for (int repeat = 0; repeat < 100; ++repeat) {
    const Case given = random_case(stream);
    const GaussianProcess process(given.observations, given.at, given.kernel);
    const ClosedForm formula(given, process.standardisation());
    const std::vector<double> points = random_points(kPoints, given.observations.d, stream);
    const auto x = [&](std::size_t i) { return std::span(points).subspan(i * given.d(), given.d()); };
    const std::vector<double> drawn = process.draws(points, units);  // mean + column of the root
    const double unit = process.standardisation().deviation;
    for (std::size_t i = 0; i < kPoints; ++i)
      for (std::size_t j = 0; j < kPoints; ++j) {
        double sum = 0.0;
        for (std::size_t k = 0; k < kPoints; ++k)
          sum +=
              (drawn[k * kPoints + i] - formula.mean(x(i))) * (drawn[k * kPoints + j] - formula.mean(x(j)));
        EXPECT_NEAR(sum, formula.covariance_of(x(i), x(j)), 1e-8 * unit * unit);
      }
  }
}

TEST(ClosedForm, GradientsAreTheFiniteDifferencesOfTheFormulas) {
  RandomStream stream(5, 0, "closed form");
  int compared = 0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    const Case given = random_case(stream);
    const GaussianProcess process(given.observations, given.at, given.kernel);
    const ClosedForm formula(given, process.standardisation());
    const std::vector<double> point = random_points(1, given.observations.d, stream);
    std::vector<double> by_mean(given.d()), by_deviation(given.d());
    const double unit = process.standardisation().deviation;
    const double deviation = process.moments_with_gradient(point, by_mean, by_deviation).deviation;
    if (deviation < 0.05 * unit) continue;  // there its slope is steep
    for (std::size_t k = 0; k < given.d(); ++k) {
      if (given.observations.choices[k] > 0) {
        EXPECT_EQ(by_mean[k], 0.0);
        EXPECT_EQ(by_deviation[k], 0.0);
        continue;
      }
      constexpr double kStep = 1e-5;
      std::vector<double> above = point, below = point;
      above[k] += kStep;
      below[k] -= kStep;
      const double mean_slope = (formula.mean(above) - formula.mean(below)) / (2 * kStep);
      const double deviation_slope =
          (std::sqrt(formula.covariance_of(above, above)) - std::sqrt(formula.covariance_of(below, below))) /
          (2 * kStep);
      EXPECT_NEAR(by_mean[k], mean_slope, 1e-5 * (unit + std::abs(mean_slope)));
      EXPECT_NEAR(by_deviation[k], deviation_slope, 1e-5 * (unit + std::abs(deviation_slope)));
      ++compared;
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(ClosedForm, LikelihoodIsTheMultivariateNormalDensityAndThePriors) {
  RandomStream stream(4, 0, "closed form");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const Case given = random_case(stream);
    const ModelForm form{.kernel = given.kernel, .pooled = repeat % 2 == 1};
    MarginalLikelihood likelihood(given.observations, form);
    const Priors priors(given.observations.d);
    const std::vector<double> coordinates = likelihood.coordinates_of(given.at);
    double expected = ClosedForm(given, standardisation_of(given.observations.values)).log_likelihood() +
                      form.noise.log_density(given.at.noise) +
                      priors.output_scale.log_density(given.at.output_scale);
    if (form.pooled)
      expected +=
          PooledLengthscales(given.observations.d).log_density(given.at.lengthscales, coordinates.back());
    else
      for (const double lengthscale : given.at.lengthscales)
        expected += priors.lengthscale.log_density(lengthscale);
    EXPECT_NEAR(likelihood.value(coordinates, {}), expected, 1e-8 + 1e-10 * std::abs(expected));
  }
}

TEST(ClosedForm, PooledLengthscalesIntegrateToOneAndLeaveSingleOnesFree) {
  // ∫∫ density over two lengthscales' logarithms and the centre, by sums over a grid.
  const PooledLengthscales prior(2);
  constexpr double kStep = 0.1;
  double sum = 0.0;
  for (double centre = prior.common.mean - 3.0; centre < prior.common.mean + 3.0; centre += kStep) {
    double of_one = 0.0;  // given the centre lengthscales are independent
    const double base = prior.log_density({}, centre);
    for (double z = -40.0; z < 40.0; z += kStep) {
      const double lengthscale[] = {std::exp(centre + z)};
      of_one += kStep * std::exp(prior.log_density(lengthscale, centre) - base);
    }
    EXPECT_NEAR(of_one, 1.0, 1e-3);
    sum += kStep * std::exp(base) * of_one * of_one;
  }
  EXPECT_NEAR(sum, 1.0, 5e-3);
  // One of twelve that is ten times as short costs less than twelve that are 0.6 apart.
  std::vector<double> single(12, 2.0), all(12, 2.0);
  single[3] = 0.2;
  for (std::size_t k = 0; k < all.size(); ++k) all[k] *= std::exp(k % 2 ? 0.3 : -0.3);
  EXPECT_GT(PooledLengthscales(12).log_density(single, std::log(2.0)),
            PooledLengthscales(12).log_density(all, std::log(2.0)));
}

}  // namespace
}  // namespace parsimony::surrogate
