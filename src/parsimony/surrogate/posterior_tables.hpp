#pragma once

#include <vector>

#include "parsimony/surrogate/model_form.hpp"
#include "parsimony/surrogate/observations.hpp"

namespace parsimony::surrogate {

/// What a Gaussian process was conditioned to, in single precision, for other forms of its posterior. With
/// c the correlations of a point with the observed ones, on the standardised scale:
///   mean + weightsᵀc,  output_scale − ‖inverse_root·c‖²,
///   c = k(‖column − factors·features(x)‖), k(r) = (1 + r + r²/3)·exp(−r), or exp(−r²/2) for Kernel::rbf.
/// Features of a point: a number x is one, x − ½, or on a logarithmic scale with ends of ratio r
/// log(1 + (r − 1)x)/log(r) − ½; a choice of c is c of them, the chosen one 1/√2, the others 0.
struct PosteriorTables {
  int d = 0;
  std::vector<int> choices;    ///< [d], 0 for a number
  std::vector<double> ratios;  ///< [d], 0 for a linear scale
  Kernel kernel = Kernel::matern52;
  std::vector<float> factors;       ///< [features] of each the scale of its distances
  std::vector<float> columns;       ///< [n, features] scaled features of the observed points, row by row
  std::vector<float> weights;       ///< [n]
  std::vector<float> inverse_root;  ///< [n, n] lower triangle, row by row
  float mean = 0.0f, output_scale = 1.0f;
  Standardisation scale;
};

}  // namespace parsimony::surrogate
