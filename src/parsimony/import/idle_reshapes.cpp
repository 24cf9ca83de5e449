#include "parsimony/import/idle_reshapes.hpp"

#include <utility>

namespace parsimony::tflite {
namespace {

bool is_idle(const ir::Graph& graph, const ir::Operator& op) {
  return op.kind == ir::OperatorKind::reshape &&
         graph.tensor(op.inputs[0]).shape == graph.tensor(op.output).shape &&
         !(op.inputs[0] == graph.input && op.output == graph.output);
}

}  // namespace

ir::Graph drop_idle_reshapes(ir::Graph graph) {
  // What each tensor is under the ids of the graph to be; operators are in order, so inputs are known before
  // outputs.
  std::vector<ir::TensorId> renamed(graph.tensors.size());
  const auto now = [&](ir::TensorId id) { return renamed[static_cast<std::size_t>(id)]; };
  std::vector<ir::Tensor> tensors;
  const auto keep = [&](ir::TensorId id) {
    renamed[static_cast<std::size_t>(id)] = static_cast<ir::TensorId>(tensors.size());
    tensors.push_back(graph.tensor(id));
  };
  keep(graph.input);
  std::vector<ir::Operator> operators;
  for (ir::Operator& op : graph.operators) {
    if (is_idle(graph, op)) {
      renamed[static_cast<std::size_t>(op.output)] = now(op.inputs[0]);
      continue;
    }
    keep(op.output);
    for (ir::TensorId& id : op.inputs) id = now(id);
    op.output = now(op.output);
    operators.push_back(std::move(op));
  }
  graph.input = now(graph.input);
  graph.output = now(graph.output);
  graph.tensors = std::move(tensors);
  graph.operators = std::move(operators);
  return graph;
}

}  // namespace parsimony::tflite
