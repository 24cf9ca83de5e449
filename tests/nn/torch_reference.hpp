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

inline at::Tensor apply_layer(Reference& reference, std::size_t index,
                              const std::vector<at::Tensor>& inputs) {
  using network::LayerKind;
  const network::Layer& layer = reference.description.layers[index];
  ReferenceLayer& r = reference.layers[index];
  at::Tensor y;
  if (layer.kind == LayerKind::linear) {
    y = at::linear(inputs[0], r.weight.squeeze(2), r.shift);
  } else if (layer.kind == LayerKind::global_mean) {
    y = inputs[0].mean(2);
  } else if (layer.kind == LayerKind::scale) {
    y = inputs[0] * inputs[1].unsqueeze(2);
  } else {
    const ir::Window& w = layer.windows[0];
    const int groups = layer.kind == LayerKind::depthwise_convolution ? layer.channels : 1;
    y = at::convolution(at::constant_pad_nd(inputs[0], {w.pad_before, w.pad_after}), r.weight, {},
                        at::IntArrayRef{w.stride}, at::IntArrayRef{0}, at::IntArrayRef{1}, false,
                        at::IntArrayRef{0}, groups);
    if (layer.batch_norm)
      y = at::batch_norm(y, r.scale, r.shift, r.mean, r.variance, reference.of_batch, reference.running_share,
                         1e-5, false);
    else
      y = y + r.shift.view({1, -1, 1});
  }
  if (layer.activation == network::Activation::relu) y = at::relu(y);
  if (layer.activation == network::Activation::hard_sigmoid) y = at::clamp(y / 6.0 + 0.5, 0.0, 1.0);
  if (!reference.masks.empty())
    y = y * (y.dim() == 3 ? reference.masks[index].view({1, -1, 1}) : reference.masks[index].view({1, -1}));
  return y;
}

/// x [cases, channels, length] -> logits [cases, classes]; running statistics are updated as training does.
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
  at::Tensor rows;      ///< [cases, length, ld]
  at::Tensor channels;  ///< [cases, channels, length]
  std::vector<std::int32_t> labels;
};
inline Batch random_batch(const network::Description& description, std::int64_t cases, std::uint64_t seed) {
  RandomStream random(seed, 0, "batch");
  const std::int64_t length = description.input_shape[0], channels = description.input_shape[1];
  Batch batch{at::zeros({cases, length, padded<double>(static_cast<int>(channels))}, at::kDouble), {}, {}};
  for (std::int64_t b = 0; b < cases; ++b) {
    for (std::int64_t l = 0; l < length; ++l)
      for (std::int64_t c = 0; c < channels; ++c) batch.rows[b][l][c] = random.normal() + 0.3;
    batch.labels.push_back(static_cast<std::int32_t>(
        random.below(static_cast<std::uint64_t>(description.layers.back().channels))));
  }
  batch.channels = batch.rows.narrow(2, 0, channels).permute({0, 2, 1}).contiguous();
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
