#include "parsimony/surrogate/hyperparameters.hpp"

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

Priors::Priors(int d, double deviation)
    : lengthscale{std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(d)), deviation},
      output_scale{0.0, 1.0} {}

}  // namespace parsimony::surrogate
