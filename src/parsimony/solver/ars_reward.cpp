#include "parsimony/solver/ars_reward.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/space/sobol.hpp"
#include "parsimony/surrogate/normal_quantile.hpp"

namespace parsimony::solver {
namespace {

using surrogate::kTileStates;
using surrogate::TileRow;

constexpr int kLanes = 16;  // states whose samples are summed together
using Lanes = Eigen::Array<float, kLanes, 1>;

auto lanes_of(TileRow& row, std::size_t first) {
  return Eigen::Map<Lanes, Eigen::Aligned64>(row.of + first);
}

constexpr float kGreatestExponent = 60.0f;  // of a logarithm's sample: its power stays finite

/// Standardised: single precision could not hold small differences of large outcomes.
std::vector<surrogate::PosteriorTables> tables_of(const Belief& belief) {
  std::vector<surrogate::PosteriorTables> tables;
  for (const auto* group : {&belief.objectives, &belief.constraints})
    for (const BelievedQuantity& held : *group) {
      tables.push_back(held.process.with_noise(surrogate::kLeastNoise).tables());
      tables.back().scale = {};
    }
  return tables;
}

}  // namespace

std::vector<float> draw_base_samples(int count, int columns, RandomStream& stream) {
  if (columns == 0) return std::vector<float>();
  const std::vector<double> points = space::sobol_points(count, columns, stream);
  std::vector<float> samples(points.size());
  for (int row = 0; row < count; ++row)
    for (int column = 0; column < columns; ++column)
      samples[static_cast<std::size_t>(column * count + row)] = static_cast<float>(
          surrogate::normal_quantile(points[static_cast<std::size_t>(row * columns + column)]));
  return samples;
}

/// What is known of up to 64 states; the first `count` of every row count.
struct RewardModel::Tile {
  std::size_t count = 0;
  TileRow greatest, sum;  // of λ_j y_j over the computed objectives
  TileRow excess;         // Σ max(0, computed constraint)
  // Of λ_j y_j, or of the logarithm whose power becomes it; then of the measured constraints, standardised.
  std::vector<TileRow> mean, deviation;
  std::vector<float> factor, offset;  // from a power to λ_j y_j; [measured objectives]
  TileRow reward;
};

RewardModel::RewardModel(const Problem& problem, const Belief& belief, std::vector<Goal> goals,
                         std::vector<float> base_samples)
    : problem_(problem),
      quantities_(problem),
      goals_(std::move(goals)),
      posterior_(tables_of(belief)),
      base_samples_(std::move(base_samples)) {
  PARSIMONY_EXPECTS(!goals_.empty());
  for (const BelievedQuantity& held : belief.objectives) warps_.push_back(held.warp);
  for (const auto* group : {&belief.objectives, &belief.constraints})
    for (const BelievedQuantity& held : *group) scales_.push_back(held.process.standardisation());
  const std::size_t columns = posterior_.size();
  PARSIMONY_EXPECTS(columns == 0 || base_samples_.size() % columns == 0);
  samples_ =
      columns ? static_cast<int>(base_samples_.size() / columns) : 1;  // nothing uncertain: one is exact
}

void RewardModel::score(std::span<double> states, std::span<float> rewards, std::size_t agent) const {
  const Goal& goal = goals_[agent % goals_.size()];
  problem_.space.snap_rows(states);
  const std::size_t n = rewards.size(), d = states.size() / std::max<std::size_t>(1, n);
  Costs costs;
  if (!quantities_.computed_objectives.empty() || !quantities_.computed_constraints.empty()) {
    problem_.costs.estimate(states, static_cast<std::int64_t>(n), costs);
    PARSIMONY_EXPECTS(costs.objectives.size() == n * quantities_.computed_objectives.size() &&
                      costs.constraints.size() == n * quantities_.computed_constraints.size());
  }
  surrogate::PosteriorBatch::Workspace workspace;
  Tile tile;
  tile.mean.resize(posterior_.size());
  tile.deviation.resize(posterior_.size());
  tile.factor.resize(warps_.size());
  tile.offset.resize(warps_.size());
  for (std::size_t first = 0; first < n; first += kTileStates) {
    tile.count = std::min(kTileStates, n - first);
    take_computed(costs, first, goal.scalarisation, tile);
    posterior_.moments(states.subspan(first * d, tile.count * d), workspace, tile.mean, tile.deviation);
    scale_moments(goal.scalarisation, tile);
    mean_rewards(static_cast<float>(goal.best), tile);
    std::copy_n(tile.reward.of, tile.count, rewards.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void RewardModel::take_computed(const Costs& costs, std::size_t first, const Scalarisation& scalarisation,
                                Tile& tile) const {
  std::fill_n(tile.greatest.of, kTileStates, -std::numeric_limits<float>::infinity());
  std::fill_n(tile.sum.of, kTileStates, 0.0f);
  std::fill_n(tile.excess.of, kTileStates, 0.0f);
  const std::size_t objectives = quantities_.computed_objectives.size();
  const std::size_t constraints = quantities_.computed_constraints.size();
  for (std::size_t state = 0; state < tile.count; ++state) {
    for (std::size_t k = 0; k < objectives; ++k) {
      const std::size_t j = quantities_.computed_objectives[k];
      const double value = costs.objectives[(first + state) * objectives + k];
      const auto term = static_cast<float>(scalarisation.weights[j] * (value - scalarisation.low[j]) /
                                           scalarisation.range[j]);
      tile.greatest.of[state] = std::max(tile.greatest.of[state], term);
      tile.sum.of[state] += term;
    }
    for (std::size_t k = 0; k < constraints; ++k)
      tile.excess.of[state] +=
          static_cast<float>(std::max(0.0, costs.constraints[(first + state) * constraints + k]));
  }
}

/// From standardised outcomes to the units of the reward; of a logarithm only to the logarithm.
void RewardModel::scale_moments(const Scalarisation& scalarisation, Tile& tile) const {
  for (std::size_t k = 0; k < posterior_.size(); ++k) {
    double factor = 1.0, offset = scales_[k].mean / scales_[k].deviation;  // of a constraint
    if (k < warps_.size()) {
      const std::size_t j = quantities_.measured_objectives[k];
      const double to_reward = scalarisation.weights[j] / scalarisation.range[j];
      factor = scales_[k].deviation, offset = scales_[k].mean;
      if (warps_[k].logarithmic) {
        tile.factor[k] = static_cast<float>(to_reward);
        tile.offset[k] = static_cast<float>(-(warps_[k].shift + scalarisation.low[j]) * to_reward);
      } else {
        factor *= to_reward;
        offset = (offset - scalarisation.low[j]) * to_reward;
      }
    }
    const auto by = static_cast<float>(factor), from = static_cast<float>(offset);
    for (float& value : tile.mean[k].of) value = value * by + from;
    for (float& value : tile.deviation[k].of) value *= by;
  }
}

void RewardModel::mean_rewards(float best, Tile& tile) const {
  const std::size_t objectives = quantities_.measured_objectives.size(), columns = posterior_.size();
  for (std::size_t first = 0; first < kTileStates; first += kLanes) {
    const auto term = [&](std::size_t column, int sample) -> Lanes {
      const float z =
          base_samples_[column * static_cast<std::size_t>(samples_) + static_cast<std::size_t>(sample)];
      return lanes_of(tile.mean[column], first) + z * lanes_of(tile.deviation[column], first);
    };
    Lanes total = Lanes::Zero();
    for (int sample = 0; sample < samples_; ++sample) {
      Lanes greatest = lanes_of(tile.greatest, first), sum = lanes_of(tile.sum, first),
            broken = Lanes::Zero();
      for (std::size_t column = 0; column < objectives; ++column) {
        Lanes value = term(column, sample);
        if (warps_[column].logarithmic)
          value = value.min(kGreatestExponent).exp() * tile.factor[column] + tile.offset[column];
        greatest = greatest.max(value);
        sum += value;
      }
      for (std::size_t column = objectives; column < columns; ++column)
        broken += term(column, sample).max(0.0f);
      const Lanes gain = best - greatest - static_cast<float>(kChebyshevRho) * sum;
      const Lanes reward =
          gain.max(kPenalty * gain);  // a positive gain as it is, a negative one times the penalty
      total +=
          columns == objectives ? reward : Lanes((broken > 0.0f).select(-kPenalty * (1.0f + broken), reward));
    }
    const Lanes excess = lanes_of(tile.excess, first);
    lanes_of(tile.reward, first) =
        (excess > 0.0f).select(-kPenalty * (1.0f + excess), total / static_cast<float>(samples_));
  }
}

}  // namespace parsimony::solver
