#include "parsimony/solver/ars_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "parsimony/solver/keyed_normals.hpp"

namespace parsimony::solver {
namespace {

constexpr int kDirectionsOfChunk = 32;  // 64 rollouts: at a horizon of 4 one batch of 256 states
constexpr double kLeastDeviation = 1e-12;

std::uint64_t key_of(const TrainingKey& key, std::string_view purpose, std::size_t agent, int step) {
  return RandomStream(key.seed, key.trial, purpose,
                      static_cast<std::uint64_t>(agent) << 32 | static_cast<std::uint32_t>(step))
      .bits();
}

/// The summed rewards of one direction's two rollouts.
struct DirectionRewards {
  float plus = 0.0f, minus = 0.0f;
  float better() const { return std::max(plus, minus); }
};

/// One chunk: some directions of one agent, walked, then scored in one batch.
class Chunk {
 public:
  Chunk(const Agent& agent, const PolicyForm& form, const ArsOptions& options, std::uint64_t key, int first)
      : agent_(agent),
        form_(form),
        options_(options),
        key_(key),
        first_(first),
        count_(std::min(kDirectionsOfChunk, options.directions - first)) {}

  /// States in the order direction, sign (+ before −), step: [2·count·H, d].
  void walk_all() {
    const std::size_t of_rollout = static_cast<std::size_t>(options_.horizon * form_.d);
    std::vector<float> direction(form_.parameter_count()), moved(form_.parameter_count());
    std::vector<float> walked(of_rollout);
    const auto noise = static_cast<float>(options_.noise);
    for (int k = 0; k < count_; ++k) {
      fill_normals(key_, static_cast<std::uint64_t>(first_ + k), direction);
      for (const float sign : {noise, -noise}) {
        for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = agent_.parameters[i] + sign * direction[i];
        walk(form_, moved, agent_.start, walked);
        states.insert(states.end(), walked.begin(), walked.end());
      }
    }
  }

  void score(const RewardModel& model) {
    rewards.resize(static_cast<std::size_t>(2 * count_ * options_.horizon));
    model.score(states, rewards);
  }

  /// @param sums  [N] of which this chunk's are filled
  void sum_into(std::span<DirectionRewards> sums) const {
    const float* reward = rewards.data();
    for (int k = 0; k < count_; ++k) {
      DirectionRewards& sum = sums[static_cast<std::size_t>(first_ + k)];
      for (int h = 0; h < options_.horizon; ++h) sum.plus += *reward++;
      for (int h = 0; h < options_.horizon; ++h) sum.minus += *reward++;
    }
  }

  std::vector<double> states;
  std::vector<float> rewards;

 private:
  const Agent& agent_;
  const PolicyForm& form_;
  const ArsOptions& options_;
  std::uint64_t key_;
  int first_, count_;
};

/// The directions of the greatest max(r₊, r₋), the lower number first among equals.
std::vector<std::size_t> top_directions(std::span<const DirectionRewards> rewards, double share) {
  const auto n = rewards.size();
  const auto k =
      std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(share * static_cast<double>(n))));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rewards[a].better() > rewards[b].better(); });
  order.resize(std::min(k, n));
  return order;
}

/// Population standard deviation of the 2k used rewards.
double deviation_of(std::span<const DirectionRewards> rewards, const std::vector<std::size_t>& used) {
  double sum = 0.0, squares = 0.0;
  const double count = 2.0 * static_cast<double>(used.size());
  for (const std::size_t k : used)
    sum += static_cast<double>(rewards[k].plus) + static_cast<double>(rewards[k].minus);
  for (const std::size_t k : used)
    squares += std::pow(rewards[k].plus - sum / count, 2) + std::pow(rewards[k].minus - sum / count, 2);
  return std::sqrt(squares / count);
}

/// θ ← θ + α/(k σ_R) Σ (r₊ − r₋) φ over the used directions (eq. 6).
void update(Agent& agent, std::span<const DirectionRewards> rewards, const ArsOptions& options,
            std::uint64_t key) {
  const std::vector<std::size_t> used = top_directions(rewards, options.top_share);
  const double deviation = deviation_of(rewards, used);
  if (!(deviation >= kLeastDeviation)) return;
  std::vector<float> direction(agent.parameters.size());
  for (const std::size_t k : used) {
    fill_normals(key, k, direction);
    const auto factor =
        static_cast<float>(options.learning_rate / (static_cast<double>(used.size()) * deviation) *
                           (rewards[k].plus - rewards[k].minus));
    for (std::size_t i = 0; i < direction.size(); ++i) agent.parameters[i] += factor * direction[i];
  }
}

}  // namespace

std::vector<Agent> make_agents(const std::vector<Point>& starts, const PolicyForm& form,
                               const ArsOptions& options, const TrainingKey& key) {
  std::vector<Agent> agents;
  for (const Point& start : starts)
    agents.push_back(
        {start, initial_parameters(form, options, key_of(key, "ars-policy", agents.size(), 0), 0)});
  return agents;
}

void train_step(std::vector<Agent>& agents, const PolicyForm& form, const RewardModel& rewards,
                const ArsOptions& options, const TrainingKey& key, int step, ThreadPool& pool,
                VisitedStates* visited) {
  const std::size_t chunks =
      static_cast<std::size_t>((options.directions + kDirectionsOfChunk - 1) / kDirectionsOfChunk);
  std::vector<std::vector<DirectionRewards>> sums(
      agents.size(), std::vector<DirectionRewards>(static_cast<std::size_t>(options.directions)));
  std::vector<VisitedStates> seen(visited ? agents.size() * chunks : 0);

  pool.for_each_chunk(static_cast<std::int64_t>(agents.size() * chunks), [&](std::int64_t index) {
    const std::size_t agent = static_cast<std::size_t>(index) / chunks,
                      part = static_cast<std::size_t>(index) % chunks;
    Chunk chunk(agents[agent], form, options, key_of(key, "ars-directions", agent, step),
                static_cast<int>(part) * kDirectionsOfChunk);
    chunk.walk_all();
    chunk.score(rewards);
    chunk.sum_into(sums[agent]);
    if (visited)
      seen[static_cast<std::size_t>(index)] = {std::move(chunk.states), std::move(chunk.rewards), {}};
  });

  for (std::size_t agent = 0; agent < agents.size(); ++agent)
    update(agents[agent], sums[agent], options, key_of(key, "ars-directions", agent, step));
  for (std::size_t index = 0; index < seen.size(); ++index) {
    visited->points.insert(visited->points.end(), seen[index].points.begin(), seen[index].points.end());
    visited->rewards.insert(visited->rewards.end(), seen[index].rewards.begin(), seen[index].rewards.end());
    visited->agents.insert(visited->agents.end(), seen[index].rewards.size(),
                           static_cast<int>(index / chunks));
  }
}

VisitedStates roll_out(const std::vector<Agent>& agents, const PolicyForm& form, const RewardModel& rewards,
                       const ArsOptions& options) {
  VisitedStates visited;
  std::vector<float> walked(static_cast<std::size_t>(options.horizon * form.d));
  for (std::size_t agent = 0; agent < agents.size(); ++agent) {
    walk(form, agents[agent].parameters, agents[agent].start, walked);
    visited.points.insert(visited.points.end(), walked.begin(), walked.end());
    visited.agents.insert(visited.agents.end(), static_cast<std::size_t>(options.horizon),
                          static_cast<int>(agent));
  }
  visited.rewards.resize(visited.agents.size());
  rewards.score(visited.points, visited.rewards);
  return visited;
}

}  // namespace parsimony::solver
