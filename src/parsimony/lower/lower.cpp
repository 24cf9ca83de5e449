#include "parsimony/lower/lower.hpp"

#include <utility>

#include "parsimony/ir/verify.hpp"
#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

// The order is the documentation: each pass may assume what the one above promised.
constexpr Pass kLowering[] = {
    {"fold-reshapes", fold_reshapes},  // no linear layer reads a reshape
    {"drop-unused", drop_unused},  // every operator reaches the output, every tensor but the input is used
    {"fold-tables", fold_tables},  // no table is the only reader of another
    {"drop-folded", drop_unused},  // the tables folded away are gone
    {"settle-constant-channels", settle_constant_channels},  // accumulators can be doubled
};

}  // namespace

std::span<const Pass> lowering() {
  return kLowering;
}

ir::Graph lower(ir::Graph graph) {
  ir::verify(graph);
  for (const Pass& pass : kLowering) {
    graph = pass.run(std::move(graph));
    ir::verify(graph, pass.name);
  }
  return graph;
}

}  // namespace parsimony::lower
