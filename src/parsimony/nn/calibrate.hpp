#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/parameters.hpp"
#include "parsimony/nn/range.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::nn {

/// Replaces the running statistics of every batch norm by the plain mean of those of batches of 256 cases in
/// their given order (a last one under 8 joins the one before), each normalised by its own statistics as in
/// training (PyTorch's update_bn). Variances are unbiased, as PyTorch's running ones.
template <typename T>
void re_estimate_statistics(Parameters<T>& parameters, const Cases<T>& cases);

/// Logits by the running statistics: [n, classes].
template <typename T>
std::vector<T> float_logits(Parameters<T>& parameters, const Cases<T>& cases);

/// What a layer gave for a batch of cases.
template <typename T>
struct LayerOutput {
  int layer = network::kInput;
  bool before_activation = false;    ///< of layers with a hard swish, seen beside what is behind it
  std::int64_t cases = 0, rows = 0;  ///< rows of all cases
  int ld = 0, channels = 0;
  const T* values = nullptr;  ///< [rows, ld]

  /// What int8 has to tell of one: all that a hard swish reads below −3 is as good as −3, and needs no steps.
  double value(std::int64_t row, int channel) const {
    const auto value = static_cast<double>(values[row * ld + channel]);
    return before_activation ? std::max(value, -3.0) : value;
  }
};

/// Runs the given cases by the running statistics and shows the input and every layer's output, batch by
/// batch.
template <typename T>
void see_outputs(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices,
                 const std::function<void(const LayerOutput<T>&)>& see);

/// Of every tensor that the int8 graph will have.
struct Ranges {
  Range input;
  std::vector<Range> after;   ///< [layers] of their outputs, after the activation
  std::vector<Range> before;  ///< [layers] before it, of those with a hard swish; from −3 on
  bool finite() const;
};

/// Over the given cases, by the running statistics and the options' ranges, not `automatic`. The logits'
/// range is always their least and largest value: clipped ones would tie.
template <typename T>
Ranges calibrate(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices,
                 const network::QuantisationOptions& options);

/// All cases, or 512 of them chosen by the job's keys; ascending.
std::vector<std::int64_t> calibration_cases(std::int64_t count, const RandomKeys& keys);

}  // namespace parsimony::nn
