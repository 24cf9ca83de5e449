#include <benchmark/benchmark.h>

#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/keyed_normals.hpp"
#include "parsimony/surrogate/fit.hpp"
#include "problems.hpp"

namespace {

using namespace parsimony::solver;

/// n rows of a random design.
std::vector<Trial> random_history(const Benchmark& bench, int n) {
  std::vector<Trial> history;
  for (const auto& point : initial_design(bench.problem, n, 1))
    history.push_back(evaluated(bench, static_cast<int>(history.size()) + 1, point, ""));
  return history;
}

void ask(benchmark::State& state, const Benchmark& bench, int threads) {
  const std::vector<Trial> history = random_history(bench, 150);
  const Solver solver = make_solver("ars", {{"threads", std::to_string(threads)}});
  for (auto _ : state) benchmark::DoNotOptimize(solver.ask(bench.problem, {history, {}, 1, 151, 1}));
}

/// One suggestion at d 26, n 150, m 4: 300 directions, H 4, L 5, ten training steps an agent.
void ars_ask_1_measured_3_computed(benchmark::State& state) {
  ask(state, deployment_toy(24), static_cast<int>(state.range(0)));
}
BENCHMARK(ars_ask_1_measured_3_computed)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void ars_ask_4_measured(benchmark::State& state) {
  ask(state, dtlz2_benchmark(26, 4), static_cast<int>(state.range(0)));
}
BENCHMARK(ars_ask_4_measured)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void fit_of_one_process(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0)), d = static_cast<int>(state.range(1));
  const Benchmark bench = dtlz2_benchmark(d, 2);
  parsimony::surrogate::Observations observations{d, {}, {}};
  for (const Trial& trial : random_history(bench, n)) {
    observations.points.insert(observations.points.end(), trial.point.begin(), trial.point.end());
    observations.values.push_back(trial.objectives[0]);
  }
  parsimony::ThreadPool pool(1);
  const parsimony::surrogate::FitTask task{&observations, std::nullopt};
  for (auto _ : state) benchmark::DoNotOptimize(parsimony::surrogate::fit_hyperparameters({&task, 1}, pool));
}
BENCHMARK(fit_of_one_process)->Args({60, 6})->Args({150, 26})->Unit(benchmark::kMillisecond);

void posterior_of_256_states(benchmark::State& state) {
  const int n = 150, d = 26;
  const Benchmark bench = dtlz2_benchmark(d, 2);
  parsimony::surrogate::Observations observations{d, {}, {}};
  for (const Trial& trial : random_history(bench, n)) {
    observations.points.insert(observations.points.end(), trial.point.begin(), trial.point.end());
    observations.values.push_back(trial.objectives[0]);
  }
  const parsimony::surrogate::GaussianProcess process(observations,
                                                      {std::vector<double>(26, 2.0), 0.01, 1.0});
  std::vector<float> points(256 * 26, 0.3f), mean(256), deviation(256);
  for (auto _ : state) {
    process.posterior_fast(points, mean, deviation);
    benchmark::DoNotOptimize(mean.data());
  }
}
BENCHMARK(posterior_of_256_states)->Unit(benchmark::kMicrosecond);

void normals_of_one_direction(benchmark::State& state) {
  std::vector<float> numbers(2 * 64 * 26);
  for (auto _ : state) {
    fill_normals(1, 2, numbers);
    benchmark::DoNotOptimize(numbers.data());
  }
}
BENCHMARK(normals_of_one_direction)->Unit(benchmark::kMicrosecond);

}  // namespace
