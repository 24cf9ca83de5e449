#include "parsimony/nn/parameters.hpp"

#include <ATen/Functions.h>

#include <cmath>
#include <string>

#include "parsimony/base/random.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

using network::Layer;
using network::LayerKind;

/// Positions of [length, c], [height, width, c] or [c].
std::int32_t positions(const network::Shape& shape) {
  std::int32_t product = 1;
  for (std::size_t axis = 0; axis + 1 < shape.size(); ++axis) product *= shape[axis];
  return product;
}

Slot take(std::int64_t& used, std::int64_t count) {
  const Slot slot{used, count};
  used += count;
  return slot;
}

/// Weights of all layers come first, so that those that decay are one stretch.
template <typename T>
LayerLayout lay_out_weights(const Layer& layer, const network::Shape& input, std::int64_t& used) {
  LayerLayout layout;
  layout.out = layer.channels;
  layout.ld = padded<T>(layer.channels);
  for (const ir::Window& window : layer.windows) layout.taps *= window.kernel;
  if (layer.kind == LayerKind::linear) layout.taps = positions(input);
  if (network::produces_channels(layer.kind)) layout.in = input.back();
  if (layer.kind == LayerKind::depthwise_convolution) layout.in = 1;
  layout.weight = take(used, std::int64_t{layout.taps} * layout.in * layout.ld);
  return layout;
}

}  // namespace

template <typename T>
Parameters<T> make_parameters(const network::Description& description) {
  Parameters<T> result;
  result.description = description;
  const std::vector<network::Shape> shapes = network::output_shapes(description);
  std::int64_t used = 0;
  for (const Layer& layer : description.layers) {
    const int input = layer.inputs.at(0);
    result.layers.push_back(lay_out_weights<T>(
        layer, input == network::kInput ? description.input_shape : shapes[static_cast<std::size_t>(input)],
        used));
  }
  result.decayed = used;
  std::int64_t statistics = 0;
  for (std::size_t i = 0; i < description.layers.size(); ++i) {
    LayerLayout& layout = result.layers[i];
    if (!layout.has_weights()) continue;
    layout.shift = take(used, layout.ld);
    if (!description.layers[i].batch_norm) continue;
    layout.scale = take(used, layout.ld);
    layout.mean = take(statistics, layout.ld);
    layout.variance = take(statistics, layout.ld);
  }
  const auto options = at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value);
  result.values = at::zeros({used}, options);
  result.gradients = at::zeros({used}, options);
  result.momentum = at::zeros({used}, options);
  result.statistics = at::zeros({statistics}, options);
  for (const LayerLayout& layout : result.layers) {
    if (!layout.has_norm()) continue;
    result.values.narrow(0, layout.scale.offset, layout.out).fill_(1);
    result.statistics.narrow(0, layout.variance.offset, layout.out).fill_(1);
  }
  return result;
}

template <typename T>
void initialise(Parameters<T>& parameters, const RandomKeys& keys) {
  for (std::size_t i = 0; i < parameters.layers.size(); ++i) {
    const LayerLayout& layout = parameters.layers[i];
    if (!layout.has_weights()) continue;
    RandomStream stream(keys.seed, keys.trial, keys.purpose + "/initial weights", i);
    const int fan_in = layout.taps * layout.in;
    const double bound = 1.0 / std::sqrt(static_cast<double>(fan_in));
    T* weights = parameters.value(layout.weight);
    for (int c = 0; c < layout.out; ++c)
      for (int k = 0; k < fan_in; ++k)
        weights[std::int64_t{k} * layout.ld + c] = static_cast<T>(stream.uniform(-bound, bound));
    if (layout.has_norm()) continue;
    for (int c = 0; c < layout.out; ++c)
      parameters.value(layout.shift)[c] = static_cast<T>(stream.uniform(-bound, bound));
  }
}

template struct Parameters<float>;
template struct Parameters<double>;
template Parameters<float> make_parameters<float>(const network::Description&);
template Parameters<double> make_parameters<double>(const network::Description&);
template void initialise<float>(Parameters<float>&, const RandomKeys&);
template void initialise<double>(Parameters<double>&, const RandomKeys&);

}  // namespace parsimony::nn
