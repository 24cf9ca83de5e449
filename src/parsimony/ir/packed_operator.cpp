#include "parsimony/ir/packed_operator.hpp"

#include <algorithm>

#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::ir {
namespace {

std::int64_t padded(std::int64_t count, std::int64_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}

PackedRequantisation pack_requantisation(const Graph& graph, const Operator& op, std::int64_t channels) {
  const std::vector<Multiplier> multipliers = requantisation(graph, op).channels;
  const bool shared = weight_count(graph, op) == 0;
  PackedRequantisation result;
  for (std::int64_t c = 0; c < channels; ++c) {
    const std::size_t from = shared ? 0 : static_cast<std::size_t>(c);
    const Multiplier by = from < multipliers.size() ? multipliers[from] : Multiplier{};
    result.mantissa.push_back(by.mantissa);
    result.left.push_back(std::max(by.shift, 0));
    result.right.push_back(std::max(-by.shift, 0));
    result.mask.push_back(static_cast<std::int32_t>((std::int64_t{1} << result.right.back()) - 1));
  }
  result.zero_point = graph.tensor(op.output).quantisation.zero_point + 128;
  result.low = op.activation_min + 128;
  result.high = op.activation_max + 128;
  return result;
}

/// b − (z + 128)·Σw: what the bytes' offset adds to the sum, taken off beforehand.
std::vector<std::int32_t> fold_zero_point(const Graph& graph, const Operator& op, std::int64_t channels) {
  const std::int64_t offset = graph.tensor(op.inputs[0]).quantisation.zero_point + 128;
  const std::size_t count = op.bias.size(), row = op.weights.size() / count;
  std::vector<std::int64_t> sums(count, 0);
  for (std::size_t k = 0; k < op.weights.size(); ++k)
    sums[op.kind == OperatorKind::depthwise_convolution ? k % count : k / row] += op.weights[k];
  std::vector<std::int32_t> bias(static_cast<std::size_t>(channels), 0);
  for (std::size_t c = 0; c < count; ++c) bias[c] = static_cast<std::int32_t>(op.bias[c] - offset * sums[c]);
  return bias;
}

/// Weight of (output channel o, byte k of the padded window row by row) goes to [o / 16][k / 4][o % 16][k %
/// 4].
void pack_dense(const Operator& op, const Layout& input, std::int64_t outputs, PackedOperator& packed) {
  const std::int64_t total = packed.segments * packed.depth;
  const std::int64_t pixels = total / input.pitch;
  packed.weights.assign(static_cast<std::size_t>(padded(outputs, kLanes) * total), 0);
  for (std::int64_t o = 0, from = 0; o < outputs; ++o)
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel)
      for (std::int64_t c = 0; c < input.channels; ++c, ++from) {
        const std::int64_t k = pixel * input.pitch + c;
        const std::int64_t to = o / kLanes * kLanes * total + k / 4 * 4 * kLanes + o % kLanes * 4 + k % 4;
        packed.weights[static_cast<std::size_t>(to)] = op.weights[static_cast<std::size_t>(from)];
      }
}

void pack_depthwise(const Operator& op, std::int64_t channels, PackedOperator& packed) {
  const std::int64_t taps = std::int64_t{packed.vertical.kernel} * packed.horizontal.kernel;
  const std::int64_t total = packed.taps = padded(taps, 4);
  packed.weights.assign(static_cast<std::size_t>(padded(channels, kLanes) * total), 0);
  for (std::int64_t t = 0; t < taps; ++t)
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t to = c / kLanes * kLanes * total + t / 4 * 4 * kLanes + c % kLanes * 4 + t % 4;
      packed.weights[static_cast<std::size_t>(to)] = op.weights[static_cast<std::size_t>(t * channels + c)];
    }
}

}  // namespace

Layout::Layout(const Tensor& tensor) {
  const auto& shape = tensor.shape;
  channels = shape.back();
  if (shape.size() >= 2) width = shape[shape.size() - 2];
  if (shape.size() >= 3) height = shape[shape.size() - 3];
  pitch = padded(channels, kLanes);
}

PackedOperator pack(const Graph& graph, const Operator& op, std::span<const Layout> layouts) {
  PackedOperator packed;
  packed.kind = op.kind;
  for (const TensorId id : op.inputs) {
    packed.inputs.push_back(static_cast<std::size_t>(id));
    packed.zero_points.push_back(graph.tensor(id).quantisation.zero_point + 128);
  }
  packed.output = static_cast<std::size_t>(op.output);
  if (op.windows.size() == 2) packed.vertical = op.windows[0];
  if (!op.windows.empty()) packed.horizontal = op.windows.back();
  for (const Window& window : op.windows) packed.padded |= window.pad_before > 0 || window.pad_after > 0;

  const Layout& input = layouts[packed.inputs[0]];
  const Layout& output = layouts[packed.output];
  packed.requantisation = pack_requantisation(graph, op, output.pitch);
  if (weight_count(graph, op) > 0) packed.bias = fold_zero_point(graph, op, output.pitch);
  switch (op.kind) {
    case OperatorKind::convolution:
      packed.segments = packed.vertical.kernel;
      packed.depth = packed.horizontal.kernel * input.pitch;
      pack_dense(op, input, output.channels, packed);
      break;
    case OperatorKind::fully_connected:
      packed.depth = input.bytes();
      pack_dense(op, input, output.channels, packed);
      break;
    case OperatorKind::depthwise_convolution:
      pack_depthwise(op, output.channels, packed);
      break;
    case OperatorKind::table:
      for (const std::int8_t value : op.table) packed.table.push_back(static_cast<std::uint8_t>(value + 128));
      break;
    case OperatorKind::mean:
      packed.bias.assign(static_cast<std::size_t>(output.pitch),
                         static_cast<std::int32_t>(-mean_count(graph, op) * packed.zero_points[0]));
      break;
    default:
      break;
  }
  return packed;
}

}  // namespace parsimony::ir
