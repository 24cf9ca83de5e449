#include <benchmark/benchmark.h>

#include "../../tests/ir/dscnn_graph.hpp"
#include "../../tests/ir/random_graph.hpp"
#include "../../tests/plan/block_kernels.hpp"
#include "../../tests/plan/random_kernels.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/network/cost.hpp"
#include "parsimony/plan/plan.hpp"
#include "parsimony/plan/schedule.hpp"

namespace parsimony::plan {
namespace {

ir::Graph skeleton() {
  return test::skeleton_of(test::dscnn_graph(64, 100, 6, 8));
}

void BestPlan(benchmark::State& state) {
  const ir::Graph graph = skeleton();
  for (auto _ : state) benchmark::DoNotOptimize(best_plan(graph));
}
BENCHMARK(BestPlan)->Unit(benchmark::kMicrosecond);

/// Both planners, which best_plan does only when first fit misses the bound.
void BothPlanners(benchmark::State& state) {
  const ir::Graph graph = skeleton();
  for (auto _ : state) {
    const auto live = lifetimes(graph);
    benchmark::DoNotOptimize(plan_first_fit(live));
    benchmark::DoNotOptimize(plan_greedy_by_size(live));
  }
}
BENCHMARK(BothPlanners)->Unit(benchmark::kMicrosecond);

void LowerBoundOfLifetimes(benchmark::State& state) {
  const auto live = lifetimes(skeleton());
  for (auto _ : state) benchmark::DoNotOptimize(lower_bound(live));
}
BENCHMARK(LowerBoundOfLifetimes)->Unit(benchmark::kMicrosecond);

/// What one exact cost spends here: lowering (verifier four times) and planning.
void LowerAndPlan(benchmark::State& state) {
  const ir::Graph graph = skeleton();
  for (auto _ : state) benchmark::DoNotOptimize(best_plan(lower::lower(graph)));
}
BENCHMARK(LowerAndPlan)->Unit(benchmark::kMicrosecond);

/// Graphs far from any network: random branches, long lives, random kernels. Counter: nodes spent.
void PlanOfRandomGraph(benchmark::State& state) {
  const ir::Graph graph = test::random_flow(1, static_cast<int>(state.range(0)), 4000);
  const std::vector<KernelMemory> memory = test::RandomKernels{1}.memory(graph);
  for (auto _ : state) benchmark::DoNotOptimize(best_plan(graph, memory));
  state.counters["nodes"] = static_cast<double>(best_plan(graph, memory).search_nodes);
}
BENCHMARK(PlanOfRandomGraph)->Arg(30)->Arg(100)->Arg(300)->Arg(1000)->Unit(benchmark::kMillisecond);

void OrderOfRandomGraph(benchmark::State& state) {
  const ir::Graph graph = test::random_flow(1, static_cast<int>(state.range(0)), 4000);
  const std::vector<KernelMemory> memory = test::RandomKernels{1}.memory(graph);
  for (auto _ : state) benchmark::DoNotOptimize(best_order(graph, memory));
}
BENCHMARK(OrderOfRandomGraph)->Arg(30)->Arg(100)->Arg(300)->Unit(benchmark::kMillisecond);

/// Random candidates of dscnn-se-1d, as a search costs them, with what their kernels allow.
struct Candidates {
  std::vector<ir::Graph> graphs;
  std::vector<std::vector<KernelMemory>> memory;
};

Candidates random_candidates(int count) {
  const network::Description description =
      network::dscnn_se_1d({.length = 100, .channels = 6, .classes = 8, .width = 114});
  const std::vector<network::Group> groups = network::coupled_groups(description);
  RandomStream stream(1, 0, "bench");
  Candidates candidates;
  for (int k = 0; k < count; ++k) {
    std::vector<std::int32_t> kept;
    for (const network::Group& group : groups)
      kept.push_back(1 + static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(group.channels))));
    candidates.graphs.push_back(lower::lower(network::skeleton(network::prune(description, groups, kept))));
    candidates.memory.push_back(test::BlockKernels{}.memory(candidates.graphs.back()));
  }
  return candidates;
}

/// One candidate's plan with overlap, by nodes of the search. Counters: the share of plans that reach their
/// bound, and the mean gap over the arena.
void PlanOfCandidate(benchmark::State& state) {
  static const Candidates candidates = random_candidates(500);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        best_plan(candidates.graphs[next], candidates.memory[next], {.search_nodes = state.range(0)}));
    next = (next + 1) % candidates.graphs.size();
  }
  double optimal = 0.0, gap = 0.0;
  for (std::size_t k = 0; k < candidates.graphs.size(); ++k) {
    const Plan plan = best_plan(candidates.graphs[k], candidates.memory[k], {.search_nodes = state.range(0)});
    optimal += plan.gap().value == 0 ? 1.0 : 0.0;
    gap += static_cast<double>(plan.gap().value) / static_cast<double>(plan.arena.value);
  }
  state.counters["optimal"] = optimal / static_cast<double>(candidates.graphs.size());
  state.counters["gap"] = gap / static_cast<double>(candidates.graphs.size());
}
BENCHMARK(PlanOfCandidate)->Arg(0)->Arg(50)->Arg(100)->Arg(200)->Arg(20000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parsimony::plan
