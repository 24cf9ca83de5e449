#include "parsimony/lower/lower.hpp"

#include <algorithm>
#include <utility>

#include "parsimony/ir/verify.hpp"
#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

bool has(const ir::Graph& graph, ir::OperatorKind kind) {
  return std::ranges::any_of(graph.operators, [&](const ir::Operator& op) { return op.kind == kind; });
}
bool has_reshape(const ir::Graph& graph) {
  return has(graph, ir::OperatorKind::reshape);
}
bool has_table(const ir::Graph& graph) {
  return has(graph, ir::OperatorKind::table);
}
bool has_constants(const ir::Graph& graph) {
  return !ir::is_skeleton(graph);
}
bool always(const ir::Graph&) {
  return true;
}

// The order is the documentation: each pass may assume what the one above promised.
constexpr Pass kLowering[] = {
    {"fold-reshapes", fold_reshapes, has_reshape},  // no linear layer reads a reshape
    {"drop-unused", drop_unused,
     always},  // every operator reaches the output, every tensor but the input is used
    {"fold-tables", fold_tables, has_table},  // no table is the only reader of another
    {"drop-folded", drop_unused, has_table},  // the tables folded away are gone
    {"settle-constant-channels", settle_constant_channels, has_constants},  // accumulators can be doubled
};

}  // namespace

std::span<const Pass> lowering() {
  return kLowering;
}

ir::Graph lower(ir::Graph graph, const Observer& observe) {
  ir::verify(graph);
  if (observe) observe("imported", graph);
  for (const Pass& pass : kLowering) {
    if (pass.has_work(graph)) {
      graph = pass.run(std::move(graph));
      ir::verify(graph, pass.name);
    }
    if (observe) observe(pass.name, graph);
  }
  return graph;
}

}  // namespace parsimony::lower
