#include "parsimony/nn/calibrate.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/nn/channel_gains.hpp"
#include "parsimony/nn/module.hpp"
#include "parsimony/nn/schedule.hpp"

namespace parsimony::nn {
namespace {

constexpr std::int64_t kStatisticsBatch = 256;  // SEMANTICS 6
constexpr std::size_t kCalibrationCases = 512;  // SEMANTICS 6
constexpr std::int64_t kInferenceBatch = 32;    // results do not depend on it; memory does

std::vector<std::int64_t> counting(std::int64_t count) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

/// Zeros, aligned as the kernels want it.
template <typename T>
at::Tensor buffer(std::int64_t count) {
  return at::zeros({count}, at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value));
}

/// Calls body(input, cases in it, first) for batches in the order of the indices.
template <typename T, typename Body>
void for_batches(const Cases<T>& cases, std::span<const std::int64_t> indices,
                 std::span<const std::int64_t> bounds, const Body& body) {
  const at::Tensor input = buffer<T>(largest_batch(bounds) * cases.padded_size());
  T* values = input.data_ptr<T>();
  for (std::size_t k = 0; k + 1 < bounds.size(); ++k) {
    const std::int64_t first = bounds[k], size = bounds[k + 1] - first;
    gather(cases, indices.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(size)), values);
    body(values, size, first);
  }
}

template <typename T, typename Body>
void for_values(const LayerOutput<T>& output, const Body& body) {
  for (std::int64_t r = 0; r < output.rows; ++r)
    for (int c = 0; c < output.channels; ++c) body(output.value(r, c), static_cast<std::size_t>(c));
}

template <typename T>
void widen(Range& range, const LayerOutput<T>& output) {
  for_values(output, [&](double value, std::size_t) {
    if (!std::isfinite(value)) range.high = std::numeric_limits<double>::infinity();
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  });
}

Range& range_of(Ranges& ranges, int layer, bool before_activation) {
  if (layer == network::kInput) return ranges.input;
  return (before_activation ? ranges.before : ranges.after)[static_cast<std::size_t>(layer)];
}

/// Calls body(range) for every tensor.
template <typename Body>
void for_ranges(Ranges& ranges, const Body& body) {
  body(ranges.input);
  for (Range& range : ranges.after) body(range);
  for (Range& range : ranges.before) body(range);
}

/// Narrows ranges that hold every value.
template <typename T>
void estimate(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices,
              const network::QuantisationOptions& options, Ranges& ranges) {
  std::unordered_map<const Range*, Histogram> histograms;
  for_ranges(ranges, [&](const Range& range) { histograms.emplace(&range, Histogram(range)); });
  const bool by_error = options.ranges == network::RangeEstimator::mse;
  const ChannelGains gains = channel_gains(parameters);
  see_outputs<T>(parameters, cases, indices, [&](const LayerOutput<T>& output) {
    Histogram& histogram = histograms.at(&range_of(ranges, output.layer, output.before_activation));
    const std::vector<double>& gain = gains.of(output.layer);
    for_values(output, [&](double value, std::size_t channel) {
      histogram.add(value, by_error ? gain[channel] : 1.0);
    });
  });
  const Range logits = ranges.after.back();
  for_ranges(ranges, [&](Range& range) {
    const Histogram& histogram = histograms.at(&range);
    range = by_error ? histogram.least_error() : histogram.percentile(options.percentile);
  });
  ranges.after.back() = logits;
}

}  // namespace

template <typename T>
void re_estimate_statistics(Parameters<T>& parameters, const Cases<T>& cases) {
  const std::vector<std::int64_t> order = counting(cases.count);
  const std::vector<std::int64_t> bounds = batch_bounds(cases.count, kStatisticsBatch);
  Module<T> module(parameters, {largest_batch(bounds), false});
  int batches = 0;
  for_batches(cases, order, bounds, [&](const T* input, std::int64_t size, std::int64_t) {
    module.forward(input, size, {.of_batch = true, .running_share = 1.0 / ++batches});
  });
}

template <typename T>
std::vector<T> float_logits(Parameters<T>& parameters, const Cases<T>& cases) {
  if (cases.count == 0) return {};
  const std::vector<std::int64_t> order = counting(cases.count);
  const std::vector<std::int64_t> bounds = batch_bounds(cases.count, kInferenceBatch);
  Module<T> module(parameters, {largest_batch(bounds), false});
  const int classes = parameters.description.layers.back().channels;
  std::vector<T> logits;
  for_batches(cases, order, bounds, [&](const T* input, std::int64_t size, std::int64_t) {
    const T* rows = module.forward(input, size, {.of_batch = false});
    for (std::int64_t b = 0; b < size; ++b)
      logits.insert(logits.end(), rows + b * module.logits_ld(), rows + b * module.logits_ld() + classes);
  });
  return logits;
}

bool Ranges::finite() const {
  const auto is_finite = [](const Range& range) {
    return std::isfinite(range.low) && std::isfinite(range.high);
  };
  return is_finite(input) && std::all_of(after.begin(), after.end(), is_finite) &&
         std::all_of(before.begin(), before.end(), is_finite);
}

template <typename T>
void see_outputs(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices,
                 const std::function<void(const LayerOutput<T>&)>& see) {
  const auto& layers = parameters.description.layers;
  const std::vector<std::int64_t> bounds =
      batch_bounds(static_cast<std::int64_t>(indices.size()), kInferenceBatch);
  Module<T> module(parameters, {largest_batch(bounds), true});
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < layers.size(); ++i)
    largest = std::max(largest, largest_batch(bounds) * module.output_rows(i) * module.output_ld(i));
  const at::Tensor scratch = buffer<T>(largest);
  T* values = scratch.data_ptr<T>();
  for_batches(cases, indices, bounds, [&](const T* input, std::int64_t size, std::int64_t) {
    see({network::kInput, false, size, size * cases.length, cases.ld(), cases.channels, input});
    module.forward(input, size, {.of_batch = false});
    for (std::size_t i = 0; i < layers.size(); ++i) {
      LayerOutput<T> output{
          static_cast<int>(i), false, size, size * module.output_rows(i), module.output_ld(i),
          layers[i].channels,  values};
      module.read_output(i, values);
      see(output);
      if (layers[i].activation != network::Activation::hard_swish) continue;
      module.read_before_activation(i, values);
      output.before_activation = true;
      see(output);
    }
  });
}

template <typename T>
Ranges calibrate(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices,
                 const network::QuantisationOptions& options) {
  PARSIMONY_EXPECTS(options.ranges != network::RangeEstimator::automatic);
  const std::size_t layers = parameters.description.layers.size();
  Ranges ranges{{}, std::vector<Range>(layers), std::vector<Range>(layers)};
  see_outputs<T>(parameters, cases, indices, [&](const LayerOutput<T>& output) {
    widen(range_of(ranges, output.layer, output.before_activation), output);
  });
  if (options.ranges != network::RangeEstimator::min_max && ranges.finite())
    estimate(parameters, cases, indices, options, ranges);
  return ranges;
}

std::vector<std::int64_t> calibration_cases(std::int64_t count, const RandomKeys& keys) {
  RandomStream stream(keys.seed, keys.trial, keys.purpose + "/calibration");
  std::vector<std::int64_t> indices = stream.permutation(count);
  if (indices.size() > kCalibrationCases) indices.resize(kCalibrationCases);
  std::sort(indices.begin(), indices.end());
  return indices;
}

#define PARSIMONY_INSTANTIATE(T)                                                               \
  template void re_estimate_statistics<T>(Parameters<T>&, const Cases<T>&);                    \
  template std::vector<T> float_logits<T>(Parameters<T>&, const Cases<T>&);                    \
  template void see_outputs<T>(Parameters<T>&, const Cases<T>&, std::span<const std::int64_t>, \
                               const std::function<void(const LayerOutput<T>&)>&);             \
  template Ranges calibrate<T>(Parameters<T>&, const Cases<T>&, std::span<const std::int64_t>, \
                               const network::QuantisationOptions&);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
