#include "parsimony/ir/interpreter.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::ir {
namespace {

using Values = std::vector<std::int8_t>;

/// The int32 accumulator of an output to its int8 value.
class Requantiser {
 public:
  Requantiser(const Graph& graph, const Operator& op)
      : multipliers_(requantisation(graph, op).channels),
        zero_point_(graph.tensor(op.output).quantisation.zero_point),
        min_(op.activation_min),
        max_(op.activation_max) {}

  std::int8_t operator()(std::int32_t accumulator, std::size_t channel = 0) const {
    const std::int32_t value = multiply_by(accumulator, multipliers_[channel]) + zero_point_;
    return static_cast<std::int8_t>(std::clamp(value, min_, max_));
  }

 private:
  std::vector<Multiplier> multipliers_;
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
  std::int64_t at(std::int32_t y, std::int32_t x) const {
    if (y < 0 || y >= height || x < 0 || x >= width) return -1;
    return (std::int64_t{y} * width + x) * channels;
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

/// Calls body(number of the tap, index of the input pixel's channel 0) for every tap inside the input.
template <typename Body>
void for_each_tap(const Plane& in, const Windows& windows, std::int32_t top, std::int32_t left, Body body) {
  for (std::int32_t ky = 0; ky < windows.vertical.kernel; ++ky)
    for (std::int32_t kx = 0; kx < windows.horizontal.kernel; ++kx) {
      const std::int64_t pixel = in.at(top + ky, left + kx);
      if (pixel >= 0) body(std::int64_t{ky} * windows.horizontal.kernel + kx, pixel);
    }
}

Values convolution(const Graph& graph, const Operator& op, const Values& input) {
  const Plane in(graph.tensor(op.inputs[0])), out(graph.tensor(op.output));
  const Windows windows(op);
  const Requantiser requantise(graph, op);
  const std::int32_t zero_point = graph.tensor(op.inputs[0]).quantisation.zero_point;
  const std::int64_t taps = std::int64_t{windows.vertical.kernel} * windows.horizontal.kernel;
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()));
  for_each_output(out, windows, [&](std::int64_t pixel, std::int32_t top, std::int32_t left) {
    for (std::int32_t c = 0; c < out.channels; ++c) {
      std::int32_t sum = op.bias[static_cast<std::size_t>(c)];
      for_each_tap(in, windows, top, left, [&](std::int64_t tap, std::int64_t from) {
        const std::int8_t* weights = op.weights.data() + (c * taps + tap) * in.channels;
        for (std::int32_t k = 0; k < in.channels; ++k)
          sum += weights[k] * (input[static_cast<std::size_t>(from + k)] - zero_point);
      });
      output[static_cast<std::size_t>(pixel + c)] = requantise(sum, static_cast<std::size_t>(c));
    }
  });
  return output;
}

Values depthwise_convolution(const Graph& graph, const Operator& op, const Values& input) {
  const Plane in(graph.tensor(op.inputs[0])), out(graph.tensor(op.output));
  const Windows windows(op);
  const Requantiser requantise(graph, op);
  const std::int32_t zero_point = graph.tensor(op.inputs[0]).quantisation.zero_point;
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()));
  for_each_output(out, windows, [&](std::int64_t pixel, std::int32_t top, std::int32_t left) {
    for (std::int32_t c = 0; c < out.channels; ++c) {
      std::int32_t sum = op.bias[static_cast<std::size_t>(c)];
      for_each_tap(in, windows, top, left, [&](std::int64_t tap, std::int64_t from) {
        sum += op.weights[static_cast<std::size_t>(tap * in.channels + c)] *
               (input[static_cast<std::size_t>(from + c)] - zero_point);
      });
      output[static_cast<std::size_t>(pixel + c)] = requantise(sum, static_cast<std::size_t>(c));
    }
  });
  return output;
}

Values fully_connected(const Graph& graph, const Operator& op, const Values& input) {
  const Requantiser requantise(graph, op);
  const std::int32_t zero_point = graph.tensor(op.inputs[0]).quantisation.zero_point;
  Values output(op.bias.size());
  for (std::size_t c = 0; c < output.size(); ++c) {
    std::int32_t sum = op.bias[c];
    for (std::size_t k = 0; k < input.size(); ++k)
      sum += op.weights[c * input.size() + k] * (input[k] - zero_point);
    output[c] = requantise(sum, c);
  }
  return output;
}

Values mean(const Graph& graph, const Operator& op, const Values& input) {
  const Requantiser requantise(graph, op);
  const std::int32_t zero_point = graph.tensor(op.inputs[0]).quantisation.zero_point;
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()));
  for (std::size_t c = 0; c < output.size(); ++c) {
    std::int32_t sum = 0;
    for (std::size_t k = c; k < input.size(); k += output.size()) sum += input[k] - zero_point;
    output[c] = requantise(sum);
  }
  return output;
}

Values multiply(const Graph& graph, const Operator& op, const Values& first, const Values& second) {
  const Requantiser requantise(graph, op);
  const std::int32_t first_zero = graph.tensor(op.inputs[0]).quantisation.zero_point;
  const std::int32_t second_zero = graph.tensor(op.inputs[1]).quantisation.zero_point;
  Values output(first.size());
  for (std::size_t k = 0; k < output.size(); ++k)
    output[k] = requantise((first[k] - first_zero) * (second[k % second.size()] - second_zero));
  return output;
}

Values table(const Operator& op, const Values& input) {
  Values output(input.size());
  for (std::size_t k = 0; k < output.size(); ++k)
    output[k] = op.table[static_cast<std::size_t>(input[k] + 128)];
  return output;
}

}  // namespace

std::vector<Values> interpret_all(const Graph& graph, std::span<const std::int8_t> input) {
  PARSIMONY_EXPECTS(!is_skeleton(graph));
  PARSIMONY_EXPECTS(input.size() == static_cast<std::size_t>(graph.tensor(graph.input).elements()));
  std::vector<Values> values(graph.tensors.size());
  const auto of = [&](TensorId id) -> Values& { return values[static_cast<std::size_t>(id)]; };
  of(graph.input).assign(input.begin(), input.end());
  for (const Operator& op : graph.operators) {
    const Values& first = of(op.inputs[0]);
    switch (op.kind) {
      case OperatorKind::convolution:
        of(op.output) = convolution(graph, op, first);
        break;
      case OperatorKind::depthwise_convolution:
        of(op.output) = depthwise_convolution(graph, op, first);
        break;
      case OperatorKind::fully_connected:
        of(op.output) = fully_connected(graph, op, first);
        break;
      case OperatorKind::mean:
        of(op.output) = mean(graph, op, first);
        break;
      case OperatorKind::multiply:
        of(op.output) = multiply(graph, op, first, of(op.inputs[1]));
        break;
      case OperatorKind::table:
        of(op.output) = table(op, first);
        break;
    }
  }
  return values;
}

Values interpret(const Graph& graph, std::span<const std::int8_t> input) {
  return std::move(interpret_all(graph, input)[static_cast<std::size_t>(graph.output)]);
}

}  // namespace parsimony::ir
