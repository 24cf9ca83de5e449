#include "parsimony/data/normalisation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "parsimony/base/contracts.hpp"

namespace parsimony::data {
namespace {

/// [channels] means over all steps of the cases of f(value, channel). Exact for a constant channel: a double
/// holds the sum of up to 2²⁹ equal floats.
template <typename Function>
std::vector<double> channel_means(const Dataset& data, std::span<const std::int32_t> cases, Function f) {
  const auto channels = static_cast<std::size_t>(data.channels);
  std::vector<double> sums(channels, 0.0);
  for (const std::int32_t index : cases) {
    const std::span<const float> values = data.case_values(index);
    for (std::size_t i = 0; i < values.size(); ++i) sums[i % channels] += f(double{values[i]}, i % channels);
  }
  for (double& sum : sums) sum /= static_cast<double>(cases.size()) * data.length;
  return sums;
}

}  // namespace

Normalisation normalisation_of(const Dataset& data, std::span<const std::int32_t> cases) {
  PARSIMONY_EXPECTS(!cases.empty());
  const auto means = channel_means(data, cases, [](double value, std::size_t) { return value; });
  const auto variances = channel_means(data, cases, [&](double value, std::size_t channel) {
    return (value - means[channel]) * (value - means[channel]);
  });
  Normalisation normalisation;
  for (std::size_t c = 0; c < means.size(); ++c) {
    const auto deviation = static_cast<float>(std::sqrt(variances[c]));
    normalisation.mean.push_back(static_cast<float>(means[c]));
    normalisation.deviation.push_back(deviation > 0.0f ? deviation : 1.0f);
  }
  return normalisation;
}

Normalisation normalisation_of(const Dataset& data) {
  std::vector<std::int32_t> cases(data.labels.size());
  std::iota(cases.begin(), cases.end(), 0);
  return normalisation_of(data, cases);
}

void normalise(std::span<float> values, const Normalisation& normalisation) {
  const std::size_t channels = normalisation.mean.size();
  PARSIMONY_EXPECTS(channels > 0 && values.size() % channels == 0);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] =
        std::clamp((values[i] - normalisation.mean[i % channels]) / normalisation.deviation[i % channels],
                   -normalisation.clip, normalisation.clip);
}

}  // namespace parsimony::data
