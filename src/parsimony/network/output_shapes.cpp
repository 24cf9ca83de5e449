#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {
namespace {

bool has_windows(LayerKind kind) {
  return kind == LayerKind::convolution || kind == LayerKind::depthwise_convolution ||
         kind == LayerKind::average_pool || kind == LayerKind::max_pool;
}

std::string text(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

Misfit window_misfit(const Layer& layer, const Shape& input) {
  if (input.size() < 2) return {fmt::format("reads a tensor {}", text(input)), "one with spatial axes"};
  if (layer.windows.size() != input.size() - 1)
    return {fmt::format("has windows over {} axes, its input {}", layer.windows.size(), text(input)),
            fmt::format("{}", input.size() - 1)};
  for (std::size_t axis = 0; axis < layer.windows.size(); ++axis) {
    const ir::Window& window = layer.windows[axis];
    if (window.outputs(input[axis]) < 1 || window.span() > input[axis] + window.pad_before + window.pad_after)
      return {fmt::format("has a window of {} over {} positions", window.span(), input[axis]),
              "no wider than what it reads, padding included"};
    if (std::max(window.pad_before, window.pad_after) >= window.span())
      return {fmt::format("pads {} and {} around a window of {}", window.pad_before, window.pad_after,
                          window.span()),
              "less than the window"};
  }
  return {};
}

/// As many inputs as the kind takes, of shapes that belong together.
Misfit input_misfit(const Layer& layer, const std::vector<const Shape*>& inputs) {
  const bool two = layer.kind == LayerKind::add || layer.kind == LayerKind::scale;
  const bool any = layer.kind == LayerKind::concatenation;
  if (inputs.empty() || (!any && inputs.size() != (two ? 2u : 1u)))
    return {fmt::format("has {} inputs", inputs.size()), any ? "1 or more" : two ? "2" : "1"};
  const Shape& first = *inputs[0];
  for (std::size_t k = 1; k < inputs.size(); ++k) {
    const Shape& other = *inputs[k];
    bool fits = other == first;
    if (layer.kind == LayerKind::scale) fits = other.size() == 1 && other.back() == first.back();
    if (any) fits = other.size() == first.size() && std::equal(first.begin(), first.end() - 1, other.begin());
    if (!fits)
      return {fmt::format("reads {} and {}", text(first), text(other)),
              any                              ? "shapes that differ in their channels alone"
              : layer.kind == LayerKind::scale ? fmt::format("[{}] as the second", first.back())
                                               : "one shape"};
  }
  return {};
}

/// Channels of a layer that makes none.
std::int32_t carried_channels(const Layer& layer, const std::vector<const Shape*>& inputs) {
  if (layer.kind != LayerKind::concatenation) return inputs[0]->back();
  std::int32_t sum = 0;
  for (const Shape* input : inputs) sum += input->back();
  return sum;
}

bool may_have(const Layer& layer, Activation activation) {
  if (activation == Activation::none || has_weights(layer.kind)) return true;
  return layer.kind == LayerKind::add && activation != Activation::hard_sigmoid;
}

}  // namespace

Misfit misfit(const Layer& layer, const std::vector<const Shape*>& inputs) {
  if (Misfit found = input_misfit(layer, inputs)) return found;
  if (has_windows(layer.kind))
    if (Misfit found = window_misfit(layer, *inputs[0])) return found;
  if (layer.kind == LayerKind::global_mean && inputs[0]->size() < 2)
    return {fmt::format("reads a tensor {}", text(*inputs[0])), "one with spatial axes"};
  if (layer.channels < 1) return {fmt::format("has {} channels", layer.channels), "1 or more"};
  if (!produces_channels(layer.kind) && layer.channels != carried_channels(layer, inputs))
    return {fmt::format("has {} channels", layer.channels),
            fmt::format("{}, its input's", carried_channels(layer, inputs))};
  if (!may_have(layer, layer.activation)) return {"has an activation that its kind cannot have", ""};
  if (layer.batch_norm && !has_weights(layer.kind)) return {"has a batch norm", "layers with weights"};
  return {};
}

Shape output_shape(const Layer& layer, const std::vector<const Shape*>& inputs) {
  if (layer.kind == LayerKind::linear || layer.kind == LayerKind::global_mean) return {layer.channels};
  Shape shape = *inputs[0];
  for (std::size_t axis = 0; axis < layer.windows.size(); ++axis)
    shape[axis] = layer.windows[axis].outputs(shape[axis]);
  shape.back() = layer.channels;
  return shape;
}

std::vector<Shape> output_shapes(const Description& description) {
  std::vector<Shape> shapes;
  shapes.reserve(description.layers.size());
  std::vector<const Shape*> inputs;
  for (const Layer& layer : description.layers) {
    inputs.clear();
    for (int input : layer.inputs) {
      PARSIMONY_EXPECTS(input >= kInput && input < static_cast<int>(shapes.size()));
      inputs.push_back(input == kInput ? &description.input_shape : &shapes[static_cast<std::size_t>(input)]);
    }
    PARSIMONY_EXPECTS(!misfit(layer, inputs));
    shapes.push_back(output_shape(layer, inputs));
  }
  return shapes;
}

}  // namespace parsimony::network
