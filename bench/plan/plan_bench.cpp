#include <benchmark/benchmark.h>

#include "../../tests/ir/dscnn_graph.hpp"
#include "../../tests/ir/random_graph.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/plan/plan.hpp"

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

}  // namespace
}  // namespace parsimony::plan
