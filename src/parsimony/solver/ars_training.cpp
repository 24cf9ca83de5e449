#include "parsimony/solver/ars_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
namespace parsimony::solver {
namespace {

constexpr std::size_t kDirectionsOfChunk = 32;  // 64 rollouts: at a horizon of 4 one batch of 256 states
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

using Starts = std::span<const std::uint32_t>;

/// One chunk: some directions of one agent, walked, then scored in one batch.
class Chunk {
 public:
  /// @param starts  of all N directions in the table
  Chunk(const Agent& agent, const PolicyForm& form, const ArsOptions& options, Starts starts,
        std::size_t first)
      : agent_(agent),
        form_(form),
        options_(options),
        first_(first),
        starts_(starts.subspan(first, std::min(kDirectionsOfChunk, starts.size() - first))) {}

  /// States in the order direction, sign (+ before −), step: [2·count·H, d].
  void walk_all(const DirectionTable& table) {
    const std::size_t of_rollout = static_cast<std::size_t>(options_.horizon * form_.d);
    std::vector<float> moved(form_.parameter_count()), walked(of_rollout);
    const auto noise = static_cast<float>(options_.noise);
    states.resize(2 * starts_.size() * of_rollout);
    auto place = states.begin();
    for (const std::uint32_t start : starts_) {
      const std::span<const float> direction = table.slice(start);
      for (const float sign : {noise, -noise}) {
        for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = agent_.parameters[i] + sign * direction[i];
        walk(form_, moved, agent_.start, walked);
        place = std::copy(walked.begin(), walked.end(), place);
      }
    }
  }

  void score(const RewardModel& model, std::size_t agent) {
    rewards.resize(2 * starts_.size() * static_cast<std::size_t>(options_.horizon));
    model.score(states, rewards, agent);
  }

  /// @param sums  [N] of which this chunk's are filled
  void sum_into(std::span<DirectionRewards> sums) const {
    const float* reward = rewards.data();
    for (DirectionRewards& sum : sums.subspan(first_, starts_.size())) {
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
  std::size_t first_;
  Starts starts_;
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
            const DirectionTable& table, Starts starts) {
  const std::vector<std::size_t> used = top_directions(rewards, options.top_share);
  const double deviation = deviation_of(rewards, used);
  if (!(deviation >= kLeastDeviation)) return;
  for (const std::size_t k : used) {
    const std::span<const float> direction = table.slice(starts[k]);
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

Trainer::Trainer(const PolicyForm& form, const RewardModel& rewards, const ArsOptions& options,
                 const TrainingKey& key, ThreadPool& pool)
    : form_(form),
      rewards_(rewards),
      options_(options),
      key_(key),
      pool_(pool),
      table_(key_of(key, "ars-table", 0, 0), form.parameter_count(), pool) {}

std::vector<std::uint32_t> Trainer::starts_of(std::size_t agent, int number) const {
  return table_.starts(key_of(key_, "ars-directions", agent, number), options_.directions);
}

std::vector<std::vector<float>> Trainer::directions_of(std::size_t agent, int number) const {
  std::vector<std::vector<float>> directions;
  for (const std::uint32_t start : starts_of(agent, number)) {
    const std::span<const float> slice = table_.slice(start);
    directions.emplace_back(slice.begin(), slice.end());
  }
  return directions;
}

void Trainer::step(std::vector<Agent>& agents, int number, VisitedStates* visited) const {
  const auto directions = static_cast<std::size_t>(options_.directions);
  const std::size_t chunks = (directions + kDirectionsOfChunk - 1) / kDirectionsOfChunk;
  std::vector<std::vector<std::uint32_t>> starts;
  for (std::size_t agent = 0; agent < agents.size(); ++agent) starts.push_back(starts_of(agent, number));
  std::vector<std::vector<DirectionRewards>> sums(agents.size(), std::vector<DirectionRewards>(directions));
  std::vector<VisitedStates> seen(visited ? agents.size() * chunks : 0);

  pool_.for_each_chunk(static_cast<std::int64_t>(agents.size() * chunks), [&](std::int64_t index) {
    const std::size_t agent = static_cast<std::size_t>(index) / chunks,
                      part = static_cast<std::size_t>(index) % chunks;
    Chunk chunk(agents[agent], form_, options_, starts[agent], part * kDirectionsOfChunk);
    chunk.walk_all(table_);
    chunk.score(rewards_, agent);
    chunk.sum_into(sums[agent]);
    if (visited)
      seen[static_cast<std::size_t>(index)] = {std::move(chunk.states), std::move(chunk.rewards), {}};
  });

  for (std::size_t agent = 0; agent < agents.size(); ++agent)
    update(agents[agent], sums[agent], options_, table_, starts[agent]);
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
  const auto horizon = static_cast<std::size_t>(options.horizon), d = static_cast<std::size_t>(form.d);
  for (std::size_t agent = 0; agent < agents.size(); ++agent)
    rewards.score(std::span(visited.points).subspan(agent * horizon * d, horizon * d),
                  std::span(visited.rewards).subspan(agent * horizon, horizon), agent);
  return visited;
}

}  // namespace parsimony::solver
