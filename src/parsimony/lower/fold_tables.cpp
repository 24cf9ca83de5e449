#include <algorithm>
#include <vector>

#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

/// second ∘ first; empty (a skeleton's) when either is.
std::vector<std::int8_t> compose(const std::vector<std::int8_t>& second,
                                 const std::vector<std::int8_t>& first) {
  if (second.empty() || first.empty()) return {};
  std::vector<std::int8_t> both(first.size());
  std::transform(first.begin(), first.end(), both.begin(),
                 [&](std::int8_t value) { return second[static_cast<std::size_t>(value + 128)]; });
  return both;
}

}  // namespace

ir::Graph fold_tables(ir::Graph graph) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> producer(graph.tensors.size(), kNone);
  std::vector<int> readers(graph.tensors.size(), 0);
  for (const ir::Operator& op : graph.operators)
    for (const ir::TensorId id : op.inputs) ++readers[static_cast<std::size_t>(id)];
  ++readers[static_cast<std::size_t>(graph.output)];

  for (std::size_t step = 0; step < graph.operators.size(); ++step) {
    ir::Operator& op = graph.operators[step];
    const auto input = static_cast<std::size_t>(op.inputs[0]);
    const std::size_t before = producer[input];
    if (op.kind == ir::OperatorKind::table && before != kNone && readers[input] == 1 &&
        graph.operators[before].kind == ir::OperatorKind::table) {
      op.table = compose(op.table, graph.operators[before].table);
      op.inputs =
          graph.operators[before].inputs;  // reads in place of the first table, which drop_unused takes
    }
    producer[static_cast<std::size_t>(op.output)] = step;
  }
  part_changed_constants(graph);
  return graph;
}

}  // namespace parsimony::lower
