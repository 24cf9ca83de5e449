#pragma once

#include "parsimony/surrogate/hyperparameters.hpp"

namespace parsimony::surrogate {

/// Correlation of two points at distance r (differences divided by the lengthscales).
enum class Kernel {
  matern52,  ///< (1 + √5 r + 5r²/3)·exp(−√5 r): twice differentiable functions
  rbf        ///< exp(−r²/2): analytic ones
};

/// What is not fitted of a Gaussian process.
struct ModelForm {
  Kernel kernel = Kernel::matern52;
  bool output_scale = true;          ///< fitted; else 1, as in BoTorch's newer models
  double least_noise = kLeastNoise;  ///< variance, on the scale of standardised outcomes
  LogNormal noise{-4.0, 1.0};        ///< prior of the noise's variance
  bool pooled = false;               ///< PooledLengthscales; else each alone, by Priors
};

/// BoTorch's default model since 0.12: RBF, no output scale, its priors and bounds.
inline ModelForm botorch_form() {
  return {Kernel::rbf, false, kLeastNoise, {-4.0, 1.0}, false};
}

/// For outcomes that the point alone decides: a function without noise is interpolated to 1e-4 of its
/// deviation. The noise's prior is wide, so that a noisy function is still found to be one.
inline ModelForm exact_form(Kernel kernel) {
  return {kernel, true, 1e-8, {-8.0, 3.0}, true};
}

}  // namespace parsimony::surrogate
