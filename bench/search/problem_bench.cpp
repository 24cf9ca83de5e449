#include <benchmark/benchmark.h>

#include "parsimony/base/random.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/search/problem.hpp"

namespace parsimony::search {
namespace {

solver::Problem problem_of_width(std::int32_t width) {
  const auto costs = std::make_shared<const network::CostModel>(
      network::dscnn_se_1d({.length = 100, .channels = 6, .classes = 8, .width = width}),
      target::find_target("bench", "cortex-m4"));
  return network_problem(
      search_space(costs->description(), {}), costs,
      {.limits = {.rom = Bytes(1 << 20), .ram = Bytes(1 << 18), .flops = Flops(1000000000)}});
}

std::vector<double> random_points(int dimension, std::int64_t n) {
  RandomStream stream(1, 0, "bench");
  std::vector<double> points(static_cast<std::size_t>(n * dimension));
  for (double& coordinate : points) coordinate = stream.uniform();
  return points;
}

/// From unit points to objectives and constraints, as a rollout asks: bar 1.5 µs each; "each" is the time of
/// one [s].
void estimate_points(benchmark::State& state) {
  const solver::Problem problem = problem_of_width(114);
  const std::int64_t n = state.range(0);
  const std::vector<double> points = random_points(problem.space.dimension(), n);
  solver::Costs costs;
  for (auto _ : state) {
    problem.costs.estimate(points, n, costs);
    benchmark::DoNotOptimize(costs.objectives.data());
  }
  state.counters["each"] = benchmark::Counter(
      static_cast<double>(n), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(estimate_points)->Arg(600)->Arg(24000)->Unit(benchmark::kMicrosecond);

/// One snapped point: bar 100 µs.
void exact_point(benchmark::State& state) {
  const solver::Problem problem = problem_of_width(114);
  const std::vector<double> point = problem.space.snap(random_points(problem.space.dimension(), 1));
  for (auto _ : state) benchmark::DoNotOptimize(problem.costs.exact(point));
}
BENCHMARK(exact_point)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parsimony::search
