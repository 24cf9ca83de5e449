#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::ir::reference {

using Values = std::vector<std::int8_t>;

// What each kind of operator means, in plain loops. `op` belongs to the verified `graph`; inputs are
// [elements of op.inputs[k]], the result [elements of op.output].
Values convolution(const Graph& graph, const Operator& op, const Values& input);
Values depthwise_convolution(const Graph& graph, const Operator& op, const Values& input);
Values fully_connected(const Graph& graph, const Operator& op, const Values& input);
Values average_pool(const Graph& graph, const Operator& op, const Values& input);
Values max_pool(const Graph& graph, const Operator& op, const Values& input);
Values mean(const Graph& graph, const Operator& op, const Values& input);
/// ADD, or SUB when op.kind is subtract. `second` is the constant where the operator has one.
Values add(const Graph& graph, const Operator& op, const Values& first, const Values& second);
Values multiply(const Graph& graph, const Operator& op, const Values& first, const Values& second);
Values concatenation(const Graph& graph, const Operator& op, std::span<const Values* const> inputs);
Values slice(const Graph& graph, const Operator& op, const Values& input);
Values join(std::span<const Values* const> inputs);
Values pad(const Graph& graph, const Operator& op, const Values& input);
Values table(const Operator& op, const Values& input);
Values argmax(const Graph& graph, const Operator& op, const Values& input);
Values softmax(const Graph& graph, const Operator& op, const Values& input);

/// Any of them, by the operator's kind; reshape hands on its input.
Values run(const Graph& graph, const Operator& op, std::span<const Values* const> inputs);

/// The int32 accumulator of an output to its int8 value.
class Requantiser {
 public:
  Requantiser(const Graph& graph, const Operator& op)
      : multipliers_(requantisation(graph, op).channels),
        rounding_(graph.rounding),
        zero_point_(graph.tensor(op.output).quantisation.zero_point),
        min_(op.activation_min),
        max_(op.activation_max) {}

  std::int8_t operator()(std::int32_t accumulator, std::size_t channel = 0) const {
    const std::int32_t value = multiply_by(accumulator, multipliers_[channel], rounding_) + zero_point_;
    return static_cast<std::int8_t>(std::clamp(value, min_, max_));
  }

 private:
  std::vector<Multiplier> multipliers_;
  Rounding rounding_;
  std::int32_t zero_point_, min_, max_;
};

/// A tensor as [height, width, channels]; one dimension is a height of 1.
struct Plane {
  std::int32_t height = 1, width = 1, channels = 1;

  explicit Plane(const Tensor& tensor) {
    const auto& shape = tensor.shape;
    channels = shape.back();
    if (shape.size() >= 2) width = shape[shape.size() - 2];
    if (shape.size() >= 3) height = shape[shape.size() - 3];
  }
  /// Index of channel 0 at (y, x), or −1 outside: padding counts as the zero point and adds nothing.
  std::int64_t at(std::int64_t y, std::int64_t x) const {
    if (y < 0 || y >= height || x < 0 || x >= width) return -1;
    return (y * width + x) * channels;
  }
};

struct Windows {
  Window vertical, horizontal;
  explicit Windows(const Operator& op)
      : vertical(op.windows.size() == 2 ? op.windows[0] : Window{}), horizontal(op.windows.back()) {}
};

/// Calls body(index of the output pixel's channel 0, y, x of the window's first tap).
template <typename Body>
void for_each_output(const Plane& out, const Windows& windows, Body body) {
  for (std::int32_t y = 0; y < out.height; ++y)
    for (std::int32_t x = 0; x < out.width; ++x)
      body(out.at(y, x), y * windows.vertical.stride - windows.vertical.pad_before,
           x * windows.horizontal.stride - windows.horizontal.pad_before);
}

/// Taps [first, last) of a window that begins at `start` which lie inside `length` inputs: a window may be
/// far longer than its input.
struct Taps {
  std::int64_t first = 0, last = 0;
  Taps(const Window& window, std::int64_t start, std::int64_t length) {
    const std::int64_t step = window.dilation;
    if (start < 0) first = (-start + step - 1) / step;
    if (start < length) last = std::min<std::int64_t>(window.kernel, (length - start - 1) / step + 1);
  }
};

/// Calls body(number of the tap, index of the input pixel's channel 0) for every tap inside the input.
template <typename Body>
void for_each_tap(const Plane& in, const Windows& windows, std::int32_t top, std::int32_t left, Body body) {
  const auto& [vertical, horizontal] = windows;
  const Taps down(vertical, top, in.height), across(horizontal, left, in.width);
  for (std::int64_t ky = down.first; ky < down.last; ++ky)
    for (std::int64_t kx = across.first; kx < across.last; ++kx)
      body(ky * horizontal.kernel + kx, in.at(top + ky * vertical.dilation, left + kx * horizontal.dilation));
}

}  // namespace parsimony::ir::reference
