#include <algorithm>
#include <cstdlib>
#include <vector>

#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

/// From here on kernels that double an accumulator, or add half of 2^31 to it, would come near the limits of
/// int32.
constexpr std::int64_t kTooLarge = std::int64_t{1} << 29;

/// The output for an accumulator of channel c.
std::int32_t output_of(const ir::Graph& graph, const ir::Operator& op, ir::Multiplier by, std::int64_t sum) {
  const std::int32_t value = ir::multiply_by(static_cast<std::int32_t>(sum), by, graph.rounding) +
                             graph.tensor(op.output).quantisation.zero_point;
  return std::clamp(value, op.activation_min, op.activation_max);
}

/// Elements of op.weights that belong to output channel c.
template <typename Body>
void for_weights(ir::Operator& op, std::size_t c, Body body) {
  const std::size_t channels = op.bias.size(), row = op.weights.size() / channels;
  const bool channel_last = op.kind == ir::OperatorKind::depthwise_convolution;
  for (std::size_t k = 0; k < row; ++k) body(op.weights[channel_last ? k * channels + c : c * row + k]);
}

/// The channel without weights, its bias four times the output in steps: the multiplier becomes 1/4 to within
/// a float. One of 1 would shift to the left, which the DSP kernels do the long way.
void make_constant(const ir::Graph& graph, ir::Operator& op, std::size_t c, std::int32_t output) {
  const ir::Quantisation& quantisation = graph.tensor(op.output).quantisation;
  for_weights(op, c, [](std::int8_t& weight) { weight = 0; });
  op.weight_scales[c] = quantisation.scale / graph.tensor(op.inputs[0]).quantisation.scale / 4;
  op.bias[c] = 4 * (output - quantisation.zero_point);
}

void settle(const ir::Graph& graph, ir::Operator& op) {
  if (op.weight_scales.size() != op.bias.size()) return;  // one scale for all channels
  const std::vector<ir::Multiplier> multipliers = ir::requantisation(graph, op).channels;
  for (std::size_t c = 0; c < op.bias.size(); ++c) {
    std::int64_t magnitude = 0;
    for_weights(op, c, [&](std::int8_t weight) { magnitude += std::abs(int{weight}); });
    const std::int64_t reach = 255 * magnitude;
    if (std::abs(std::int64_t{op.bias[c]}) + 256 * magnitude < kTooLarge) continue;
    const std::int32_t low = output_of(graph, op, multipliers[c], op.bias[c] - reach);
    const std::int32_t high = output_of(graph, op, multipliers[c], op.bias[c] + reach);
    if (low == high) make_constant(graph, op, c, low);
  }
}

}  // namespace

ir::Graph settle_constant_channels(ir::Graph graph) {
  if (ir::is_skeleton(graph)) return graph;
  for (ir::Operator& op : graph.operators)
    if (ir::has_weights(op.kind)) settle(graph, op);
  return graph;
}

}  // namespace parsimony::lower
