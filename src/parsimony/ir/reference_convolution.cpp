#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir::reference {

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
  const std::int32_t multiplier = out.channels / in.channels;
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()));
  for_each_output(out, windows, [&](std::int64_t pixel, std::int32_t top, std::int32_t left) {
    for (std::int32_t c = 0; c < out.channels; ++c) {
      std::int32_t sum = op.bias[static_cast<std::size_t>(c)];
      for_each_tap(in, windows, top, left, [&](std::int64_t tap, std::int64_t from) {
        sum += op.weights[static_cast<std::size_t>(tap * out.channels + c)] *
               (input[static_cast<std::size_t>(from + c / multiplier)] - zero_point);
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

}  // namespace parsimony::ir::reference
