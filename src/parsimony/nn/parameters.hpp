#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "parsimony/network/description.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::nn {

/// A stretch of one of the flat tensors below.
struct Slot {
  std::int64_t offset = 0, count = 0;
};

/// Where a layer's numbers are. Each row of channels is padded with zeros to `ld` (lanes.hpp).
struct LayerLayout {
  /// Weights [taps, in, ld]: a linear layer has a tap for each position of its input; depthwise: in = 1;
  /// layers without weights: in = 0.
  int taps = 1, in = 0, out = 0;
  int ld = 0;
  Slot weight;
  Slot scale;           ///< [ld] batch norm's gamma; empty without batch norm
  Slot shift;           ///< [ld] batch norm's beta, else the bias; empty for layers without weights
  Slot mean, variance;  ///< [ld] in `statistics`; empty without batch norm

  bool has_weights() const { return weight.count > 0; }
  bool has_norm() const { return scale.count > 0; }
};

/// A network's weights with all that belongs to them, each kind in one flat tensor.
template <typename T>
struct Parameters {
  network::Description description;
  std::vector<LayerLayout> layers;  ///< one for each of the description's
  std::int64_t decayed = 0;  ///< numbers before this one are convolution and linear weights: they take L2
  at::Tensor values, gradients, momentum;  ///< of one layout
  at::Tensor statistics;                   ///< batch norms' running means and variances

  T* value(Slot slot) { return values.data_ptr<T>() + slot.offset; }
  const T* value(Slot slot) const { return values.data_ptr<T>() + slot.offset; }
  T* gradient(Slot slot) { return gradients.data_ptr<T>() + slot.offset; }
  T* statistic(Slot slot) { return statistics.data_ptr<T>() + slot.offset; }
  const T* statistic(Slot slot) const { return statistics.data_ptr<T>() + slot.offset; }
};

/// Everything 0, but gamma and the running variances 1.
template <typename T>
Parameters<T> make_parameters(const network::Description& description);

/// Weights and biases uniform in ±1/√(fan in), as PyTorch's layers begin (Kaiming uniform with a = √5), drawn
/// in the order output channel, tap, input channel; one stream a layer, keyed by (seed, trial, purpose,
/// layer).
template <typename T>
void initialise(Parameters<T>& parameters, const RandomKeys& keys);

}  // namespace parsimony::nn
