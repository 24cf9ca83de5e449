#pragma once

#include <span>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/improvement_acquisition.hpp"
#include "parsimony/solver/scalarisation.hpp"

namespace parsimony::solver {

/// Normal samples at which a scalarised value is averaged: scrambled Sobol points through the normal quantile
/// in the columns of measured objectives, 0 in those of computed ones: [count, m] row by row; one row where
/// nothing is measured.
std::vector<double> chebyshev_samples(const Problem& problem, int count, RandomStream& stream);

/// How far from an improvement its value begins to bend, on the scale of the scaled objectives. Of BoTorch's
/// 1e-6 (its tau_relu) the fat tail alone guides the climb; at 1e-3 a gain late in a run drowns.
constexpr double kImprovementWidth = 1e-4;

/// The logarithm of the expected improvement of a scalarised value over `best`, by fixed samples (Balandat et
/// al. 2020): the mean of a softplus of best − g with a fat tail, which keeps a gradient where no sample
/// improves: τ·(log(1 + eˣ) + 0.1/(1 + x²)) at x = (best − g)/τ (Ament et al. 2023).
class ChebyshevImprovement {
 public:
  /// @param samples  [n, m] of chebyshev_samples
  ChebyshevImprovement(Scalarisation scalarisation, double best, std::vector<double> samples);

  /// @param outlooks  [m]
  double log_value(std::span<const acquisition::Outlook> outlooks) const;

  /// The same with ∂/∂mean and ∂/∂deviation of each outlook; at a kink of the maximum one of its sides.
  /// @param by_mean, by_deviation  [m]
  double log_value(std::span<const acquisition::Outlook> outlooks, std::span<double> by_mean,
                   std::span<double> by_deviation) const;

 private:
  Scalarisation scalarisation_;
  double best_;
  std::vector<double> samples_;
};

/// The same as a promise of ImprovementAcquisition.
Promise chebyshev_promise(ChebyshevImprovement improvement);

}  // namespace parsimony::solver
