#include <algorithm>
#include <iterator>
#include <vector>

#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

/// Tensors from which the output is computed.
std::vector<bool> find_used(const ir::Graph& graph) {
  std::vector<bool> used(graph.tensors.size(), false);
  used[static_cast<std::size_t>(graph.output)] = true;
  for (auto op = graph.operators.rbegin(); op != graph.operators.rend(); ++op)
    if (used[static_cast<std::size_t>(op->output)])
      for (const ir::TensorId id : op->inputs) used[static_cast<std::size_t>(id)] = true;
  used[static_cast<std::size_t>(graph.input)] = true;
  return used;
}

}  // namespace

ir::Graph drop_unused(ir::Graph graph) {
  const std::vector<bool> used = find_used(graph);
  if (std::all_of(used.begin(), used.end(), [](bool is) { return is; })) return graph;

  std::erase_if(graph.operators,
                [&](const ir::Operator& op) { return !used[static_cast<std::size_t>(op.output)]; });
  std::vector<ir::TensorId> new_id(graph.tensors.size());
  std::vector<ir::Tensor> kept;
  for (std::size_t id = 0; id < used.size(); ++id) {
    new_id[id] = static_cast<ir::TensorId>(kept.size());
    if (used[id]) kept.push_back(std::move(graph.tensors[id]));
  }
  graph.tensors = std::move(kept);
  const auto renumber = [&](ir::TensorId& id) { id = new_id[static_cast<std::size_t>(id)]; };
  renumber(graph.input);
  renumber(graph.output);
  for (ir::Operator& op : graph.operators) {
    renumber(op.output);
    for (ir::TensorId& id : op.inputs) renumber(id);
  }
  part_changed_constants(graph);
  return graph;
}

}  // namespace parsimony::lower
