#pragma once

#include <memory>
#include <span>
#include <vector>

#include "parsimony/surrogate/model_form.hpp"
#include "parsimony/surrogate/observations.hpp"

namespace parsimony::surrogate {

/// The logarithm of marginal likelihood times priors of a Gaussian process with an ARD kernel
/// (Rasmussen and Williams 2006, eq. 5.8 and 5.9), over unbounded coordinates
/// log(lengthscale − 0.025) for each dimension [d], log(noise − its least), log(output scale) where the form
/// has one, the centre of pooled lengthscales where it has them. The constant mean is the one of greatest
/// likelihood for the rest, in closed form; by the envelope theorem it adds nothing to the gradient.
/// Densities of the priors are those of the hyperparameters themselves (as BoTorch's; of pooled lengthscales
/// their logarithms'), without the Jacobian of the coordinates.
class MarginalLikelihood {
 public:
  explicit MarginalLikelihood(const Observations& observations, const ModelForm& form = {});
  ~MarginalLikelihood();
  MarginalLikelihood(MarginalLikelihood&&) noexcept;

  int coordinates() const;
  std::vector<double> coordinates_of(const Hyperparameters& hyperparameters) const;
  Hyperparameters hyperparameters_at(std::span<const double> coordinates) const;

  /// −infinity where the kernel matrix cannot be factorised. Works in memory of the object's own: one thread
  /// at a time.
  /// @param gradient  [coordinates()], or empty when it is not wanted
  double value(std::span<const double> coordinates, std::span<double> gradient);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parsimony::surrogate
