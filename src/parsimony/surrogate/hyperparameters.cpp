#include "parsimony/surrogate/hyperparameters.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parsimony::surrogate {

double LogNormal::log_density(double x) const {
  const double z = (std::log(x) - mean) / deviation;
  return -0.5 * z * z - std::log(x * deviation) - 0.5 * std::log(2.0 * std::numbers::pi);
}

double LogNormal::log_density_gradient(double x) const {
  return -((std::log(x) - mean) / (deviation * deviation) + 1.0) / x;
}

Priors::Priors(int d)
    : lengthscale{std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(d)), std::numbers::sqrt3},
      output_scale{0.0, 1.0} {}

PooledLengthscales::PooledLengthscales(int d)
    : common{std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(d)) - 1.0, 0.5} {}

double PooledLengthscales::centre_of(std::vector<double> lengthscales) {
  const auto middle = lengthscales.begin() + static_cast<std::ptrdiff_t>(lengthscales.size() / 2);
  std::nth_element(lengthscales.begin(), middle, lengthscales.end());
  return std::log(*middle);
}

double PooledLengthscales::log_density(std::span<const double> lengthscales, double centre) const {
  const double z = (centre - common.mean) / common.deviation;
  double value = -0.5 * z * z - std::log(common.deviation) - 0.5 * std::log(2.0 * std::numbers::pi);
  for (const double lengthscale : lengthscales) {
    const double t = (std::log(lengthscale) - centre) / deviation;
    value -= std::log(2.0 * std::numbers::sqrt2 * deviation) + 1.5 * std::log1p(0.5 * t * t);
  }
  return value;
}

double PooledLengthscales::slope(double lengthscale, double centre) const {
  const double t = (std::log(lengthscale) - centre) / deviation;
  return -3.0 * t / (deviation * (2.0 + t * t));
}

double PooledLengthscales::centre_slope(std::span<const double> lengthscales, double centre) const {
  double value = -(centre - common.mean) / (common.deviation * common.deviation);
  for (const double lengthscale : lengthscales) value -= slope(lengthscale, centre);
  return value;
}

}  // namespace parsimony::surrogate
