#include <benchmark/benchmark.h>

#include "../../tests/ir/dscnn_graph.hpp"
#include "../../tests/ir/random_graph.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony {
namespace {

/// ROM of a skeleton of dscnn-se-1d, 48 operators: the aim is under 20 us.
void PredictRomOfASkeleton(benchmark::State& state) {
  const ir::Graph skeleton = test::skeleton_of(test::DscnnGraph(114, 100, 6, 8).take());
  for (auto _ : state) benchmark::DoNotOptimize(emit::predict_rom(skeleton));
  state.counters["operators"] = static_cast<double>(skeleton.operators.size());
}
BENCHMARK(PredictRomOfASkeleton)->Unit(benchmark::kMicrosecond);

void EmitANetwork(benchmark::State& state) {
  const ir::Graph graph = test::DscnnGraph(static_cast<std::int32_t>(state.range(0)), 100, 6, 8).take();
  const plan::Plan plan = emit::plan_memory(graph);
  for (auto _ : state) benchmark::DoNotOptimize(emit::emit(graph, plan, {.name = "net"}));
}
BENCHMARK(EmitANetwork)->Arg(16)->Arg(114)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parsimony
