#pragma once

#include "parsimony/ir/graph.hpp"

namespace parsimony::lower {

/// Operators that take any shape read past a reshape; drop_unused takes those that nobody reads any more.
ir::Graph fold_reshapes(ir::Graph graph);

/// A channel whose accumulator may reach 2^29 while its output is one value for all inputs (a bias beyond
/// what the output can hold) becomes that constant: no weights, multiplier 1. Sizes stay.
ir::Graph settle_constant_channels(ir::Graph graph);

/// Operators share the constants of an earlier one only where that is still there and has the same.
void part_changed_constants(ir::Graph& graph);

/// A table that is the only reader of another table becomes one table of the input: out = second[first[x]].
ir::Graph fold_tables(ir::Graph graph);

/// Operators whose result does not reach the output go, and with them the tensors that nobody uses any more
/// (the input stays). The tensors left keep their order under new ids.
ir::Graph drop_unused(ir::Graph graph);

}  // namespace parsimony::lower
