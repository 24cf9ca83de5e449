#include <benchmark/benchmark.h>

#include "fronts.hpp"
#include "parsimony/pareto/contributions.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace {

void hypervolume_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = parsimony::bench::convex_front(state.range(0), state.range(1));
  const std::vector<double> reference(static_cast<std::size_t>(state.range(1)), 1.1);
  for (auto _ : state) benchmark::DoNotOptimize(parsimony::pareto::hypervolume(points, reference));
}
BENCHMARK(hypervolume_of_n_points_m_objectives)
    ->Args({1000, 2})
    ->Args({1000, 3})
    ->Args({10000, 3})
    ->Args({150, 4})
    ->Args({1000, 4})
    ->Args({150, 5})
    ->Args({100, 6})
    ->Unit(benchmark::kMicrosecond);

void contributions_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = parsimony::bench::convex_front(state.range(0), state.range(1));
  const std::vector<double> reference(static_cast<std::size_t>(state.range(1)), 1.1);
  for (auto _ : state)
    benchmark::DoNotOptimize(parsimony::pareto::hypervolume_contributions(points, reference));
}
BENCHMARK(contributions_of_n_points_m_objectives)
    ->Args({1000, 2})
    ->Args({1000, 3})
    ->Args({100, 4})
    ->Args({300, 4})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
