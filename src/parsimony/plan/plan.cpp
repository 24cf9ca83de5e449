#include "parsimony/plan/plan.hpp"

#include <algorithm>

#include "parsimony/base/contracts.hpp"
#include "parsimony/plan/arena_planners.hpp"
#include "parsimony/plan/search.hpp"

namespace parsimony::plan {
namespace {

/// Keeps the smaller peak; the one that is there wins ties.
void improve(Offsets& best, std::string_view& planner, Offsets other, std::string_view name) {
  if (!best.offsets.empty() && best.peak <= other.peak) return;
  best = std::move(other);
  planner = name;
}

/// First fit, then greedy by size.
void place_by_heuristics(const Buffers& buffers, std::span<const Pair> pairs, Bytes bound, Offsets& best,
                         std::string_view& planner) {
  const Distances distances(buffers.live.size(), pairs);
  improve(best, planner, place_all(buffers.live, distances, order_of_execution(buffers.live)), "first-fit");
  if (best.peak == bound.value) return;
  improve(best, planner, place_all(buffers.live, distances, order_of_size(buffers.live)), "greedy-by-size");
}

Offsets find_offsets(const Buffers& buffers, const PlanOptions& options, Plan& plan) {
  const std::vector<Pair> pairs = pairs_of(buffers);
  const bool joint =
      std::any_of(pairs.begin(), pairs.end(), [](const Pair& pair) { return pair.joint >= 0; });
  Offsets best;
  for (const Direction direction : {Direction::forward, Direction::reverse}) {
    place_by_heuristics(buffers, joint ? directed(buffers, pairs, direction) : pairs, plan.lower_bound, best,
                        plan.planner);
    if (!joint || options.search_nodes > 0 || best.peak == plan.lower_bound.value) break;
  }
  if (options.search_nodes == 0 || best.peak == plan.lower_bound.value) return best;

  SearchResult found = place_by_search(buffers, pairs, plan.lower_bound, best.peak, options.search_nodes);
  plan.search_nodes = found.nodes;
  plan.lower_bound = found.proven;
  if (!found.offsets.offsets.empty()) improve(best, plan.planner, std::move(found.offsets), "search");
  return best;
}

/// The direction in which each operator is safe; forward where both are.
std::vector<Direction> directions_of(const Buffers& buffers, std::size_t operators,
                                     std::span<const std::int64_t> offsets) {
  std::vector<Direction> directions(operators, Direction::forward);
  for (const std::span<const Overlap> overlaps : by_step(buffers.overlaps)) {
    if (safe(overlaps, offsets, Direction::forward)) continue;
    PARSIMONY_ENSURES(safe(overlaps, offsets, Direction::reverse));
    directions[static_cast<std::size_t>(overlaps[0].step)] = Direction::reverse;
  }
  return directions;
}

void place_tensors(const ir::Graph& graph, const Buffers& buffers, std::span<const std::int64_t> offsets,
                   Plan& plan) {
  const std::vector<Lifetime> live = lifetimes(graph);
  plan.tensors.reserve(live.size());
  for (std::size_t k = 0; k < live.size(); ++k)
    plan.tensors.push_back({offsets[static_cast<std::size_t>(buffers.of_tensor[k])] + buffers.at_of_tensor[k],
                            live[k].bytes, live[k].first, live[k].last});
}

void place_scratch(std::span<const KernelMemory> memory, const Buffers& buffers,
                   std::span<const std::int64_t> offsets, Plan& plan) {
  plan.scratch.reserve(buffers.of_scratch.size());
  for (std::size_t k = 0; k < buffers.of_scratch.size(); ++k) {
    const auto step = static_cast<std::int32_t>(k);
    const std::int32_t buffer = buffers.of_scratch[k];
    plan.scratch.push_back(
        buffer < 0 ? Placement{0, 0, step, step}
                   : Placement{offsets[static_cast<std::size_t>(buffer)], memory[k].scratch, step, step});
  }
}

/// With an operator at its begin that makes the input from nothing.
ir::Graph with_filling(const ir::Graph& graph) {
  ir::Graph filled = graph;
  ir::Operator filling;
  filling.kind = ir::OperatorKind::table;
  filling.output = graph.input;
  filled.operators.insert(filled.operators.begin(), std::move(filling));
  return filled;
}

/// The plan of the graph from that of with_filling(graph).
Plan without_filling(Plan plan) {
  for (std::vector<Placement>* const places : {&plan.tensors, &plan.scratch})
    for (Placement& place : *places) {
      place.first = std::max(place.first - 1, 0);
      place.last = std::max(place.last - 1, 0);
    }
  plan.filling = plan.scratch.front();
  plan.scratch.erase(plan.scratch.begin());
  plan.directions.erase(plan.directions.begin());
  --plan.peak_step;
  return plan;
}

}  // namespace

std::string_view peak_name(const ir::Graph& graph, const Plan& plan) {
  if (plan.peak_step < 0) return "features";
  return graph.operators[static_cast<std::size_t>(plan.peak_step)].name;
}

Plan best_plan(const ir::Graph& graph, std::span<const std::int64_t> scratch) {
  std::vector<KernelMemory> memory(scratch.size());
  for (std::size_t step = 0; step < scratch.size(); ++step) memory[step].scratch = scratch[step];
  return best_plan(graph, memory, {.search_nodes = 0});
}

Plan best_plan(const ir::Graph& graph, std::span<const KernelMemory> memory, const PlanOptions& options) {
  if (options.filling_scratch > 0) {
    std::vector<KernelMemory> all(1);
    all[0].scratch = options.filling_scratch;
    all.insert(all.end(), memory.begin(), memory.end());
    return without_filling(best_plan(with_filling(graph), all, {.search_nodes = options.search_nodes}));
  }
  const Buffers buffers = buffers_of(graph, memory);
  const std::vector<Bytes> least = least_bytes(buffers);
  const auto peak = std::max_element(least.begin(), least.end());
  Plan plan;
  plan.lower_bound = *peak;
  plan.plain_bound = lower_bound(buffers.piece_live);
  plan.peak_step = static_cast<std::int32_t>(peak - least.begin());
  plan.overlap = std::any_of(memory.begin(), memory.end(),
                             [](const KernelMemory& kernel) { return !kernel.clearance.empty(); });

  const Offsets best = find_offsets(buffers, options, plan);
  plan.arena = Bytes(best.peak);
  plan.directions = directions_of(buffers, graph.operators.size(), best.offsets);
  place_tensors(graph, buffers, best.offsets, plan);
  place_scratch(memory, buffers, best.offsets, plan);
  return plan;
}

std::vector<Bytes> least_bytes(const ir::Graph& graph, std::span<const KernelMemory> memory) {
  return least_bytes(buffers_of(graph, memory));
}

}  // namespace parsimony::plan
