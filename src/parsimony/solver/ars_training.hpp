#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/base/thread_pool.hpp"
#include "parsimony/solver/ars_directions.hpp"
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

/// The training of agents (Algorithm 1, eq. 3 to 6). Keeps references to everything it is given.
class Trainer {
 public:
  Trainer(const PolicyForm& form, const RewardModel& rewards, const ArsOptions& options,
          const TrainingKey& key, ThreadPool& pool);

  /// One training step of every agent: N directions, 2N rollouts over H states, the update by the best of
  /// them; rewards divided by the population standard deviation of the 2k used ones as in the authors' ARS
  /// code; no update where it is below 1e-12.
  /// @param number   of the step, which keys its directions
  /// @param visited  null, or where the states of these rollouts go
  void step(std::vector<Agent>& agents, int number, VisitedStates* visited) const;

  /// The directions φ of an agent's step: [N][parameters].
  std::vector<std::vector<float>> directions_of(std::size_t agent, int number) const;

 private:
  std::vector<std::uint32_t> starts_of(std::size_t agent, int number) const;

  const PolicyForm& form_;
  const RewardModel& rewards_;
  const ArsOptions& options_;
  const TrainingKey& key_;
  ThreadPool& pool_;
  DirectionTable table_;
};

/// The H states of each agent's rollout without noise, agent by agent.
VisitedStates roll_out(const std::vector<Agent>& agents, const PolicyForm& form, const RewardModel& rewards,
                       const ArsOptions& options);

}  // namespace parsimony::solver
