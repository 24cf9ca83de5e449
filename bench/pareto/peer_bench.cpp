// Rows for the peer scripts beside this file: they write the points, and name the file in PARSIMONY_POINTS.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <numeric>

#include "parsimony/pareto/contributions.hpp"
#include "parsimony/pareto/dominance.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace {

struct Points {
  std::int64_t n = 0, m = 0;
  std::vector<double> values;  // [n, m]
};

/// n and m as int64, then n·m doubles, all in the machine's byte order.
Points read(const char* path) {
  Points points;
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(&points.n), sizeof points.n);
  file.read(reinterpret_cast<char*>(&points.m), sizeof points.m);
  points.values.resize(static_cast<std::size_t>(points.n * points.m));
  file.read(reinterpret_cast<char*>(points.values.data()),
            static_cast<std::streamsize>(points.values.size() * sizeof(double)));
  return points;
}

/// `answer` is what the peer's answer is held against.
template <class Task>
void run(benchmark::State& state, const Points& points, Task task) {
  double answer = 0.0;
  for (auto _ : state) benchmark::DoNotOptimize(answer = task(points));
  state.counters["answer"] = answer;
}

double volume(const Points& points) {
  return parsimony::pareto::hypervolume(points.values,
                                        std::vector<double>(static_cast<std::size_t>(points.m), 1.1));
}

double sum_of_contributions(const Points& points) {
  const std::vector<double> contributions = parsimony::pareto::hypervolume_contributions(
      points.values, std::vector<double>(static_cast<std::size_t>(points.m), 1.1));
  return std::accumulate(contributions.begin(), contributions.end(), 0.0);
}

double sum_of_ranks(const Points& points) {
  const std::vector<int> ranks =
      parsimony::pareto::non_dominated_ranks(points.values, static_cast<int>(points.m));
  return static_cast<double>(std::accumulate(ranks.begin(), ranks.end(), std::int64_t{0}));
}

[[maybe_unused]] const bool kRegistered = [] {
  const char* path = std::getenv("PARSIMONY_POINTS");
  if (path == nullptr) return false;
  const Points points = read(path);
  benchmark::RegisterBenchmark("peer_hypervolume", run<decltype(&volume)>, points, &volume);
  benchmark::RegisterBenchmark("peer_contributions", run<decltype(&sum_of_contributions)>, points,
                               &sum_of_contributions);
  benchmark::RegisterBenchmark("peer_ranks", run<decltype(&sum_of_ranks)>, points, &sum_of_ranks);
  return true;
}();

}  // namespace
