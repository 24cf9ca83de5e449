#include <benchmark/benchmark.h>

#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/keyed_normals.hpp"
#include "parsimony/surrogate/fit.hpp"
#include "parsimony/surrogate/posterior_batch.hpp"
#include "problems.hpp"

namespace {

using namespace parsimony;
using namespace parsimony::solver;

/// n rows of a random design.
std::vector<Trial> random_history(const Benchmark& bench, int n) {
  std::vector<Trial> history;
  for (const auto& point : initial_design(bench.problem, n, 1))
    history.push_back(evaluated(bench, static_cast<int>(history.size()) + 1, point, ""));
  return history;
}

void ask(benchmark::State& state, const Benchmark& bench, const char* preset = "default") {
  const std::vector<Trial> history = random_history(bench, 150);
  const std::string threads = std::to_string(state.range(0));
  const Solver solver = make_solver("ars", {{"preset", preset}, {"threads", threads}});
  for (auto _ : state) benchmark::DoNotOptimize(solver.ask(bench.problem, {history, {}, 1, 151, 1}));
}

/// One suggestion at d 26, n 150, m 4: 300 directions, H 4, L 5, ten training steps an agent.
void ars_ask_1_measured_3_computed(benchmark::State& state) {
  ask(state, deployment_toy(24));
}
BENCHMARK(ars_ask_1_measured_3_computed)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void ars_ask_4_measured(benchmark::State& state) {
  ask(state, dtlz2_benchmark(26, 4));
}
BENCHMARK(ars_ask_4_measured)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The same at the paper's setting, d 24: 3000 directions. Its memory is to be under 400 MB.
void ars_ask_4_measured_paper(benchmark::State& state) {
  ask(state, dtlz2_benchmark(24, 4), "paper");
}
BENCHMARK(ars_ask_4_measured_paper)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// What one training iteration of one agent needs at the paper's setting: 3000 directions, H 4, 64 base
/// samples, n 150 rows of a random design.
struct Iteration {
  Iteration(const Benchmark& bench, int threads) : problem(bench.problem), pool(threads) {
    const std::vector<Trial> history = random_history(bench, 150);
    const Evidence evidence(problem, history);
    belief = fit_belief(problem, evidence, history, options.belief, pool);
    RandomStream stream(1, 151, "bench");
    const auto m = static_cast<int>(problem.objectives.size());
    const Scalarisation scalarisation = scalarisation_of(evidence, draw_weights(m, stream), false);
    const auto columns = static_cast<int>(belief.objectives.size() + belief.constraints.size());
    rewards =
        std::make_unique<RewardModel>(problem, belief, std::vector<Goal>{{scalarisation, best_feasible(evidence, scalarisation)}},
                                      draw_base_samples(64, columns, stream));
    form = policy_form(problem.space.dimension(), options);
    agents = make_agents({evidence.points[evidence.front[0]]}, form, options, key);
    trainer = std::make_unique<Trainer>(form, *rewards, options, key, pool);
  }
  void step() { trainer->step(agents, count++, nullptr); }

  Problem problem;
  ThreadPool pool;
  ArsOptions options = ars_options_of_paper();
  Belief belief;
  std::unique_ptr<RewardModel> rewards;
  PolicyForm form;
  TrainingKey key{1, 151};
  std::vector<Agent> agents;
  std::unique_ptr<Trainer> trainer;
  int count = 0;
};

void iterate(benchmark::State& state, const Benchmark& bench) {
  Iteration iteration(bench, static_cast<int>(state.range(0)));
  for (auto _ : state) iteration.step();
}

/// One iteration of one agent at the paper's setting, d 24, m 4: all four modelled.
void ars_iteration_4_measured(benchmark::State& state) {
  iterate(state, dtlz2_benchmark(24, 4));
}
BENCHMARK(ars_iteration_4_measured)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The same with one modelled and three computed: 22 widths and two training parameters.
void ars_iteration_1_measured_3_computed(benchmark::State& state) {
  iterate(state, deployment_toy(22));
}
BENCHMARK(ars_iteration_1_measured_3_computed)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void fit_of_one_process(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0)), d = static_cast<int>(state.range(1));
  const Benchmark bench = dtlz2_benchmark(d, 2);
  surrogate::Observations observations{d, {}, {}};
  for (const Trial& trial : random_history(bench, n)) {
    observations.points.insert(observations.points.end(), trial.point.begin(), trial.point.end());
    observations.values.push_back(trial.objectives[0]);
  }
  ThreadPool pool(1);
  const surrogate::FitTask task{&observations, std::nullopt};
  for (auto _ : state) benchmark::DoNotOptimize(surrogate::fit_hyperparameters({&task, 1}, pool));
}
BENCHMARK(fit_of_one_process)->Args({60, 6})->Args({150, 26})->Unit(benchmark::kMillisecond);

void posterior_of_256_states(benchmark::State& state) {
  const int n = 150, d = 26;
  const Benchmark bench = dtlz2_benchmark(d, 2);
  surrogate::Observations observations{d, {}, {}};
  for (const Trial& trial : random_history(bench, n)) {
    observations.points.insert(observations.points.end(), trial.point.begin(), trial.point.end());
    observations.values.push_back(trial.objectives[0]);
  }
  const surrogate::GaussianProcess process(observations, {std::vector<double>(26, 2.0), 0.01, 1.0});
  std::vector<float> points(256 * 26, 0.3f), mean(256), deviation(256);
  for (auto _ : state) {
    process.posterior_fast(points, mean, deviation);
    benchmark::DoNotOptimize(mean.data());
  }
}
BENCHMARK(posterior_of_256_states)->Unit(benchmark::kMicrosecond);

void posterior_batch_of_64_states(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0)), d = 26;
  const Benchmark bench = dtlz2_benchmark(d, 2);
  surrogate::Observations observations{d, {}, {}};
  for (const Trial& trial : random_history(bench, n)) {
    observations.points.insert(observations.points.end(), trial.point.begin(), trial.point.end());
    observations.values.push_back(trial.objectives[0]);
  }
  const surrogate::GaussianProcess process(observations, {std::vector<double>(26, 2.0), 0.01, 1.0});
  const surrogate::PosteriorTables tables = process.tables();
  const surrogate::PosteriorBatch batch({&tables, 1});
  surrogate::PosteriorBatch::Workspace workspace;
  std::vector<double> points(64 * 26, 0.3);
  surrogate::TileRow mean, deviation;
  for (auto _ : state) {
    batch.moments(points, workspace, {&mean, 1}, {&deviation, 1});
    benchmark::DoNotOptimize(mean.of);
  }
}
BENCHMARK(posterior_batch_of_64_states)->Arg(150)->Arg(600)->Unit(benchmark::kMicrosecond);

void normals_of_one_direction(benchmark::State& state) {
  std::vector<float> numbers(2 * 64 * 26);
  for (auto _ : state) {
    fill_normals(1, 2, numbers);
    benchmark::DoNotOptimize(numbers.data());
  }
}
BENCHMARK(normals_of_one_direction)->Unit(benchmark::kMicrosecond);

}  // namespace
