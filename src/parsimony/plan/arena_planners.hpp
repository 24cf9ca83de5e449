#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {

/// From the largest to the smallest, then by first step, then index.
std::vector<std::int32_t> order_of_size(std::span<const Lifetime> live);

/// Places buffers in the order given, each at the lowest offset that keeps its distances to those placed.
/// @param live   [n] bytes are multiples of kArenaAlign
/// @param order  distinct buffers
/// @param result  [n] those placed before; kUnplaced: not placed
void place(std::span<const Lifetime> live, const Distances& distances, std::span<const std::int32_t> order,
           Offsets& result);
constexpr std::int64_t kUnplaced = -1;

/// All of them, from nothing.
Offsets place_all(std::span<const Lifetime> live, const Distances& distances,
                  std::span<const std::int32_t> order);

}  // namespace parsimony::plan
