#include "parsimony/nn/schedule.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"

namespace parsimony::nn {
namespace {

constexpr std::int64_t kLeastBatch = 8;

/// s_f·(1 − (1 − k/n)³) of the group's sparsity s_f; exactly `kept` at the last step.
std::int32_t kept_at(const network::Group& group, std::int32_t kept, int step, int steps) {
  if (step == steps) return kept;
  const double final_sparsity = 1.0 - static_cast<double>(kept) / group.channels;
  const double left = 1.0 - static_cast<double>(step) / steps;
  const double sparsity = final_sparsity * (1.0 - left * left * left);
  return std::max(kept, network::kept_channels(sparsity, group.channels));
}

double decayed_rate(const network::TrainingSettings& s, int epoch) {
  const int decay_from = static_cast<int>(std::floor(s.lr_schedule * s.epochs));
  if (epoch < decay_from) return s.learning_rate;
  if (s.schedule == network::Schedule::every_epoch)
    return s.learning_rate * std::pow(s.lr_gamma, epoch - decay_from + 1);
  const int step = 10 * (epoch - decay_from) / (s.epochs - decay_from);
  return s.learning_rate * std::pow(s.lr_gamma, step);
}

}  // namespace

double learning_rate(const network::TrainingSettings& s, int epoch) {
  const double rate = decayed_rate(s, epoch);
  return epoch < s.options.warmup ? rate * (epoch + 1) / (s.options.warmup + 1) : rate;
}

std::vector<Removal> removals(const network::TrainingSettings& s, std::span<const network::Group> groups,
                              std::span<const std::int32_t> kept) {
  PARSIMONY_EXPECTS(kept.size() == groups.size() && s.pruning_steps >= 1);
  std::vector<Removal> result;
  std::vector<std::int32_t> before;
  for (const network::Group& group : groups) before.push_back(group.channels);
  for (int k = 1; k <= s.pruning_steps; ++k) {
    const double at = s.pruning_start + k * (s.pruning_end - s.pruning_start) / s.pruning_steps;
    Removal removal{std::clamp(static_cast<int>(std::floor(at * s.epochs + 0.5)), 0, s.epochs), {}};
    for (std::size_t g = 0; g < groups.size(); ++g)
      removal.kept.push_back(kept_at(groups[g], kept[g], k, s.pruning_steps));
    if (removal.kept == before) continue;
    before = removal.kept;
    if (!result.empty() && result.back().epoch == removal.epoch) result.pop_back();
    result.push_back(std::move(removal));
  }
  return result;
}

std::vector<std::int64_t> batch_bounds(std::int64_t n, std::int64_t batch_size) {
  PARSIMONY_EXPECTS(n >= 1 && batch_size >= 1);
  const std::int64_t batch = std::min(batch_size, n);
  std::vector<std::int64_t> bounds;
  for (std::int64_t first = 0; first < n; first += batch) bounds.push_back(first);
  if (bounds.size() > 1 && n - bounds.back() < kLeastBatch) bounds.pop_back();
  bounds.push_back(n);
  return bounds;
}

std::int64_t largest_batch(std::span<const std::int64_t> bounds) {
  std::int64_t largest = 0;
  for (std::size_t i = 1; i < bounds.size(); ++i) largest = std::max(largest, bounds[i] - bounds[i - 1]);
  return largest;
}

}  // namespace parsimony::nn
