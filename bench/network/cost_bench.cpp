#include <benchmark/benchmark.h>

#include "parsimony/base/random.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/network/cost.hpp"

namespace parsimony::network {
namespace {

CostModel costs_of_width(std::int32_t width) {
  return CostModel(dscnn_se_1d({.length = 100, .channels = 6, .classes = 8, .width = width}),
                   target::find_target("bench", "cortex-m4"));
}

/// Random candidates, one after the other: bar 100 µs.
void cost_exactly(benchmark::State& state, const CostModel& costs) {
  RandomStream stream(1, 0, "bench");
  std::vector<std::int32_t> kept(costs.groups().size());
  for (auto _ : state) {
    for (std::size_t g = 0; g < kept.size(); ++g) {
      kept[g] =
          1 + static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(costs.groups()[g].channels)));
    }
    benchmark::DoNotOptimize(costs.exact(kept));
  }
}

void exact_cost(benchmark::State& state) {
  cost_exactly(state, costs_of_width(static_cast<std::int32_t>(state.range(0))));
}
BENCHMARK(exact_cost)->Arg(114)->Arg(456)->Unit(benchmark::kMicrosecond);

/// Of each network that comes with the program, as wide as it is by default; size builds and speed builds.
void exact_cost_built_in(benchmark::State& state) {
  const BuiltIn& network = built_in_networks()[static_cast<std::size_t>(state.range(0))];
  const bool speed = state.range(1) != 0;
  cost_exactly(state, CostModel(build(network, network.example, network.width, "bench"),
                                target::find_target("bench", "cortex-m4"),
                                speed ? emit::Optimise::speed : emit::Optimise::size));
  state.SetLabel(std::string(network.name) + (speed ? ", speed" : ", size"));
}
void every_built_in(benchmark::internal::Benchmark* bench) {
  const auto networks = static_cast<std::int64_t>(built_in_networks().size());
  bench->ArgsProduct({benchmark::CreateDenseRange(0, networks - 1, 1), {0, 1}});
}
BENCHMARK(exact_cost_built_in)->Apply(every_built_in)->Unit(benchmark::kMicrosecond);

/// A batch of candidates, as rollouts ask for them: bar 1.5 µs each; "each" is the time of one [s].
void estimated_cost(benchmark::State& state) {
  const CostModel costs = costs_of_width(114);
  RandomStream stream(1, 0, "bench");
  const std::int64_t n = state.range(0);
  std::vector<double> kept;
  for (std::int64_t i = 0; i < n; ++i) {
    for (const Group& group : costs.groups()) kept.push_back(stream.uniform(1.0, group.channels));
  }
  Estimates estimates;
  for (auto _ : state) {
    costs.estimate(kept, n, estimates);
    benchmark::DoNotOptimize(estimates.rom.data());
  }
  state.counters["each"] = benchmark::Counter(
      static_cast<double>(n), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(estimated_cost)->Arg(1)->Arg(600)->Arg(24000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parsimony::network
