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

Requantisation requantisation(const Graph& graph, const Operator& op) {
  const double input_scale = graph.tensor(op.inputs[0]).quantisation.scale;
  const double output_scale = graph.tensor(op.output).quantisation.scale;
  Requantisation result;
  switch (op.kind) {
    case OperatorKind::convolution:
    case OperatorKind::depthwise_convolution:
    case OperatorKind::fully_connected:
      result.channels.reserve(op.weight_scales.size());
      for (const float weight_scale : op.weight_scales)
        result.channels.push_back(quantised_multiplier(input_scale * double{weight_scale} / output_scale));
      break;
    case OperatorKind::mean:
      result.channels.push_back(mean_multiplier(input_scale / output_scale, mean_count(graph, op)));
      break;
    case OperatorKind::multiply: {
      const double second_scale = graph.tensor(op.inputs[1]).quantisation.scale;
      result.channels.push_back(quantised_multiplier(input_scale * second_scale / output_scale));
      break;
    }
    case OperatorKind::table:
      break;
  }
  return result;
}

}  // namespace parsimony::ir
