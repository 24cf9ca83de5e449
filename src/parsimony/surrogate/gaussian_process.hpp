#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "parsimony/surrogate/model_form.hpp"
#include "parsimony/surrogate/observations.hpp"
#include "parsimony/surrogate/posterior_tables.hpp"

namespace parsimony::surrogate {

/// A Gaussian process with an ARD kernel and a constant mean, conditioned on observations
/// (Rasmussen and Williams 2006, algorithm 2.1). Mean and variance are those of the function, without noise.
/// Never NaN: where rounding spoils the factorisation, the noise is raised tenfold until it succeeds.
class GaussianProcess {
 public:
  GaussianProcess(const Observations& observations, const Hyperparameters& hyperparameters,
                  Kernel kernel = Kernel::matern52);
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  int dimensions() const;
  const Hyperparameters& hyperparameters() const;
  Kernel kernel() const;
  Standardisation standardisation() const;

  /// The same with more observations (a fantasy of Snoek et al. 2012): hyperparameters and scale stay. The
  /// factor grows by one row for each, exactly: O(n²) a point.
  /// @param points  [k, d] row by row, finite
  /// @param values  [k] in the units of the observations, finite
  GaussianProcess extended(std::span<const double> points, std::span<const double> values) const;

  /// The same with more observations whose values are its own means there (the kriging believer of
  /// Ginsbourger et al. 2010): means stay, variances near the points shrink.
  /// @param points  [k, d] row by row
  GaussianProcess believing(std::span<const double> points) const;

  /// The same with a noise of at least this variance, on the standardised scale: what single precision can
  /// bear.
  GaussianProcess with_noise(double least) const;

  PosteriorTables tables() const;  ///< for PosteriorBatch

  /// @param points    [n, d] row by row, in the unit cube
  /// @param mean      [n] in the units of the observations
  /// @param variance  [n] likewise, at least 0; or empty when it is not wanted
  void posterior(std::span<const double> points, std::span<double> mean, std::span<double> variance) const;

  /// The same in single precision, for rollouts: means and standard deviations are good to about 1e-3 of the
  /// observations' standard deviation where the noise is at least kLeastNoise. Give it some 256 points at a
  /// time, so that its tables stay in the cache.
  /// @param deviation  [n] standard deviation in the units of the observations, at least 0
  void posterior_fast(std::span<const float> points, std::span<float> mean, std::span<float> deviation) const;

  struct Moments {
    double mean = 0.0, deviation = 0.0;  ///< in the units of the observations; the deviation is at least 0
  };
  /// Moments at one point and their gradients; those of choices are 0, and where the deviation is 0 so is its
  /// gradient.
  /// @param point               [d]
  /// @param mean_gradient       [d]
  /// @param deviation_gradient  [d]
  Moments moments_with_gradient(std::span<const double> point, std::span<double> mean_gradient,
                                std::span<double> deviation_gradient) const;

  /// Draws of the function at all points jointly, by a Cholesky factor of their covariance.
  /// @param points   [n, d] row by row
  /// @param normals  [s, n] standard normal numbers, row by row
  /// @return         [s, n] in the units of the observations
  std::vector<double> draws(std::span<const double> points, std::span<const double> normals) const;

 private:
  struct State;
  explicit GaussianProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace parsimony::surrogate
