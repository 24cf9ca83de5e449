#include <benchmark/benchmark.h>

#include "fronts.hpp"
#include "parsimony/pareto/crowding.hpp"
#include "parsimony/pareto/dominance.hpp"

namespace {

void ranks_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = parsimony::bench::uniform_points(state.range(0), state.range(1));
  for (auto _ : state)
    benchmark::DoNotOptimize(
        parsimony::pareto::non_dominated_ranks(points, static_cast<int>(state.range(1))));
}
BENCHMARK(ranks_of_n_points_m_objectives)
    ->ArgsProduct({{200, 500, 1000, 2000, 10000}, {2, 3, 4}})
    ->Unit(benchmark::kMicrosecond);

/// On a front all points stay, which is the worst case.
void front_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = parsimony::bench::convex_front(state.range(0), state.range(1));
  for (auto _ : state)
    benchmark::DoNotOptimize(parsimony::pareto::front_indices(points, static_cast<int>(state.range(1))));
}
BENCHMARK(front_of_n_points_m_objectives)
    ->ArgsProduct({{1000, 10000}, {2, 3, 4}})
    ->Unit(benchmark::kMicrosecond);

void crowding_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = parsimony::bench::convex_front(state.range(0), state.range(1));
  for (auto _ : state)
    benchmark::DoNotOptimize(parsimony::pareto::crowding_distances(points, static_cast<int>(state.range(1))));
}
BENCHMARK(crowding_of_n_points_m_objectives)->Args({100, 2})->Args({1000, 4})->Unit(benchmark::kMicrosecond);

}  // namespace
