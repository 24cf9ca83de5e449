#pragma once

#include <optional>
#include <vector>

#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/kernel_memory.hpp"

namespace parsimony::emit {

/// The MVE kernel that runs the operator; none: the DSP or the portable one does. Their constants are those
/// of the portable kernels, unpacked; they compute channels whose shift is -1 ... -31.
std::optional<Kernel> mve_kernel(const ir::Graph& graph, const ir::Operator& op);

/// As kernel_memory and kernel_accesses, for MVE kernels.
plan::KernelMemory mve_memory(const ir::Graph& graph, const ir::Operator& op, Kernel kernel);
std::vector<plan::Access> mve_kernel_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                              plan::Direction direction);

}  // namespace parsimony::emit
