#include "parsimony/ir/arithmetic.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "parsimony/base/contracts.hpp"

namespace parsimony::ir {

Multiplier quantised_multiplier(double real) {
  PARSIMONY_EXPECTS(std::isfinite(real) && real >= 0.0);
  if (real == 0.0) return {};
  int shift = 0;
  const double fraction = std::frexp(real, &shift);
  auto mantissa = static_cast<std::int64_t>(std::round(fraction * 2147483648.0));
  if (mantissa == std::int64_t{1} << 31) {
    mantissa /= 2;
    ++shift;
  }
  if (shift < -31) return {};
  return {static_cast<std::int32_t>(mantissa), shift};
}

Multiplier mean_multiplier(double real, std::int64_t count) {
  PARSIMONY_EXPECTS(count >= 1);
  const Multiplier whole = quantised_multiplier(real);
  int shift = 63 - std::countl_zero(static_cast<std::uint64_t>(count));
  shift = std::min({shift, 32, 31 + whole.shift});
  const std::int64_t mantissa = (std::int64_t{whole.mantissa} << shift) / count;
  return {static_cast<std::int32_t>(mantissa), whole.shift - shift};
}

std::int64_t mean_count(const Graph& graph, const Operator& op) {
  const Tensor& input = graph.tensor(op.inputs[0]);
  return input.elements() / input.shape.back();
}

double weighted_multiplier(const Graph& graph, const Operator& op, std::size_t channel) {
  const double input_scale = graph.tensor(op.inputs[0]).quantisation.scale;
  const double output_scale = graph.tensor(op.output).quantisation.scale;
  const bool shared = op.kind == OperatorKind::fully_connected && op.weight_scales.size() == 1;
  return input_scale * op.weight_scales[shared ? 0 : channel] / output_scale;
}

std::array<double, 3> addition_multipliers(const Graph& graph, const Operator& op) {
  const double first = graph.tensor(op.inputs[0]).quantisation.scale;
  const double second = second_quantisation(graph, op).scale;
  const double twice_larger = 2 * std::max(first, second);
  const double output = graph.tensor(op.output).quantisation.scale;
  return {first / twice_larger, second / twice_larger, twice_larger / ((1 << kAddLeftShift) * output)};
}

Requantisation requantisation(const Graph& graph, const Operator& op) {
  const double input_scale = graph.tensor(op.inputs[0]).quantisation.scale;
  const double output_scale = graph.tensor(op.output).quantisation.scale;
  Requantisation result;
  switch (op.kind) {
    case OperatorKind::convolution:
    case OperatorKind::depthwise_convolution:
    case OperatorKind::fully_connected:
      result.channels.reserve(op.bias.size());
      for (std::size_t c = 0; c < op.bias.size(); ++c)
        result.channels.push_back(quantised_multiplier(weighted_multiplier(graph, op, c)));
      break;
    case OperatorKind::mean:
      result.channels.push_back(mean_multiplier(input_scale / output_scale, mean_count(graph, op)));
      break;
    case OperatorKind::add:
    case OperatorKind::subtract:
      for (const double real : addition_multipliers(graph, op))
        result.channels.push_back(quantised_multiplier(real));
      break;
    case OperatorKind::multiply: {
      const double second_scale = second_quantisation(graph, op).scale;
      result.channels.push_back(quantised_multiplier(input_scale * second_scale / output_scale));
      break;
    }
    case OperatorKind::average_pool:
    case OperatorKind::max_pool:
    case OperatorKind::concatenation:
    case OperatorKind::pad:
    case OperatorKind::reshape:
    case OperatorKind::slice:
    case OperatorKind::join:
    case OperatorKind::table:
    case OperatorKind::softmax:
    case OperatorKind::argmax:
      break;
  }
  return result;
}

SoftmaxScaling softmax_scaling(const Graph& graph, const Operator& op) {
  constexpr int kIntegerBits = 5;
  const double scale = graph.tensor(op.inputs[0]).quantisation.scale;
  const double most = graph.rounding == Rounding::once ? 1073741824.0 - 1.0 : 2147483648.0 - 1.0;
  const double real = std::min(double{op.beta} * scale * (1 << (31 - kIntegerBits)), most);
  SoftmaxScaling scaling;
  scaling.by = quantised_multiplier(real);
  const double radius = 1.0 * ((1 << kIntegerBits) - 1) * (1 << (31 - kIntegerBits)) /
                        static_cast<double>(std::int64_t{1} << std::max(scaling.by.shift, 0));
  scaling.least = -static_cast<std::int32_t>(std::floor(radius));
  return scaling;
}

}  // namespace parsimony::ir
