#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::emit {

/// Bytes that an operator's kernel needs beside its tensors while it runs.
/// @return [operators] [B]
std::vector<std::int64_t> scratch_bytes(const ir::Graph& graph);

/// The arena of a network as its kernels use it.
/// @param graph  verified and lowered; a skeleton will do
plan::Plan plan_memory(const ir::Graph& graph);

}  // namespace parsimony::emit
