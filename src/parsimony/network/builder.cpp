#include "parsimony/network/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "parsimony/base/errors.hpp"

namespace parsimony::network {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 24;

std::int64_t elements(const Shape& shape) {
  std::int64_t product = 1;
  for (const std::int32_t length : shape) product *= length;
  return product;
}

}  // namespace

ir::Window same_window(ir::Window window, std::int32_t length) {
  const std::int32_t outputs = (length + window.stride - 1) / window.stride;
  const std::int32_t pads = std::max(0, (outputs - 1) * window.stride + static_cast<std::int32_t>(window.span()) - length);
  window.pad_before = pads / 2;
  window.pad_after = pads - pads / 2;
  return window;
}

Builder::Builder(std::string name, Shape input_shape, std::string where)
    : description_{std::move(name), std::move(input_shape), {}}, where_(std::move(where)) {
  const Shape& shape = description_.input_shape;
  const bool positive = std::all_of(shape.begin(), shape.end(), [](std::int32_t n) { return n >= 1; });
  if (shape.empty() || shape.size() > 3 || !positive || elements(shape) > kMostElements)
    throw InputError(where_, fmt::format("has an input of [{}]", fmt::join(shape, ", ")),
                     "[length, channels], [height, width, channels] or [channels]");
}

int Builder::add(Layer layer) {
  std::vector<const Shape*> inputs;
  for (const int input : layer.inputs) inputs.push_back(&shape(input));
  if (!produces_channels(layer.kind) && !inputs.empty()) {
    layer.channels = 0;
    for (const Shape* input : inputs)
      layer.channels =
          layer.kind == LayerKind::concatenation ? layer.channels + input->back() : inputs[0]->back();
  }
  if (const Misfit found = misfit(layer, inputs))
    throw InputError(fmt::format("{}: layer '{}'", where_, layer.name), found.problem, found.allowed);
  shapes_.push_back(output_shape(layer, inputs));
  if (elements(shapes_.back()) > kMostElements)
    throw InputError(fmt::format("{}: layer '{}'", where_, layer.name),
                     fmt::format("gives {} elements", elements(shapes_.back())),
                     fmt::format("{} at most", kMostElements));
  const bool two = operator_count(layer) == 2;
  if (!names_.insert(layer.name).second || (two && !names_.insert(layer.name + "_linear").second))
    throw InputError(fmt::format("{}: layer '{}'", where_, layer.name), "has the name of another");
  description_.layers.push_back(std::move(layer));
  return static_cast<int>(description_.layers.size()) - 1;
}

int Builder::convolution(std::string name, int input, std::int32_t channels, Windows windows,
                         Activation activation) {
  return add(
      {std::move(name), LayerKind::convolution, {input}, channels, std::move(windows), true, activation});
}

int Builder::pointwise(std::string name, int input, std::int32_t channels, Activation activation) {
  return convolution(std::move(name), input, channels, Windows(shape(input).size() - 1), activation);
}

int Builder::depthwise(std::string name, int input, Windows windows, Activation activation) {
  return add(
      {std::move(name), LayerKind::depthwise_convolution, {input}, 0, std::move(windows), true, activation});
}

int Builder::linear(std::string name, int input, std::int32_t channels, Activation activation) {
  return add({std::move(name), LayerKind::linear, {input}, channels, {}, false, activation});
}

int Builder::mean(std::string name, int input) {
  return add({std::move(name), LayerKind::global_mean, {input}, 0, {}, false, Activation::none});
}

int Builder::sum(std::string name, int a, int b, Activation activation) {
  return add({std::move(name), LayerKind::add, {a, b}, 0, {}, false, activation});
}

int Builder::squeeze_excite(const std::string& block, int input, std::int32_t inner) {
  const int pooled = mean(block + "_mean", input);
  const int squeezed = linear(block + "_squeeze", pooled, inner, Activation::relu);
  const int factor = linear(block + "_excite", squeezed, channels(input), Activation::hard_sigmoid);
  return add({block + "_scale", LayerKind::scale, {input, factor}, 0, {}, false, Activation::none});
}

Windows Builder::centred(int input, std::int32_t kernel, std::int32_t stride) const {
  return Windows(shape(input).size() - 1, ir::Window{kernel, stride, kernel / 2, kernel / 2});
}

Windows Builder::same(int input, const std::vector<std::int32_t>& kernels, std::int32_t stride) const {
  Windows windows;
  for (std::size_t axis = 0; axis + 1 < shape(input).size(); ++axis)
    windows.push_back(same_window({kernels.at(axis), stride}, shape(input)[axis]));
  return windows;
}

const Shape& Builder::shape(int layer) const {
  return layer == kInput ? description_.input_shape : shapes_.at(static_cast<std::size_t>(layer));
}

int inverted_residual(Builder& build, const std::string& name, int input, const InvertedResidual& block) {
  int last = input;
  if (block.expanded != build.channels(input))
    last = build.pointwise(name + "_expand", last, block.expanded, block.activation);
  const Windows windows = block.pads_as_tflite ? build.same(last, {block.kernel, block.kernel}, block.stride)
                                               : build.centred(last, block.kernel, block.stride);
  last = build.depthwise(name + "_depthwise", last, windows, block.activation);
  if (block.squeezed > 0) last = build.squeeze_excite(name, last, block.squeezed);
  last = build.pointwise(name + "_project", last, block.channels, Activation::none);
  if (!block.residual || build.shape(last) != build.shape(input)) return last;
  return build.sum(name + "_add", input, last);
}

int basic_residual(Builder& build, const std::string& name, int input, std::int32_t channels,
                   const Windows& first) {
  int last = build.convolution(name + "_conv1", input, channels, first, Activation::relu);
  last = build.convolution(name + "_conv2", last, channels, build.centred(last, 3), Activation::none);
  int shortcut = input;
  if (build.shape(last) != build.shape(input)) {
    Windows points = first;
    for (ir::Window& window : points) window = {.kernel = 1, .stride = window.stride};
    shortcut = build.convolution(name + "_shortcut", input, channels, points, Activation::none);
  }
  return build.sum(name + "_add", shortcut, last, Activation::relu);
}

}  // namespace parsimony::network
