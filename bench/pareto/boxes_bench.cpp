#include <benchmark/benchmark.h>

#include "fronts.hpp"
#include "parsimony/pareto/boxes.hpp"

namespace {

void boxes_of_n_points_m_objectives(benchmark::State& state) {
  const std::vector<double> points = parsimony::bench::convex_front(state.range(0), state.range(1));
  const std::vector<double> reference(static_cast<std::size_t>(state.range(1)), 1.1);
  std::size_t count = 0;
  for (auto _ : state) {
    const parsimony::pareto::Boxes boxes = parsimony::pareto::non_dominated_boxes(points, reference);
    benchmark::DoNotOptimize(boxes.upper.data());
    count = boxes.size();
  }
  state.counters["boxes"] = static_cast<double>(count);
}
BENCHMARK(boxes_of_n_points_m_objectives)
    ->Args({1000, 2})
    ->Args({1000, 3})
    ->Args({100, 4})
    ->Args({300, 4})
    ->Args({60, 5})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
