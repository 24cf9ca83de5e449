#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "parsimony/surrogate/hyperparameters.hpp"
#include "parsimony/surrogate/observations.hpp"

namespace parsimony::surrogate {

/// A Gaussian process with an ARD Matérn-5/2 kernel and a constant mean, conditioned on observations
/// (Rasmussen and Williams 2006, algorithm 2.1). Mean and variance are those of the function, without noise.
/// Never NaN: where rounding spoils the factorisation, the noise is raised tenfold until it succeeds.
class GaussianProcess {
 public:
  GaussianProcess(const Observations& observations, const Hyperparameters& hyperparameters);
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  /// The same with more observations whose values are its own means there (the kriging believer of
  /// Ginsbourger et al. 2010): means stay, variances near the points shrink.
  /// @param points  [k, d] row by row
  GaussianProcess believing(std::span<const double> points) const;

  const Hyperparameters& hyperparameters() const;
  Standardisation standardisation() const;

  /// @param points    [n, d] row by row, in the unit cube
  /// @param mean      [n] in the units of the observations
  /// @param variance  [n] likewise, at least 0; or empty when it is not wanted
  void posterior(std::span<const double> points, std::span<double> mean, std::span<double> variance) const;

  /// The same in single precision, for rollouts: means and standard deviations are good to about 1e-3 of the
  /// observations' standard deviation. Give it some 256 points at a time, so that its tables stay in the
  /// cache.
  /// @param deviation  [n] standard deviation in the units of the observations, at least 0
  void posterior_fast(std::span<const float> points, std::span<float> mean, std::span<float> deviation) const;

 private:
  struct State;
  explicit GaussianProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace parsimony::surrogate
