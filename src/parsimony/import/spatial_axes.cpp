#include "parsimony/import/spatial_axes.hpp"

#include <algorithm>

namespace parsimony::tflite {
namespace {

bool has_axis(const ir::Tensor& tensor) {
  return tensor.shape.size() == 3;
}

/// Whether the operator does nothing along the axis of its images. What it writes has as many axes as what it
/// reads, but where it makes an image of something else.
bool may_lose(const ir::Graph& graph, const ir::Operator& op, std::size_t axis) {
  if (!has_axis(graph.tensor(op.inputs[0]))) return true;
  switch (op.kind) {
    case ir::OperatorKind::convolution:
    case ir::OperatorKind::depthwise_convolution:
    case ir::OperatorKind::average_pool:
    case ir::OperatorKind::max_pool:
    case ir::OperatorKind::pad: {
      const ir::Window& window = op.windows[axis];
      return window.kernel == 1 && window.pad_before == 0 && window.pad_after == 0;
    }
    case ir::OperatorKind::concatenation:
      return op.axis != static_cast<std::int32_t>(axis);
    default:
      return true;
  }
}

void lose(const ir::Graph& graph, ir::Operator& op, std::size_t axis) {
  if (!has_axis(graph.tensor(op.inputs[0]))) return;
  if (!op.windows.empty()) op.windows.erase(op.windows.begin() + static_cast<std::ptrdiff_t>(axis));
  if (has_axis({{}, op.constant.shape, {}}))
    op.constant.shape.erase(op.constant.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  if (op.kind == ir::OperatorKind::concatenation && op.axis > static_cast<std::int32_t>(axis)) --op.axis;
}

}  // namespace

ir::Graph drop_unit_axis(ir::Graph graph) {
  if (std::none_of(graph.tensors.begin(), graph.tensors.end(), has_axis)) return graph;
  for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
    const bool is_unit = std::all_of(graph.tensors.begin(), graph.tensors.end(), [&](const ir::Tensor& one) {
      return !has_axis(one) || one.shape[axis] == 1;
    });
    const bool may = std::all_of(graph.operators.begin(), graph.operators.end(),
                                 [&](const ir::Operator& op) { return may_lose(graph, op, axis); });
    if (!is_unit || !may) continue;
    for (ir::Operator& op : graph.operators) lose(graph, op, axis);
    for (ir::Tensor& one : graph.tensors)
      if (has_axis(one)) one.shape.erase(one.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    return graph;
  }
  return graph;
}

}  // namespace parsimony::tflite
