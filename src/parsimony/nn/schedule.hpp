#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/network/description.hpp"
#include "parsimony/network/training.hpp"

namespace parsimony::nn {

/// Learning rate in epoch e, from 0 (SEMANTICS 6); of W epochs of warm-up, times (e + 1)/(W + 1).
double learning_rate(const network::TrainingSettings& settings, int epoch);

/// Channels that each group keeps from the start of an epoch on.
struct Removal {
  int epoch = 0;                   ///< before its first batch; `epochs` itself: after the last epoch
  std::vector<std::int32_t> kept;  ///< [groups]
  bool operator==(const Removal&) const = default;
};

/// When and how much the gradual schedule removes (Zhu and Gupta 2017; SEMANTICS 6), ascending by epoch, at
/// most one an epoch; those that remove nothing are left out.
/// @param kept  [groups] at the end
std::vector<Removal> removals(const network::TrainingSettings& settings,
                              std::span<const network::Group> groups, std::span<const std::int32_t> kept);

/// First case of each batch of an epoch over n cases, and n at the end: batches of min(batch_size, n), a last
/// one under 8 joined to the one before.
std::vector<std::int64_t> batch_bounds(std::int64_t n, std::int64_t batch_size);

/// The longest of them.
std::int64_t largest_batch(std::span<const std::int64_t> bounds);

}  // namespace parsimony::nn
