#include <benchmark/benchmark.h>

#include "parsimony/base/random.hpp"
#include "parsimony/data/motions.hpp"
#include "parsimony/data/ts_reader.hpp"

namespace parsimony::data {
namespace {

/// A .ts text of 100 cases of 10 × 400 values with eight digits each, as HandMovementDirection has them.
std::string sample_text() {
  RandomStream random(1, 0, "bench.ts");
  std::string text = "@problemName Bench\n@dimensions 10\n@seriesLength 400\n@classLabel true a b\n@data\n";
  for (int i = 0; i < 100; ++i) {
    for (int dimension = 0; dimension < 10; ++dimension)
      for (int t = 0; t < 400; ++t) {
        text += std::to_string(random.normal());
        text += t < 399 ? ',' : ':';
      }
    text += "a\n";
  }
  return text;
}

void BM_ParseTs(benchmark::State& state) {
  const std::string text = sample_text();
  for (auto _ : state) benchmark::DoNotOptimize(parse_ts(text, "bench"));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(BM_ParseTs)->Unit(benchmark::kMillisecond);

void BM_MakeMotions(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_motions());
}
BENCHMARK(BM_MakeMotions)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parsimony::data
