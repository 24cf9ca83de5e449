#include "parsimony/solver/ars_training.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/keyed_normals.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

/// A fitted model of a random history, and a reward built on it.
struct Scene {
  explicit Scene(const Benchmark& bench, int rows, int samples, std::uint64_t seed = 1)
      : problem(bench.problem), pool(1) {
    std::vector<Trial> history;
    for (const auto& point : initial_design(problem, rows, seed))
      history.push_back(evaluated(bench, static_cast<int>(history.size()) + 1, point, ""));
    evidence = std::make_unique<Evidence>(problem, history);
    BeliefOptions floored;  // single precision bears this noise, so rewards are those of the belief itself
    floored.noise = BeliefOptions::Noise::botorch;
    belief = fit_belief(problem, *evidence, history, floored, pool);
    RandomStream stream(seed, 1, "test");
    scalarisation =
        scalarisation_of(*evidence, draw_weights(static_cast<int>(problem.objectives.size()), stream), false);
    best = best_feasible(*evidence, scalarisation);
    base = draw_base_samples(samples, static_cast<int>(belief.objectives.size() + belief.constraints.size()),
                             stream);
    rewards = std::make_unique<RewardModel>(problem, belief, std::vector<Goal>{{scalarisation, best}}, base);
  }
  Problem problem;
  ThreadPool pool;
  std::unique_ptr<Evidence> evidence;
  Belief belief;
  Scalarisation scalarisation;
  double best = 0.0;
  std::vector<float> base;
  std::unique_ptr<RewardModel> rewards;
};

/// SEMANTICS section 4, word by word, in double precision.
double reward_by_definition(const Scene& scene, const Point& point, std::size_t samples) {
  const Quantities quantities(scene.problem);
  Costs costs;
  if (scene.problem.costs.exact) costs = scene.problem.costs.exact(point);
  double excess = 0.0;
  for (const double value : costs.constraints) excess += std::max(0.0, value);
  if (excess > 0.0) return -1e-3 * (1.0 + excess);
  std::vector<double> objectives(scene.problem.objectives.size());
  for (std::size_t k = 0; k < quantities.computed_objectives.size(); ++k)
    objectives[quantities.computed_objectives[k]] = costs.objectives[k];
  double sum = 0.0;
  for (std::size_t i = 0; i < samples; ++i) {
    double mean = 0.0, variance = 0.0, broken = 0.0;
    std::size_t column = 0;
    for (std::size_t k = 0; k < quantities.measured_objectives.size(); ++k, ++column) {
      scene.belief.objectives[k].process.posterior(point, {&mean, 1}, {&variance, 1});
      objectives[quantities.measured_objectives[k]] = scene.belief.objectives[k].warp.invert(
          mean + std::sqrt(variance) * scene.base[column * samples + i]);
    }
    for (std::size_t k = 0; k < quantities.measured_constraints.size(); ++k, ++column) {
      scene.belief.constraints[k].process.posterior(point, {&mean, 1}, {&variance, 1});
      broken += std::max(0.0, (mean + std::sqrt(variance) * scene.base[column * samples + i]) /
                                  scene.belief.constraints[k].process.standardisation().deviation);
    }
    const double gain = scene.best - scene.scalarisation(objectives);
    sum += broken > 0.0 ? -1e-3 * (1.0 + broken) : gain > 0.0 ? gain : 1e-3 * gain;
  }
  return sum / static_cast<double>(samples);
}

TEST(RewardModel, IsWhatSemanticsSays) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 25; ++repeat) {
    const Benchmark bench = random_benchmark(stream);
    const Scene scene(bench, 15, 32, stream.bits());
    const auto d = static_cast<std::size_t>(bench.problem.space.dimension());
    const std::size_t count = 70;  // more than one tile
    std::vector<double> states(count * d);
    for (double& coordinate : states) coordinate = stream.uniform();
    std::vector<float> rewards(count);
    scene.rewards->score(states, rewards);
    for (std::size_t i = 0; i < count; ++i) {
      const Point point(states.begin() + static_cast<std::ptrdiff_t>(i * d),
                        states.begin() + static_cast<std::ptrdiff_t>((i + 1) * d));
      EXPECT_EQ(bench.problem.space.snap(point), point);
      EXPECT_NEAR(rewards[i], reward_by_definition(scene, point, 32), 2e-3);
    }
  }
}

TEST(RewardModel, GivesEachAgentItsGoal) {
  const Scene scene(deployment_toy(3), 20, 16);
  std::vector<Goal> goals;
  for (const std::vector<double>& weights :
       {std::vector{0.7, 0.1, 0.1, 0.1}, std::vector{0.1, 0.2, 0.3, 0.4}}) {
    goals.push_back({scalarisation_of(*scene.evidence, weights, false), 0.0});
    goals.back().best = best_feasible(*scene.evidence, goals.back().scalarisation);
  }
  const RewardModel both(scene.problem, scene.belief, goals, scene.base);
  RandomStream stream(1, 0, "test");
  std::vector<double> states(50 * 5);
  for (double& coordinate : states) coordinate = stream.uniform();
  for (const std::size_t agent : {0u, 1u, 2u, 3u}) {
    const RewardModel alone(scene.problem, scene.belief, {goals[agent % 2]}, scene.base);
    std::vector<float> of_both(50), of_alone(50);
    both.score(states, of_both, agent);
    alone.score(states, of_alone);
    EXPECT_EQ(of_both, of_alone);
  }
}

TEST(BaseSamples, AreNormalAndTheSameForAllStates) {
  RandomStream stream(1, 0, "test");
  const std::vector<float> samples = draw_base_samples(64, 4, stream);
  ASSERT_EQ(samples.size(), 256u);
  for (std::size_t column = 0; column < 4; ++column) {
    double mean = 0.0, square = 0.0;
    for (std::size_t i = 0; i < 64; ++i) {
      mean += samples[column * 64 + i] / 64.0;
      square += samples[column * 64 + i] * samples[column * 64 + i] / 64.0;
    }
    EXPECT_NEAR(mean, 0.0, 0.03);  // chance alone: 0.125
    EXPECT_NEAR(square, 1.0, 0.12);
  }
}

TEST(Walk, StaysInTheCubeAndStandsStillWithZeroOutput) {
  const PolicyForm form{5, false, 3.0f};
  std::vector<float> parameters(form.parameter_count());
  fill_normals(1, 1, parameters);
  const Point start{0.1, 0.9, 0.5, 0.0, 1.0};
  std::vector<float> states(20 * 5);
  walk(form, parameters, start, states);
  for (const float x : states) EXPECT_TRUE(x >= 0.0f && x <= 1.0f);
  std::fill(parameters.begin() + static_cast<std::ptrdiff_t>(parameters.size() / 2), parameters.end(), 0.0f);
  walk(form, parameters, start, states);
  for (std::size_t i = 0; i < states.size(); ++i)
    EXPECT_FLOAT_EQ(states[i], static_cast<float>(start[i % 5]));
}

TEST(Walk, IsTheTwoLayersOfThePaper) {
  for (const bool rectified : {false, true}) {
    const PolicyForm form{3, rectified, 0.7f};
    std::vector<float> theta(form.parameter_count());
    fill_normals(2, 1, theta);
    for (float& parameter : theta) parameter *= 0.2f;
    const Point start{0.3, 0.6, 0.5};
    std::vector<float> states(2 * 3);
    walk(form, theta, start, states);
    std::vector<double> x = start;
    for (std::size_t h = 0; h < 2; ++h) {
      std::vector<double> action(3, 0.0);
      for (std::size_t u = 0; u < 64; ++u) {
        double sum = 0.0;
        for (std::size_t i = 0; i < 3; ++i)
          sum += static_cast<double>(theta[i * 64 + u]) * (2.0 * x[i] - 1.0);
        const double hidden = rectified ? std::max(0.0, sum) : std::tanh(sum);
        for (std::size_t i = 0; i < 3; ++i) action[i] += static_cast<double>(theta[192 + u * 3 + i]) * hidden;
      }
      for (std::size_t i = 0; i < 3; ++i) {
        x[i] = std::clamp(x[i] + static_cast<double>(0.7f) * action[i], 0.0, 1.0);
        EXPECT_NEAR(states[h * 3 + i], x[i], 1e-5);
      }
    }
  }
}

TEST(InitialParameters, AreRandomThenZeroAndAllZeroInThePaperPreset) {
  const PolicyForm form{16, false, 1.0f};
  const std::vector<float> standard = initial_parameters(form, ArsOptions(), 1, 0);
  double square = 0.0;
  for (std::size_t i = 0; i < 1024; ++i) square += standard[i] * standard[i] / 1024.0;
  EXPECT_NEAR(square, 1.0 / 16.0, 0.01);
  EXPECT_TRUE(std::all_of(standard.begin() + 1024, standard.end(), [](float x) { return x == 0.0f; }));
  for (const float x : initial_parameters(form, ars_options_of_paper(), 1, 0)) EXPECT_EQ(x, 0.0f);
}

double reward_of_rollouts(const Scene& scene, const std::vector<Agent>& agents, const PolicyForm& form,
                          const ArsOptions& options) {
  double sum = 0.0;
  for (const float reward : roll_out(agents, form, *scene.rewards, options).rewards) sum += reward;
  return sum;
}

TEST(TrainStep, IncreasesTheRewardOfTheRolloutsWithoutNoise) {
  ArsOptions options;
  int better = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Scene scene(dtlz2_benchmark(6, 2), 30, 64, seed);
    const PolicyForm form = policy_form(6, options);
    RandomStream stream(seed, 0, "test");
    const TrainingKey key{seed, 31};
    std::vector<Agent> agents = make_agents(
        choose_starts(scene.problem, *scene.evidence, scene.scalarisation, 5, stream), form, options, key);
    const double before = reward_of_rollouts(scene, agents, form, options);
    const Trainer trainer(form, *scene.rewards, options, key, scene.pool);
    for (int step = 0; step < 5; ++step) trainer.step(agents, step, nullptr);
    better += reward_of_rollouts(scene, agents, form, options) > before;
  }
  EXPECT_EQ(better, 5);
}

TEST(TrainStep, LearnsWithRectifiersFromZeroButNeverWithAnOddActivation) {
  // Taken literally, both layers at zero: θ + νφ and θ − νφ act alike unless the activation is not odd.
  for (const bool rectified : {true, false}) {
    Scene scene(dtlz2_benchmark(4, 2), 20, 16);
    ArsOptions options = ars_options_of_paper();
    options.directions = 50;
    options.top_share = 0.1;
    const PolicyForm form{4, rectified, 100.0f};
    std::vector<Agent> agents = make_agents({{0.5, 0.5, 0.4, 0.6}}, form, options, {1, 21});
    const TrainingKey key{1, 21};
    const Trainer trainer(form, *scene.rewards, options, key, scene.pool);
    for (int step = 0; step < 3; ++step) trainer.step(agents, step, nullptr);
    const bool moved = std::any_of(agents[0].parameters.begin(), agents[0].parameters.end(),
                                   [](float x) { return std::abs(x) > 1e-7f; });
    EXPECT_EQ(moved, rectified);
  }
}

TEST(TrainStep, MovesAlongTheUsedDirectionsByEquation6) {
  Scene scene(dtlz2_benchmark(4, 2), 20, 16);
  ArsOptions options;
  options.directions =
      1;  // the update is then α(r₊ − r₋)/σ·φ, and with two rewards σ = |r₊ − r₋|/2: 2α along ±φ
  const PolicyForm form = policy_form(4, options);
  std::vector<Agent> agents = make_agents({{0.5, 0.5, 0.4, 0.6}}, form, options, {1, 21});
  const std::vector<float> before = agents[0].parameters;
  const TrainingKey key{1, 21};
  Trainer(form, *scene.rewards, options, key, scene.pool).step(agents, 0, nullptr);
  double square = 0.0;
  for (std::size_t i = 0; i < before.size(); ++i) square += std::pow(agents[0].parameters[i] - before[i], 2);
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(before.size())), 2.0 * options.learning_rate,
              0.15 * options.learning_rate);
}

TEST(TrainStep, LeavesParametersAloneWhereAllRewardsAreEqual) {
  Benchmark bench = deployment_toy(3);  // everything computed and constant
  for (auto& objective : bench.problem.objectives) objective.source = Source::computed;
  bench.problem.costs = costs_by([](std::span<const double>) { return Costs{{1, 1, 1, 1}, {-1, -1}}; }, 5);
  bench.evaluate = [](std::span<const double>) { return Outcome{{1, 1, 1, 1}, {-1, -1}}; };
  Scene scene(bench, 5, 16);
  ArsOptions options;
  const PolicyForm form = policy_form(5, options);
  std::vector<Agent> agents = make_agents({{0.5, 0.5, 0.4, 0.6, 0.1}}, form, options, {1, 6});
  const std::vector<float> before = agents[0].parameters;
  const TrainingKey key{1, 6};
  Trainer(form, *scene.rewards, options, key, scene.pool).step(agents, 0, nullptr);
  EXPECT_EQ(agents[0].parameters, before);
}

TEST(TrainStep, GivesTheSameBitsForAnyNumberOfThreads) {
  for (const bool computed : {false, true}) {
    const Benchmark bench = computed ? deployment_toy(4) : dtlz2_benchmark(6, 3);
    Scene scene(bench, 25, 16);
    ArsOptions options;
    options.directions = 150;
    options.horizon = 3;
    const PolicyForm form = policy_form(6, options);
    const TrainingKey key{1, 26};
    std::vector<Agent> first;
    VisitedStates first_visited;
    for (const int threads : {1, 2, 3}) {
      ThreadPool pool(threads);
      std::vector<Agent> agents =
          make_agents({scene.evidence->points[0], scene.evidence->points[1]}, form, options, key);
      VisitedStates visited;
      const Trainer trainer(form, *scene.rewards, options, key, pool);
      for (int step = 0; step < 3; ++step) trainer.step(agents, step, step == 2 ? &visited : nullptr);
      if (threads == 1) first = agents, first_visited = visited;
      for (std::size_t k = 0; k < agents.size(); ++k) EXPECT_EQ(agents[k].parameters, first[k].parameters);
      EXPECT_EQ(visited.points, first_visited.points);
      EXPECT_EQ(visited.rewards, first_visited.rewards);
    }
  }
}

/// One step of one agent as Algorithm 1 has it, in double precision: rollout after rollout, state after
/// state.
std::vector<double> step_by_definition(const Scene& scene, const Agent& agent, const PolicyForm& form,
                                       const ArsOptions& options,
                                       const std::vector<std::vector<float>>& directions) {
  const std::size_t size = agent.parameters.size(), d = static_cast<std::size_t>(form.d);
  std::vector<std::array<double, 2>> sums;
  for (const std::vector<float>& direction : directions) {
    sums.push_back({});
    for (const std::size_t sign : {0u, 1u}) {
      std::vector<float> moved(size), states(static_cast<std::size_t>(options.horizon) * d);
      for (std::size_t i = 0; i < size; ++i)
        moved[i] =
            agent.parameters[i] + static_cast<float>(sign ? -options.noise : options.noise) * direction[i];
      walk(form, moved, agent.start, states);
      for (std::size_t h = 0; h < states.size(); h += d) {
        const Point state(states.begin() + static_cast<std::ptrdiff_t>(h),
                          states.begin() + static_cast<std::ptrdiff_t>(h + d));
        sums.back()[sign] += reward_by_definition(scene, scene.problem.space.snap(state), 32);
      }
    }
  }
  std::vector<std::size_t> order(sums.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::max(sums[a][0], sums[a][1]) > std::max(sums[b][0], sums[b][1]);
  });
  const auto used = static_cast<std::size_t>(options.top_share * options.directions);
  double mean = 0.0, square = 0.0;
  for (std::size_t k = 0; k < used; ++k) mean += (sums[order[k]][0] + sums[order[k]][1]) / (2.0 * used);
  for (std::size_t k = 0; k < used; ++k)
    for (const double sum : sums[order[k]]) square += (sum - mean) * (sum - mean) / (2.0 * used);
  std::vector<double> change(size, 0.0);
  for (std::size_t k = 0; k < used; ++k)
    for (std::size_t i = 0; i < size; ++i)
      change[i] += options.learning_rate / (used * std::sqrt(square)) *
                   (sums[order[k]][0] - sums[order[k]][1]) * directions[order[k]][i];
  return change;
}

TEST(TrainStep, IsAlgorithm1) {
  Scene scene(dtlz2_benchmark(5, 3), 25, 32);
  ArsOptions options;
  options.directions = 40;
  options.top_share = 1.0;  // all are used, so that the order of two nearly equal ones does not matter
  const PolicyForm form = policy_form(5, options);
  const TrainingKey key{1, 26};
  std::vector<Agent> agents = make_agents({scene.evidence->points[3]}, form, options, key);
  const Agent before = agents[0];
  VisitedStates visited;
  const Trainer trainer(form, *scene.rewards, options, key, scene.pool);
  trainer.step(agents, 0, &visited);
  const std::vector<double> change =
      step_by_definition(scene, before, form, options, trainer.directions_of(0, 0));
  double difference = 0.0, length = 0.0;
  for (std::size_t i = 0; i < change.size(); ++i) {
    difference += std::pow(agents[0].parameters[i] - before.parameters[i] - change[i], 2);
    length += std::pow(change[i], 2);
  }
  EXPECT_LT(std::sqrt(difference / length), 0.02);
}

TEST(TrainStep, VisitsExactlyTwoRolloutsOfHStatesADirection) {
  Scene scene(dtlz2_benchmark(4, 2), 20, 16);
  ArsOptions options;
  options.directions = 45;  // not a whole number of chunks
  options.horizon = 3;
  const PolicyForm form = policy_form(4, options);
  std::vector<Agent> agents =
      make_agents({{0.5, 0.5, 0.4, 0.6}, {0.2, 0.2, 0.2, 0.2}}, form, options, {1, 21});
  VisitedStates visited;
  const TrainingKey key{1, 21};
  Trainer(form, *scene.rewards, options, key, scene.pool).step(agents, 0, &visited);
  EXPECT_EQ(visited.rewards.size(), 2u * 2 * 45 * 3);
  EXPECT_EQ(visited.points.size(), visited.rewards.size() * 4);
  EXPECT_EQ(std::count(visited.agents.begin(), visited.agents.end(), 1), 2 * 45 * 3);
}

}  // namespace
}  // namespace parsimony::solver
