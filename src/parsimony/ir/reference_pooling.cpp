#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir::reference {
namespace {

/// x / count, half away from zero.
std::int32_t rounded_quotient(std::int32_t x, std::int32_t count) {
  return (x > 0 ? x + count / 2 : x - count / 2) / count;
}

/// finish(channel values of the taps inside, folded by `combine` from `start`; number of taps), clamped.
template <typename Combine, typename Finish>
Values pool(const Graph& graph, const Operator& op, const Values& input, std::int32_t start, Combine combine,
            Finish finish) {
  const Plane in(graph.tensor(op.inputs[0])), out(graph.tensor(op.output));
  const Windows windows(op);
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()));
  for_each_output(out, windows, [&](std::int64_t pixel, std::int32_t top, std::int32_t left) {
    for (std::int32_t c = 0; c < out.channels; ++c) {
      std::int32_t value = start, taps = 0;
      for_each_tap(in, windows, top, left, [&](std::int64_t, std::int64_t from) {
        value = combine(value, std::int32_t{input[static_cast<std::size_t>(from + c)]});
        ++taps;
      });
      output[static_cast<std::size_t>(pixel + c)] =
          static_cast<std::int8_t>(std::clamp(finish(value, taps), op.activation_min, op.activation_max));
    }
  });
  return output;
}

}  // namespace

Values average_pool(const Graph& graph, const Operator& op, const Values& input) {
  return pool(
      graph, op, input, 0, [](std::int32_t a, std::int32_t b) { return a + b; }, rounded_quotient);
}

Values max_pool(const Graph& graph, const Operator& op, const Values& input) {
  return pool(
      graph, op, input, -128, [](std::int32_t a, std::int32_t b) { return std::max(a, b); },
      [](std::int32_t value, std::int32_t) { return value; });
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

}  // namespace parsimony::ir::reference
