#pragma once

#include <span>
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
  explicit Priors(int d);
  LogNormal lengthscale, output_scale;
};

/// Lengthscales that are alike unless the outcomes say otherwise: log ℓ_k = centre + 0.3 t_k, t_k of
/// Student's distribution with 2 degrees of freedom, whose tails leave single ones free; the centre, fitted
/// beside them, is normal about √2 + ½ ln d − 1 (where BoTorch's prior has its mode, were its deviation 1)
/// with deviation ½. Fitted one by one instead, a few outcomes in many dimensions make one coordinate
/// all-important and the rest irrelevant, and searches spend their evaluations in corners (docs/adr/0010).
struct PooledLengthscales {
  explicit PooledLengthscales(int d);

  /// Where the centre of these is looked for first: the logarithm of their (upper) median.
  static double centre_of(std::vector<double> lengthscales);

  /// Of the lengthscales' logarithms, and of the centre.
  double log_density(std::span<const double> lengthscales, double centre) const;
  double slope(double lengthscale, double centre) const;  ///< ∂/∂ log lengthscale
  double centre_slope(std::span<const double> lengthscales, double centre) const;

  LogNormal common;  ///< exp(centre) is
  double deviation = 0.3;
};

}  // namespace parsimony::surrogate
