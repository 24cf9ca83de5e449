#include "parsimony/solver/ars_reward.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/space/sobol.hpp"
#include "parsimony/surrogate/normal_quantile.hpp"

namespace parsimony::solver {
namespace {

using Samples = Eigen::ArrayXf;

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

/// What is known of n states before the base samples come in.
struct RewardModel::Batch {
  std::span<const double> points;  // [n, d] snapped
  std::size_t n = 0;
  std::vector<float> greatest, sum;                 // [n] of λ_j y_j over the computed objectives
  std::vector<float> excess;                        // [n] Σ max(0, computed constraint)
  std::vector<std::vector<float>> mean, deviation;  // [measured objectives][n] of λ_j y_j
  std::vector<std::vector<float>> broken,
      breadth;  // [measured constraints][n] mean and deviation, standardised
};

RewardModel::RewardModel(const Problem& problem, const SurrogateModel& model,
                         const Scalarisation& scalarisation, double best, std::vector<float> base_samples)
    : problem_(problem),
      model_(model),
      quantities_(problem),
      scalarisation_(scalarisation),
      best_(static_cast<float>(best)),
      base_samples_(std::move(base_samples)) {
  const std::size_t columns = model.objectives.size() + model.constraints.size();
  PARSIMONY_EXPECTS(columns == 0 || base_samples_.size() % columns == 0);
  samples_ =
      columns ? static_cast<int>(base_samples_.size() / columns) : 1;  // nothing uncertain: one is exact
}

void RewardModel::score(std::span<double> states, std::span<float> rewards) const {
  problem_.space.snap_rows(states);
  Batch batch;
  batch.points = states;
  batch.n = rewards.size();
  score_computed(batch);
  score_measured(batch);
  for (std::size_t state = 0; state < batch.n; ++state)
    rewards[state] =
        batch.excess[state] > 0.0f ? -kPenalty * (1.0f + batch.excess[state]) : mean_reward(batch, state);
}

void RewardModel::score_computed(Batch& batch) const {
  batch.greatest.assign(batch.n, -std::numeric_limits<float>::infinity());
  batch.sum.assign(batch.n, 0.0f);
  batch.excess.assign(batch.n, 0.0f);
  const std::size_t objectives = quantities_.computed_objectives.size();
  const std::size_t constraints = quantities_.computed_constraints.size();
  if (objectives + constraints == 0) return;
  Costs costs;
  problem_.costs.estimate(batch.points, static_cast<std::int64_t>(batch.n), costs);
  PARSIMONY_EXPECTS(costs.objectives.size() == batch.n * objectives &&
                    costs.constraints.size() == batch.n * constraints);
  for (std::size_t state = 0; state < batch.n; ++state) {
    for (std::size_t k = 0; k < objectives; ++k) {
      const std::size_t j = quantities_.computed_objectives[k];
      const double scaled =
          (costs.objectives[state * objectives + k] - scalarisation_.low[j]) / scalarisation_.range[j];
      const auto term = static_cast<float>(scalarisation_.weights[j] * scaled);
      batch.greatest[state] = std::max(batch.greatest[state], term);
      batch.sum[state] += term;
    }
    for (std::size_t k = 0; k < constraints; ++k)
      batch.excess[state] += static_cast<float>(std::max(0.0, costs.constraints[state * constraints + k]));
  }
}

void RewardModel::score_measured(Batch& batch) const {
  const std::vector<float> points(batch.points.begin(), batch.points.end());
  batch.mean.assign(model_.objectives.size(), std::vector<float>(batch.n));
  batch.deviation = batch.mean;
  for (std::size_t k = 0; k < model_.objectives.size(); ++k) {
    model_.objectives[k].posterior_fast(points, batch.mean[k], batch.deviation[k]);
    const std::size_t j = quantities_.measured_objectives[k];
    const auto low = static_cast<float>(scalarisation_.low[j]);
    const auto factor = static_cast<float>(scalarisation_.weights[j] / scalarisation_.range[j]);
    for (float& value : batch.mean[k]) value = (value - low) * factor;
    for (float& value : batch.deviation[k]) value *= factor;
  }
  batch.broken.assign(model_.constraints.size(), std::vector<float>(batch.n));
  batch.breadth = batch.broken;
  for (std::size_t k = 0; k < model_.constraints.size(); ++k) {
    model_.constraints[k].posterior_fast(points, batch.broken[k], batch.breadth[k]);
    const auto unit = static_cast<float>(1.0 / model_.constraints[k].standardisation().deviation);
    for (float& value : batch.broken[k]) value *= unit;
    for (float& value : batch.breadth[k]) value *= unit;
  }
}

float RewardModel::mean_reward(const Batch& batch, std::size_t state) const {
  Samples greatest = Samples::Constant(samples_, batch.greatest[state]);
  Samples sum = Samples::Constant(samples_, batch.sum[state]);
  const auto column = [&](std::size_t index) {
    return Eigen::Map<const Samples>(base_samples_.data() + static_cast<std::ptrdiff_t>(index) * samples_,
                                     samples_);
  };
  for (std::size_t k = 0; k < batch.mean.size(); ++k) {
    const auto term = batch.mean[k][state] + batch.deviation[k][state] * column(k);
    greatest = greatest.max(term);
    sum += term;
  }
  const Samples gain = best_ - greatest - static_cast<float>(kChebyshevRho) * sum;
  Samples reward = gain.max(kPenalty * gain);  // a positive gain as it is, a negative one times the penalty
  if (!batch.broken.empty()) {
    Samples excess = Samples::Zero(samples_);
    for (std::size_t k = 0; k < batch.broken.size(); ++k)
      excess += (batch.broken[k][state] + batch.breadth[k][state] * column(batch.mean.size() + k)).max(0.0f);
    reward = (excess > 0.0f).select(-kPenalty * (1.0f + excess), reward);
  }
  return reward.mean();
}

}  // namespace parsimony::solver
