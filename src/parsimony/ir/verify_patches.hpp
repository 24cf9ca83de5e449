#pragma once

#include "parsimony/ir/verify_values.hpp"

namespace parsimony::ir {

/// The rules of slices, joins and shared constants that reach beyond one operator's shapes (OperatorKind,
/// Operator::constants_of). Shapes are verified before.
void verify_patches(const Graph& graph, const Blame& blame);

}  // namespace parsimony::ir
