#include "parsimony/data/series_file.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"

namespace parsimony::data {
namespace {

/// Fills values[first + 1 … last − 1] of one channel from its two ends; −1 and `steps` stand for no end.
void fill_between(float* values, std::size_t channels, std::int64_t first, std::int64_t last,
                  std::int64_t steps) {
  const auto at = [&](std::int64_t step) -> float& {
    return values[static_cast<std::size_t>(step) * channels];
  };
  for (std::int64_t t = first + 1; t < last; ++t) {
    if (first < 0)
      at(t) = at(last);
    else if (last == steps)
      at(t) = at(first);
    else
      at(t) =
          std::lerp(at(first), at(last), static_cast<float>(t - first) / static_cast<float>(last - first));
  }
}

std::vector<float> resampled(std::span<const float> values, std::size_t channels, std::size_t length) {
  const std::size_t steps = values.size() / channels;
  std::vector<float> result;
  result.reserve(length * channels);
  for (std::size_t t = 0; t < length; ++t) {
    const double place =
        length == 1 ? 0.0 : static_cast<double>(t * (steps - 1)) / static_cast<double>(length - 1);
    const auto before = static_cast<std::size_t>(place);
    const std::size_t after = std::min(before + 1, steps - 1);
    const auto share = static_cast<float>(place - static_cast<double>(before));
    for (std::size_t c = 0; c < channels; ++c)
      result.push_back(std::lerp(values[before * channels + c], values[after * channels + c], share));
  }
  return result;
}

}  // namespace

std::optional<std::size_t> fill_missing(std::span<float> values, std::size_t channels) {
  const auto steps = static_cast<std::int64_t>(values.size() / channels);
  for (std::size_t c = 0; c < channels; ++c) {
    std::int64_t known = -1;
    for (std::int64_t t = 0; t < steps; ++t) {
      if (std::isnan(values[static_cast<std::size_t>(t) * channels + c])) continue;
      fill_between(values.data() + c, channels, known, t, steps);
      known = t;
    }
    if (known < 0) return c;
    fill_between(values.data() + c, channels, known, steps, steps);
  }
  return std::nullopt;
}

std::vector<float> at_length(std::span<const float> values, std::size_t channels, std::size_t length,
                             Unequal rule) {
  PARSIMONY_EXPECTS(length > 0 && values.size() >= channels && values.size() % channels == 0);
  const std::size_t steps = values.size() / channels;
  if (rule == Unequal::kResample && steps != length) return resampled(values, channels, length);
  std::vector<float> result(values.begin(),
                            values.begin() + static_cast<std::ptrdiff_t>(std::min(steps, length) * channels));
  while (result.size() < length * channels) result.push_back(result[result.size() - channels]);
  return result;
}

void fit_length(SeriesFile& file, std::int32_t length, Unequal rule) {
  Dataset& data = file.data;
  const auto channels = static_cast<std::size_t>(data.channels);
  std::vector<float> fitted;
  fitted.reserve(file.steps.size() * static_cast<std::size_t>(length) * channels);
  std::size_t start = 0;
  for (std::int32_t& steps : file.steps) {
    const std::size_t size = static_cast<std::size_t>(steps) * channels;
    const auto series = at_length(std::span(data.values).subspan(start, size), channels,
                                  static_cast<std::size_t>(length), rule);
    fitted.insert(fitted.end(), series.begin(), series.end());
    start += size;
    steps = length;
  }
  data.values = std::move(fitted);
  data.length = length;
}

}  // namespace parsimony::data
