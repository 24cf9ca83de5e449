#include <benchmark/benchmark.h>

#include <cmath>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace {

/// A convex front: the part of a sphere with positive coordinates.
std::vector<double> sphere(std::int64_t n, std::int64_t m) {
  parsimony::RandomStream stream(1, 0, "bench");
  std::vector<double> points;
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<double> row(static_cast<std::size_t>(m));
    double norm = 0.0;
    for (double& value : row) {
      value = std::abs(stream.normal());
      norm += value * value;
    }
    for (const double value : row) points.push_back(value / std::sqrt(norm));
  }
  return points;
}

void hypervolume_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = sphere(state.range(0), state.range(1));
  const std::vector<double> reference(static_cast<std::size_t>(state.range(1)), 1.1);
  for (auto _ : state) benchmark::DoNotOptimize(parsimony::pareto::hypervolume(points, reference));
}
BENCHMARK(hypervolume_of_n_points_m_objectives)
    ->Args({1000, 2})
    ->Args({1000, 3})
    ->Args({10000, 3})
    ->Args({150, 4})
    ->Args({1000, 4})
    ->Unit(benchmark::kMicrosecond);

void ranks_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = sphere(state.range(0), state.range(1));
  for (auto _ : state)
    benchmark::DoNotOptimize(
        parsimony::pareto::non_dominated_ranks(points, static_cast<int>(state.range(1))));
}
BENCHMARK(ranks_of_n_points_m_objectives)->Args({1000, 2})->Args({1000, 4})->Unit(benchmark::kMicrosecond);

}  // namespace
