#include "parsimony/ir/graph.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"

namespace parsimony::ir {
namespace {

std::int64_t taps(const Operator& op) {
  std::int64_t count = 1;
  for (const Window& window : op.windows) count *= window.kernel;
  return count;
}

}  // namespace

std::int64_t Tensor::elements() const {
  std::int64_t count = 1;
  for (const std::int32_t length : shape) count *= length;
  return count;
}

std::int32_t Window::outputs(std::int32_t length) const {
  return (length + pad_before + pad_after - kernel) / stride + 1;
}

bool is_skeleton(const Graph& graph) {
  return std::any_of(graph.tensors.begin(), graph.tensors.end(),
                     [](const Tensor& tensor) { return tensor.quantisation.scale == 0.0f; });
}

std::int64_t weight_count(const Graph& graph, const Operator& op) {
  switch (op.kind) {
    case OperatorKind::convolution:
      return taps(op) * graph.tensor(op.inputs[0]).shape.back() * output_channels(graph, op);
    case OperatorKind::depthwise_convolution:
      return taps(op) * output_channels(graph, op);
    case OperatorKind::fully_connected:
      return graph.tensor(op.inputs[0]).elements() * output_channels(graph, op);
    default:
      return 0;
  }
}

std::int32_t output_channels(const Graph& graph, const Operator& op) {
  switch (op.kind) {
    case OperatorKind::convolution:
    case OperatorKind::depthwise_convolution:
    case OperatorKind::fully_connected:
      return graph.tensor(op.output).shape.back();
    default:
      return 0;
  }
}

std::int64_t flops(const Graph& graph, const Operator& op) {
  const std::int64_t outputs = graph.tensor(op.output).elements();
  switch (op.kind) {
    case OperatorKind::convolution:
      return 2 * outputs * taps(op) * graph.tensor(op.inputs[0]).shape.back();
    case OperatorKind::depthwise_convolution:
      return 2 * outputs * taps(op);
    case OperatorKind::fully_connected:
      return 2 * weight_count(graph, op);
    case OperatorKind::mean:
      return graph.tensor(op.inputs[0]).elements();
    case OperatorKind::multiply:
    case OperatorKind::table:
      return outputs;
  }
  return 0;
}

std::int64_t flops(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Operator& op : graph.operators) sum += flops(graph, op);
  return sum;
}

std::string_view kind_name(OperatorKind kind) {
  PARSIMONY_EXPECTS(static_cast<std::size_t>(kind) < std::size(kOperatorKinds));
  return kOperatorKinds[static_cast<std::size_t>(kind)];
}

}  // namespace parsimony::ir
