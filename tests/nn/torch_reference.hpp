#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/nn/lanes.hpp"
#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn::test {

/// The same network in LibTorch's own operators and autograd, in double precision: the oracle of the passes.
struct ReferenceLayer {
  at::Tensor weight;          ///< [out, in, taps], depthwise [channels, 1, taps]
  at::Tensor shift, scale;    ///< [out]
  at::Tensor mean, variance;  ///< [out]
};
struct Reference {
  network::Description description;
  std::vector<ReferenceLayer> layers;
  std::vector<at::Tensor> masks;  ///< empty, or [layers] of [channels]: multiplied on after the activation
  bool of_batch = true;
  double running_share = 0.1;
};

inline at::Tensor row(const at::Tensor& flat, Slot slot, const LayerLayout& layout) {
  return flat.narrow(0, slot.offset, layout.out).clone();
}

inline at::Tensor weight_of(const at::Tensor& flat, const LayerLayout& layout) {
  return flat.narrow(0, layout.weight.offset, layout.weight.count)
      .view({layout.taps, layout.in, layout.ld})
      .narrow(2, 0, layout.out)
      .permute({2, 1, 0})
      .contiguous()
      .clone();
}

inline Reference reference_of(const Parameters<double>& parameters) {
  Reference reference{parameters.description, {}, {}};
  for (const LayerLayout& layout : parameters.layers) {
    ReferenceLayer layer;
    if (layout.has_weights()) {
      layer.weight = weight_of(parameters.values, layout).set_requires_grad(true);
      layer.shift = row(parameters.values, layout.shift, layout).set_requires_grad(true);
    }
    if (layout.has_norm()) {
      layer.scale = row(parameters.values, layout.scale, layout).set_requires_grad(true);
      layer.mean = row(parameters.statistics, layout.mean, layout);
      layer.variance = row(parameters.statistics, layout.variance, layout);
    }
    reference.layers.push_back(layer);
  }
  return reference;
}

/// A layer's weights as LibTorch's convolutions take them: [out, in, kernel...].
inline at::Tensor kernel_of(const network::Layer& layer, const at::Tensor& weight) {
  std::vector<std::int64_t> shape{weight.size(0), weight.size(1)};
  for (const ir::Window& window : layer.windows) shape.push_back(window.kernel);
  return weight.view(shape);
}

struct Axes {
  std::vector<std::int64_t> kernel, stride, dilation,
      pads;  ///< pads: of the last axis first, before and after
};
inline Axes axes_of(const network::Layer& layer) {
  Axes axes;
  for (const ir::Window& w : layer.windows) {
    axes.kernel.push_back(w.kernel);
    axes.stride.push_back(w.stride);
    axes.dilation.push_back(w.dilation);
    axes.pads.insert(axes.pads.begin(), {w.pad_before, w.pad_after});
  }
  return axes;
}

inline at::Tensor convolve(const network::Layer& layer, const at::Tensor& x, const at::Tensor& weight) {
  const Axes axes = axes_of(layer);
  const std::vector<std::int64_t> none(axes.stride.size(), 0);
  const bool depthwise = layer.kind == network::LayerKind::depthwise_convolution;
  return at::convolution(at::constant_pad_nd(x, axes.pads), kernel_of(layer, weight), {}, axes.stride, none,
                         axes.dilation, false, none, depthwise ? layer.channels : 1);
}

inline at::Tensor pool(const network::Layer& layer, const at::Tensor& x) {
  const Axes axes = axes_of(layer);
  const bool one = axes.kernel.size() == 1;
  const auto flat = [&](const at::Tensor& y) { return one ? y.unsqueeze(2) : y; };
  std::vector<std::int64_t> kernel = axes.kernel, stride = axes.stride;
  if (one) kernel.insert(kernel.begin(), 1), stride.insert(stride.begin(), 1);
  at::Tensor y;
  if (layer.kind == network::LayerKind::max_pool) {
    y = at::max_pool2d(flat(at::constant_pad_nd(x, axes.pads, -1e30)), kernel, stride);
  } else {
    const auto mean = [&](const at::Tensor& of) {
      return at::avg_pool2d(flat(at::constant_pad_nd(of, axes.pads)), kernel, stride);
    };
    y = mean(x) / mean(at::ones_like(x));
  }
  return one ? y.squeeze(2) : y;
}

/// [cases, channels, positions...] as it lies in an int8 tensor: [cases, positions · channels].
inline at::Tensor flattened(const at::Tensor& x) {
  return x.flatten(2).transpose(1, 2).flatten(1);
}

/// By channels, for tensors of x's rank.
inline at::Tensor along(const at::Tensor& numbers, const at::Tensor& x) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[1] = -1;
  return numbers.view(shape);
}

inline at::Tensor compute_layer(const network::Layer& layer, const ReferenceLayer& r,
                                const std::vector<at::Tensor>& inputs) {
  using network::LayerKind;
  const at::Tensor& x = inputs[0];
  switch (layer.kind) {
    case LayerKind::linear:
      if (x.dim() == 2) return at::linear(x, r.weight.squeeze(2));
      return at::linear(flattened(x), r.weight.transpose(1, 2).flatten(1));
    case LayerKind::global_mean:
      return x.flatten(2).mean(2);
    case LayerKind::scale:
      return (x.flatten(2) * inputs[1].unsqueeze(2)).view(x.sizes());
    case LayerKind::add:
      return x + inputs[1];
    case LayerKind::concatenation:
      return at::cat(inputs, 1);
    case LayerKind::average_pool:
    case LayerKind::max_pool:
      return pool(layer, x);
    case LayerKind::convolution:
    case LayerKind::depthwise_convolution:
      return convolve(layer, x, r.weight);
  }
  return {};
}

inline at::Tensor apply_activation(network::Activation activation, const at::Tensor& y) {
  using network::Activation;
  switch (activation) {
    case Activation::relu:
      return at::relu(y);
    case Activation::relu6:
      return at::clamp(y, 0.0, 6.0);
    case Activation::hard_sigmoid:
      return at::clamp(y / 6.0 + 0.5, 0.0, 1.0);
    case Activation::hard_swish:
      return y * at::clamp(y / 6.0 + 0.5, 0.0, 1.0);
    case Activation::none:
      break;
  }
  return y;
}

inline at::Tensor apply_layer(Reference& reference, std::size_t index,
                              const std::vector<at::Tensor>& inputs) {
  const network::Layer& layer = reference.description.layers[index];
  ReferenceLayer& r = reference.layers[index];
  at::Tensor y = compute_layer(layer, r, inputs);
  if (layer.batch_norm)
    y = at::batch_norm(y, r.scale, r.shift, r.mean, r.variance, reference.of_batch, reference.running_share,
                       1e-5, false);
  else if (network::has_weights(layer.kind))
    y = y + along(r.shift, y);
  y = apply_activation(layer.activation, y);
  if (!reference.masks.empty()) y = y * along(reference.masks[index], y);
  return y;
}

/// x [cases, channels, positions...] -> logits [cases, classes]; running statistics are updated as training
/// does.
inline at::Tensor run(Reference& reference, const at::Tensor& x) {
  std::vector<at::Tensor> outputs;
  for (std::size_t i = 0; i < reference.layers.size(); ++i) {
    std::vector<at::Tensor> inputs;
    for (const int input : reference.description.layers[i].inputs)
      inputs.push_back(input == network::kInput ? x : outputs[static_cast<std::size_t>(input)]);
    outputs.push_back(apply_layer(reference, i, inputs));
  }
  return outputs.back();
}

/// Random cases, both as a module reads them and as LibTorch does.
struct Batch {
  at::Tensor rows;      ///< [cases, positions, ld]
  at::Tensor channels;  ///< [cases, channels, positions...]
  std::vector<std::int32_t> labels;
};
inline Batch random_batch(const network::Description& description, std::int64_t cases, std::uint64_t seed) {
  RandomStream random(seed, 0, "batch");
  const network::Shape& shape = description.input_shape;
  std::vector<std::int64_t> plane{cases, shape.back()};
  std::int64_t length = 1;
  for (std::size_t axis = 0; axis + 1 < shape.size(); ++axis) {
    length *= shape[axis];
    plane.push_back(shape[axis]);
  }
  const std::int64_t channels = shape.back();
  Batch batch{at::zeros({cases, length, padded<double>(static_cast<int>(channels))}, at::kDouble), {}, {}};
  for (std::int64_t b = 0; b < cases; ++b) {
    for (std::int64_t l = 0; l < length; ++l)
      for (std::int64_t c = 0; c < channels; ++c) batch.rows[b][l][c] = random.normal() + 0.3;
    batch.labels.push_back(static_cast<std::int32_t>(
        random.below(static_cast<std::uint64_t>(description.layers.back().channels))));
  }
  batch.channels = batch.rows.narrow(2, 0, channels).permute({0, 2, 1}).contiguous().view(plane);
  return batch;
}

/// Every kind of layer with odd windows and channel counts: convolution, depthwise, squeeze-excite,
/// pointwise.
inline network::Description random_description(std::uint64_t seed) {
  using network::Activation;
  using network::LayerKind;
  RandomStream random(seed, 0, "description");
  const auto between = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  const auto window = [&] {
    const int kernel = between(1, 5);
    return ir::Window{kernel, between(1, 3), between(0, kernel - 1), between(0, kernel - 1)};
  };
  const auto activation = [&] { return between(0, 2) == 0 ? Activation::none : Activation::relu; };
  const int width = between(1, 19), inner = between(1, 9), second = between(1, 35), classes = between(2, 5);
  network::Description d{"odd", {between(40, 60), between(1, 18)}, {}};
  d.layers.push_back(
      {"first", LayerKind::convolution, {network::kInput}, width, {window()}, true, activation()});
  d.layers.push_back({"deep", LayerKind::depthwise_convolution, {0}, width, {window()}, true, activation()});
  d.layers.push_back({"pooled", LayerKind::global_mean, {1}, width, {}, false, Activation::none});
  d.layers.push_back({"squeeze", LayerKind::linear, {2}, inner, {}, false, Activation::relu});
  d.layers.push_back({"excite", LayerKind::linear, {3}, width, {}, false, Activation::hard_sigmoid});
  d.layers.push_back({"scaled", LayerKind::scale, {1, 4}, width, {}, false, Activation::none});
  d.layers.push_back(
      {"wide", LayerKind::convolution, {5}, second, {{3, 1, 1, 1}}, between(0, 1) == 1, activation()});
  d.layers.push_back(
      {"deep2", LayerKind::depthwise_convolution, {6}, second, {{3, 1, 1, 1}}, true, activation()});
  d.layers.push_back({"point", LayerKind::convolution, {7}, width, {{}}, true, Activation::relu});
  d.layers.push_back({"mean", LayerKind::global_mean, {8}, width, {}, false, Activation::none});
  d.layers.push_back({"classifier", LayerKind::linear, {9}, classes, {}, false, Activation::none});
  return d;
}

/// Weights by key; batch norms away from their first values, so that each of their numbers matters.
inline Parameters<double> random_parameters(const network::Description& description, std::uint64_t seed) {
  Parameters<double> parameters = make_parameters<double>(description);
  initialise(parameters, {seed, 0, "test"});
  RandomStream random(seed, 0, "norms");
  for (const LayerLayout& layout : parameters.layers) {
    if (!layout.has_norm()) continue;
    for (int c = 0; c < layout.out; ++c) {
      parameters.value(layout.scale)[c] = random.uniform(0.5, 1.5);
      parameters.value(layout.shift)[c] = random.uniform(-0.5, 0.5);
      parameters.statistic(layout.mean)[c] = random.uniform(-0.2, 0.2);
      parameters.statistic(layout.variance)[c] = random.uniform(0.5, 2.0);
    }
  }
  return parameters;
}

/// Largest |a − b| over 1 + |b|.
inline double distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs() / (b.abs() + 1.0)).max().item<double>();
}

}  // namespace parsimony::nn::test
