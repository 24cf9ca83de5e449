#include "parsimony/compare/bootstrap.hpp"

#include <vector>

#include "parsimony/base/contracts.hpp"
#include "parsimony/compare/quantiles.hpp"

namespace parsimony::compare {

Interval median_interval(std::span<const double> values, RandomStream& stream) {
  PARSIMONY_EXPECTS(!values.empty());
  std::vector<double> medians, sample(values.size());
  medians.reserve(kResamples);
  for (int resample = 0; resample < kResamples; ++resample) {
    for (double& value : sample) value = values[stream.below(values.size())];
    medians.push_back(median(sample));
  }
  return {quantile(medians, 0.025), quantile(medians, 0.975)};
}

}  // namespace parsimony::compare
