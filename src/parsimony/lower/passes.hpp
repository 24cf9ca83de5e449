#pragma once

#include "parsimony/ir/graph.hpp"

namespace parsimony::lower {

/// A table that is the only reader of another table becomes one table of the input: out = second[first[x]].
ir::Graph fold_tables(ir::Graph graph);

/// Operators whose result does not reach the output go, and with them the tensors that nobody uses any more
/// (the input stays). The tensors left keep their order under new ids.
ir::Graph drop_unused(ir::Graph graph);

}  // namespace parsimony::lower
