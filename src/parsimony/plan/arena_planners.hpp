#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {

/// By first step, then index.
std::vector<std::int32_t> order_of_execution(std::span<const Lifetime> live);
/// From the largest to the smallest, then by first step, then index.
std::vector<std::int32_t> order_of_size(std::span<const Lifetime> live);

/// Places buffers in the order given, each at the lowest offset that keeps its distances to those placed.
/// @param live   [n] bytes are multiples of kArenaAlign
/// @param order  [n] a permutation
Offsets place(std::span<const Lifetime> live, const Distances& distances,
              std::span<const std::int32_t> order);

}  // namespace parsimony::plan
