#include <benchmark/benchmark.h>

#include "../../tests/ir/dscnn_graph.hpp"
#include "../../tests/ir/random_graph.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::ir {
namespace {

void evaluate(benchmark::State& state, VectorUnit unit) {
  const auto width = static_cast<std::int32_t>(state.range(0)),
             length = static_cast<std::int32_t>(state.range(1));
  const Graph graph = test::dscnn_graph(width, length, 6, 8);
  verify(graph);
  const std::int64_t n = state.range(2);
  const auto inputs = test::random_values(1, n * graph.tensor(graph.input).elements());
  std::vector<std::int8_t> outputs(static_cast<std::size_t>(n * graph.tensor(graph.output).elements()));
  Evaluator evaluator(graph, unit);
  for (auto _ : state) {
    evaluator.run(inputs, n, outputs);
    benchmark::DoNotOptimize(outputs.data());
  }
  const double total =
      static_cast<double>(macs(graph)) * static_cast<double>(n) * static_cast<double>(state.iterations());
  state.counters["GMAC/s"] = benchmark::Counter(total / 1e9, benchmark::Counter::kIsRate);
}

/// dscnn-se-1d: width, length of the window, samples. The bar: 5 GMAC/s a core from width 64.
void Evaluate(benchmark::State& state) {
  evaluate(state, VectorUnit::widest);
}
BENCHMARK(Evaluate)
    ->ArgsProduct({{16, 37, 64, 114}, {50, 100}, {512}})
    ->Args({64, 100, 1})
    ->Unit(benchmark::kMillisecond);

/// What a machine without AVX-512 VNNI has.
void EvaluateAvx2(benchmark::State& state) {
  evaluate(state, VectorUnit::avx2);
}
BENCHMARK(EvaluateAvx2)->Args({64, 100, 64})->Args({114, 100, 64})->Unit(benchmark::kMillisecond);

/// The same without intrinsics.
void EvaluatePortable(benchmark::State& state) {
  evaluate(state, VectorUnit::portable);
}
BENCHMARK(EvaluatePortable)->Args({64, 100, 64})->Args({114, 100, 64})->Unit(benchmark::kMillisecond);

/// Packing the weights: once for each network.
void Pack(benchmark::State& state) {
  const Graph graph = test::dscnn_graph(static_cast<std::int32_t>(state.range(0)), 100, 6, 8);
  for (auto _ : state) {
    Evaluator evaluator(graph);
    benchmark::DoNotOptimize(&evaluator);
  }
}
BENCHMARK(Pack)->Arg(64)->Arg(114)->Unit(benchmark::kMicrosecond);

void VerifySkeleton(benchmark::State& state) {
  const Graph graph = test::skeleton_of(test::dscnn_graph(64, 100, 6, 8));
  for (auto _ : state) verify(graph);
}
BENCHMARK(VerifySkeleton)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parsimony::ir
