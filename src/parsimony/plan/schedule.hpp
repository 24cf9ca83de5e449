#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {

/// The graph with its operators in another order when that makes its arena smaller; unchanged when the search
/// finds none. Memory of the new order's operators: `reordered(memory, best_order(…))`, or asked for again.
/// @param memory  [operators] what each kernel allows and needs
/// @param nodes   sets of operators that the search over orders may look at; chains need one an operator
ir::Graph schedule(const ir::Graph& graph, std::span<const KernelMemory> memory, std::int64_t nodes = 20000);

/// The order of execution with the least lower bound, found by Dijkstra's algorithm over the sets of
/// operators that have run (the length of a path is its largest step, as in Ahn et al. 2020, "Ordering
/// chaos", whose memo of sets this is, in best-first order).
/// @return [operators] which runs at each step; 0, 1, 2, … when none is better or the nodes are spent
std::vector<std::int32_t> best_order(const ir::Graph& graph, std::span<const KernelMemory> memory,
                                     std::int64_t nodes = 20000);

/// The same graph with operator order[k] at step k.
ir::Graph reordered(const ir::Graph& graph, std::span<const std::int32_t> order);
std::vector<KernelMemory> reordered(std::span<const KernelMemory> memory,
                                    std::span<const std::int32_t> order);

}  // namespace parsimony::plan
