#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/base/thread_pool.hpp"
#include "parsimony/solver/ars_options.hpp"
#include "parsimony/solver/ars_policy.hpp"
#include "parsimony/solver/ars_reward.hpp"

namespace parsimony::solver {

/// One of the competing policies and the point its rollouts start from.
struct Agent {
  Point start;
  std::vector<float> parameters;  ///< θ
};

/// States visited in rollouts, snapped, with their rewards.
struct VisitedStates {
  std::vector<double> points;  ///< [n, d] row by row
  std::vector<float> rewards;  ///< [n]
  std::vector<int> agents;     ///< [n] whose
};

/// What every draw of one training depends on.
struct TrainingKey {
  std::uint64_t seed = 1;
  std::uint64_t trial = 1;
};

/// One agent for each start, with its first parameters.
std::vector<Agent> make_agents(const std::vector<Point>& starts, const PolicyForm& form,
                               const ArsOptions& options, const TrainingKey& key);

/// One training step of every agent: N directions, 2N rollouts over H states, the update by the best of them
/// (Algorithm 1, eq. 3 to 6; rewards divided by the population standard deviation of the 2k used ones as in
/// the authors' ARS code; no update where it is below 1e-12).
/// @param step     number of the step, which keys its directions
/// @param visited  null, or where the states of these rollouts go
void train_step(std::vector<Agent>& agents, const PolicyForm& form, const RewardModel& rewards,
                const ArsOptions& options, const TrainingKey& key, int step, ThreadPool& pool,
                VisitedStates* visited);

/// The H states of each agent's rollout without noise, agent by agent.
VisitedStates roll_out(const std::vector<Agent>& agents, const PolicyForm& form, const RewardModel& rewards,
                       const ArsOptions& options);

}  // namespace parsimony::solver
