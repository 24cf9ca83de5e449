#include <algorithm>
#include <vector>

#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

/// Operators for which an input is its elements, whatever their shape.
bool ignores_shape(ir::OperatorKind kind) {
  return kind == ir::OperatorKind::fully_connected || kind == ir::OperatorKind::reshape;
}

}  // namespace

ir::Graph fold_reshapes(ir::Graph graph) {
  std::vector<const ir::Operator*> reshape_of(graph.tensors.size(), nullptr);
  for (const ir::Operator& op : graph.operators)
    if (op.kind == ir::OperatorKind::reshape) reshape_of[static_cast<std::size_t>(op.output)] = &op;
  for (ir::Operator& op : graph.operators) {
    if (!ignores_shape(op.kind)) continue;
    const ir::Operator* reshape = reshape_of[static_cast<std::size_t>(op.inputs[0])];
    if (reshape != nullptr) op.inputs[0] = reshape->inputs[0];  // itself folded already: it stands before
  }
  return graph;
}

}  // namespace parsimony::lower
