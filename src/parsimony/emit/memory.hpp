#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::emit {

/// What the planner must know of the kernel that runs `op`: scratch, and how near its output may come to its
/// inputs. From shapes alone, in tens of nanoseconds.
plan::KernelMemory kernel_memory(const ir::Graph& graph, const ir::Operator& op, Kernel kernel);

/// The kernel's reads and writes in their order, as runtime/kernels has them: what the plan's proof replays.
std::vector<plan::Access> kernel_accesses(const ir::Graph& graph, const ir::Operator& op, Kernel kernel,
                                          plan::Direction direction);

/// kernel_memory of every operator.
/// @param kernels  [operators of the graph]
std::vector<plan::KernelMemory> memory_of(const ir::Graph& graph, std::span<const Kernel> kernels);

/// Gives layers that make the arena larger than it must be a kernel with less scratch: DSP convolutions that
/// of two pixels, linear layers one of their own.
/// @param kernels  [operators of the graph]
/// @param memory   memory_of them, before and after
void spare_scratch(const ir::Graph& graph, std::vector<Kernel>& kernels,
                   std::vector<plan::KernelMemory>& memory);

/// plan::least_bytes with the network's kernels.
std::vector<Bytes> least_bytes(const ir::Graph& graph, const KernelChoice& choice);

/// The arena of a network as its kernels use it. Costs, exports and what verify holds against them take the
/// default options: the arena is one figure.
/// @param graph  verified and lowered; a skeleton will do
plan::Plan plan_memory(const ir::Graph& graph, const KernelChoice& choice,
                       const plan::PlanOptions& options = {.search_nodes = plan::kCostingNodes});
plan::Plan plan_memory(const ir::Graph& graph, Family family = kCostedFamily);

/// The graph in the order of operators with the smaller arena, the given one where none is found: where it
/// branches, an order may keep less alive (plan::schedule). For `compile`: searches cost and export networks
/// as they are described.
ir::Graph in_best_order(const ir::Graph& graph, Family family);

/// plan::verify_plan with the accesses of the network's kernels: stops the program when a byte is overwritten
/// before its last use.
void verify_memory(const ir::Graph& graph, const plan::Plan& plan, const KernelChoice& choice);
void verify_memory(const ir::Graph& graph, const plan::Plan& plan, Family family = kCostedFamily);

}  // namespace parsimony::emit
