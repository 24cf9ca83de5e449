#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/plan/kernel_memory.hpp"

namespace parsimony::plan {

/// Offsets and sizes in the arena are multiples of this [B]. Kernels read activations by words of 4 bytes and
/// scratch holds int32; no kernel needs more (MVE's loads take any address), and 16 would cost up to 12 B a
/// tensor.
constexpr std::int64_t kArenaAlign = 4;

/// A buffer and the steps in which it must keep its bytes. Step i runs operator i.
struct Lifetime {
  std::int64_t bytes = 0;  ///< >= 0, before alignment
  std::int32_t first = 0;  ///< both ends inclusive
  std::int32_t last = 0;
  bool operator==(const Lifetime&) const = default;
};

/// Where each buffer lies.
struct Offsets {
  std::vector<std::int64_t> offsets;  ///< [n] [B], multiples of kArenaAlign
  std::int64_t peak = 0;              ///< [B] end of the highest buffer, a multiple of kArenaAlign
};

/// Places buffers in execution order (first step, then index), each at the lowest offset free for its whole
/// life (Deutel et al. 2023, Sec. 5.3: dynamic first fit).
/// @param live  [n] lifetimes
Offsets plan_first_fit(std::span<const Lifetime> live);

/// Places buffers from the largest to the smallest (then first step, then index), each at the lowest offset
/// free for its whole life: TFLite Micro's greedy planner.
/// @param live  [n] lifetimes
Offsets plan_greedy_by_size(std::span<const Lifetime> live);

/// The largest sum of aligned buffers alive in one step: no plan without overlap is smaller.
Bytes lower_bound(std::span<const Lifetime> live);

/// The same of a graph: no plan in which no output shares bytes with an input is smaller.
Bytes plain_bound(const ir::Graph& graph);

/// That sum for every step, 0 to the last of any buffer: what a drawing of the plan shows.
std::vector<Bytes> alive_bytes(std::span<const Lifetime> live);

/// The steps of one tensor or of one operator's scratch.
struct Placement {
  std::int64_t offset = 0;  ///< [B]
  std::int64_t bytes = 0;   ///< [B] before alignment
  std::int32_t first = 0;
  std::int32_t last = 0;
};

/// A network's arena: every tensor (input and output too) and every operator's scratch.
struct Plan {
  Bytes arena;                        ///< all of it: what `_ARENA_BYTES` says
  Bytes lower_bound;                  ///< of any plan for this order of execution: the greatest one proven
  Bytes plain_bound;                  ///< of any plan in which no output shares bytes with an input
  std::string_view planner;           ///< "first-fit", "greedy-by-size" or "search"
  std::int64_t search_nodes = 0;      ///< that the search has spent
  bool overlap = false;               ///< whether outputs were allowed to overwrite inputs
  std::int32_t peak_step = 0;         ///< that needs most (the first such); −1: filling the input
  std::vector<Placement> tensors;     ///< [tensors of the graph]
  std::vector<Placement> scratch;     ///< [operators of the graph]; 0 bytes where an operator needs none
  std::vector<Direction> directions;  ///< [operators of the graph] in which each must run
  /// The scratch of what fills the input before the first step; 0 bytes: none.
  Placement filling;

  Bytes gap() const { return arena - lower_bound; }  ///< 0 proves the plan optimal
};

/// Nodes with which a search over networks costs its candidates: a plan of 43 operators then takes about 50
/// µs and lies 0.01 % above its bound on average (bench_plan; 4.7 % by the heuristics alone).
constexpr std::int64_t kCostingNodes = 100;

/// How much a plan may cost to find.
struct PlanOptions {
  /// Nodes of the search, which runs when both heuristics miss the lower bound; 0: heuristics alone. A node
  /// is a distance between two buffers decided, a microsecond or less in a network of fifty operators. Costs
  /// and exports of one study must use the same: the program plans with kCostingNodes throughout
  /// (emit::plan_memory), under which MCUNet's networks reach their bounds in twenty.
  std::int64_t search_nodes = 20000;
  /// [B] of scratch beside the input while it is filled, before anything else is alive.
  std::int64_t filling_scratch = 0;
};

/// Lifetimes of a graph's tensors in its order of execution: the input from step 0 to its last reader, the
/// output to the last step, any other from its producer to its last reader.
/// @return [tensors of the graph]
std::vector<Lifetime> lifetimes(const ir::Graph& graph);

/// The smaller arena of first fit in execution order and greedy by size; first fit wins ties. No output
/// shares bytes with an input of the same operator, reshapes excepted: both their tensors are one buffer.
/// @param graph    verified; a skeleton will do
/// @param scratch  [operators] bytes that an operator needs beside its tensors while it runs; empty: none
Plan best_plan(const ir::Graph& graph, std::span<const std::int64_t> scratch = {});

/// The same two planners where an operator may overwrite its inputs behind itself, and, when both miss the
/// lower bound, a search over offsets and directions that improves on them (place_by_search).
/// An input may be overlapped by its last reader alone; the graph's input, which a run destroys, too.
/// @param memory  [operators] what each kernel allows and needs
Plan best_plan(const ir::Graph& graph, std::span<const KernelMemory> memory, const PlanOptions& options = {});

/// The name of the operator that needs most, or "features".
std::string_view peak_name(const ir::Graph& graph, const Plan& plan);

/// The least arena of any plan for each step with these kernels [steps]: what a drawing shows, and what
/// estimates of the arena may be held against.
std::vector<Bytes> least_bytes(const ir::Graph& graph, std::span<const KernelMemory> memory);

/// Replays the graph over a map of the arena, in which each byte knows the buffer that wrote it last: an
/// operator must find its inputs whole before and after it has filled its scratch and its output; where its
/// output lies over an input, its kernel's accesses are replayed one by one, and each must find what the
/// input's producer wrote. The output must be whole at the end. Shares no code with the planners. Stops the
/// program (a bug of ours) when a buffer is out of bounds, misaligned or overwritten.
/// @param trace  asked for operators that overwrite an input alone; empty: there must be none
void verify_plan(const ir::Graph& graph, const Plan& plan, const AccessTrace& trace = {});

/// The first violation that verify_plan would stop at, in words; empty when there is none.
std::string find_violation(const ir::Graph& graph, const Plan& plan, const AccessTrace& trace = {});

}  // namespace parsimony::plan
