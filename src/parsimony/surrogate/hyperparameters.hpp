#pragma once

#include <numbers>
#include <vector>

namespace parsimony::surrogate {

/// Of a Gaussian process over the unit cube whose outcomes were standardised (mean 0, variance 1).
struct Hyperparameters {
  std::vector<double> lengthscales;  ///< [d], at least kLeastLengthscale
  double noise = 0.0;                ///< variance of the noise, at least kLeastNoise
  double output_scale = 1.0;         ///< variance of the function
};

constexpr double kLeastLengthscale = 0.025;  ///< BoTorch, models/utils/gpytorch_modules.py
constexpr double kLeastNoise = 1e-4;         ///< BoTorch, the same

/// log X is normal.
struct LogNormal {
  double mean, deviation;
  double log_density(double x) const;
  double log_density_gradient(double x) const;
};

/// BoTorch's prior of lengthscales, LogNormal(√2 + ½ ln d, √3); that of the noise is the model form's.
/// Its newer models have no output scale; we keep one: without it Styblinski-Tang in 40 dimensions got worse
/// (BoTorch's pull request 2619), and outcomes of a search are far from stationary: most are near the front,
/// a few far off, and then the variance of all outcomes is not that of the function where we look.
/// LogNormal(0, 1) keeps it near 1, the value that standardised outcomes suggest.
struct Priors {
  /// @param deviation  of the logarithm of a lengthscale; BoTorch's is √3
  explicit Priors(int d, double deviation = std::numbers::sqrt3);
  LogNormal lengthscale, output_scale;
};

}  // namespace parsimony::surrogate
