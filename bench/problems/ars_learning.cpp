// Do the policies of `ars` learn? Prints the reward of their rollouts without noise after each training step,
// beside that of random policies as far from the same beginning: parameters θ₀ + ‖θ − θ₀‖·u, u uniform on the
// sphere.
//
//   ars_learning [steps]  > learning.csv
//
// Rewards are those of one state (Chebyshev improvement over the best seen, SEMANTICS section 4): means over
// all states of the five agents' rollouts, and the best state, which would be proposed. `random` is the mean
// of 64 sets of five random policies, `random_best` the mean of the 64 best states.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "parsimony/problems/benchmark_problem.hpp"
#include "parsimony/solver/ars_starts.hpp"
#include "parsimony/solver/ars_training.hpp"
#include "parsimony/solver/initial_design.hpp"

namespace {

using namespace parsimony;
using namespace parsimony::solver;

constexpr int kRows = 30;  // of a Latin hypercube
constexpr int kSets = 64;

std::vector<Trial> random_history(const problems::BenchmarkProblem& benchmark, std::uint64_t seed) {
  std::vector<Trial> history;
  for (const Point& point : initial_design(benchmark.problem, kRows, seed)) {
    Trial trial;
    trial.number = static_cast<int>(history.size()) + 1;
    trial.point = point;
    const problems::Outcome outcome = benchmark.evaluate(point);
    trial.objectives = outcome.objectives;
    trial.constraints = outcome.constraints;
    history.push_back(trial);
  }
  return history;
}

struct Rewards {
  double mean = 0.0, best = 0.0;
};

Rewards rewards_of(const VisitedStates& visited) {
  Rewards rewards{0.0, *std::max_element(visited.rewards.begin(), visited.rewards.end())};
  for (const float reward : visited.rewards)
    rewards.mean += reward / static_cast<double>(visited.rewards.size());
  return rewards;
}

/// The agent as far from its beginning as it is now, in a random direction.
Agent scattered(const Agent& agent, const Agent& beginning, RandomStream& stream) {
  Agent random = beginning;
  std::vector<double> direction(agent.parameters.size());
  double distance = 0.0, length = 0.0;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    distance += std::pow(agent.parameters[i] - beginning.parameters[i], 2);
    length += std::pow(direction[i] = stream.normal(), 2);
  }
  for (std::size_t i = 0; i < direction.size(); ++i)
    random.parameters[i] += static_cast<float>(std::sqrt(distance / length) * direction[i]);
  return random;
}

float best_of_uniform(const RewardModel& rewards, int count, int d, RandomStream& stream) {
  std::vector<double> states(static_cast<std::size_t>(count * d));
  for (double& coordinate : states) coordinate = stream.uniform();
  std::vector<float> found(static_cast<std::size_t>(count));
  rewards.score(states, found);
  return *std::max_element(found.begin(), found.end());
}

void study(const std::string& name, const problems::ProblemOptions& choices, std::uint64_t seed, int steps) {
  const problems::BenchmarkProblem benchmark = problems::make_problem(name, choices);
  const Problem& problem = benchmark.problem;
  const std::vector<Trial> history = random_history(benchmark, seed);
  const Evidence evidence(problem, history);
  ThreadPool pool(1);
  const ArsOptions options;
  const Belief belief = fit_belief(problem, evidence, history, options.belief, pool);
  const TrainingKey key{seed, kRows + 1};
  RandomStream stream(key.seed, key.trial, "ars-learning");
  const Scalarisation scalarisation =
      scalarisation_of(evidence, draw_weights(static_cast<int>(problem.objectives.size()), stream), false);
  const RewardModel rewards(
      problem, belief, {{scalarisation, best_feasible(evidence, scalarisation)}},
      draw_base_samples(options.base_samples, static_cast<int>(belief.objectives.size()), stream));
  const PolicyForm form = policy_form(problem.space.dimension(), options);
  std::vector<Agent> agents = make_agents(
      choose_starts(problem, evidence, scalarisation, options.agents, stream), form, options, key);
  const std::vector<Agent> beginning = agents;
  const Trainer trainer(form, rewards, options, key, pool);

  const int scored = 2 * options.directions * options.horizon * static_cast<int>(agents.size());
  float uniform = best_of_uniform(rewards, options.horizon * static_cast<int>(agents.size()), form.d, stream);
  for (int step = 0; step <= steps; ++step) {
    if (step > 0) trainer.step(agents, step - 1, nullptr);
    if (step > 0) uniform = std::max(uniform, best_of_uniform(rewards, scored, form.d, stream));
    const Rewards trained = rewards_of(roll_out(agents, form, rewards, options));
    Rewards random;
    for (int set = 0; set < kSets; ++set) {
      std::vector<Agent> others;
      for (std::size_t k = 0; k < agents.size(); ++k)
        others.push_back(scattered(agents[k], beginning[k], stream));
      const Rewards one = rewards_of(roll_out(others, form, rewards, options));
      random.mean += one.mean / kSets;
      random.best += one.best / kSets;
    }
    fmt::print("{},{},{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}\n", name, seed, step, trained.mean, random.mean,
               trained.best, random.best, uniform);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 30;
  fmt::print("problem,seed,step,trained,random,trained_best,random_best,uniform_best\n");
  for (std::uint64_t seed = 101; seed <= 105; ++seed) {
    study("dtlz1", {{"d", "6"}}, seed, steps);
    study("zdt1", {{"d", "12"}}, seed, steps);
    study("vlmop2", {}, seed, steps);
  }
}
