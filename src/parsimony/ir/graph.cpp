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

std::int64_t Constant::elements() const {
  return shape.empty() ? 0 : Tensor{{}, shape, {}}.elements();
}

std::int32_t Window::outputs(std::int32_t length) const {
  return static_cast<std::int32_t>((std::int64_t{length} + pad_before + pad_after - span()) / stride + 1);
}

bool is_skeleton(const Graph& graph) {
  return std::any_of(graph.tensors.begin(), graph.tensors.end(),
                     [](const Tensor& tensor) { return tensor.quantisation.scale == 0.0f; });
}

bool is_binary(OperatorKind kind) {
  return kind == OperatorKind::add || kind == OperatorKind::subtract || kind == OperatorKind::multiply;
}

Quantisation second_quantisation(const Graph& graph, const Operator& op) {
  return op.constant.shape.empty() ? graph.tensor(op.inputs[1]).quantisation : op.constant.quantisation;
}

bool is_view(OperatorKind kind) {
  return kind == OperatorKind::slice || kind == OperatorKind::join;
}

bool has_weights(OperatorKind kind) {
  return kind == OperatorKind::convolution || kind == OperatorKind::depthwise_convolution ||
         kind == OperatorKind::fully_connected;
}

bool has_spatial_windows(OperatorKind kind) {
  return kind == OperatorKind::convolution || kind == OperatorKind::depthwise_convolution ||
         kind == OperatorKind::average_pool || kind == OperatorKind::max_pool;
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
  return has_weights(op.kind) ? graph.tensor(op.output).shape.back() : 0;
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
    case OperatorKind::average_pool:
    case OperatorKind::max_pool:
    case OperatorKind::mean:
    case OperatorKind::argmax:
      return graph.tensor(op.inputs[0]).elements();
    case OperatorKind::add:
    case OperatorKind::subtract:
    case OperatorKind::multiply:
    case OperatorKind::table:
    case OperatorKind::softmax:
      return outputs;
    case OperatorKind::concatenation:
    case OperatorKind::pad:
    case OperatorKind::reshape:
    case OperatorKind::slice:
    case OperatorKind::join:
      return 0;
  }
  return 0;
}

std::int64_t flops(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Operator& op : graph.operators) sum += flops(graph, op);
  return sum;
}

std::int64_t macs(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Operator& op : graph.operators)
    if (has_weights(op.kind)) sum += flops(graph, op) / 2;
  return sum;
}

std::string_view kind_name(OperatorKind kind) {
  PARSIMONY_EXPECTS(static_cast<std::size_t>(kind) < std::size(kOperatorKinds));
  return kOperatorKinds[static_cast<std::size_t>(kind)];
}

}  // namespace parsimony::ir
