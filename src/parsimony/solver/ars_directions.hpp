#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/base/thread_pool.hpp"

namespace parsimony::solver {

/// Directions of random search as slices of one table of standard normal numbers, as in the authors' ARS code
/// (modestyachts/ARS, shared_noise.py): at the paper's setting an iteration needs 9.2 million numbers, and
/// drawing them afresh took longer than all else together. What it costs: slices overlap. Two that start at
/// different places stay uncorrelated, number by number, since none of the table meets itself; but at 3000
/// directions of 3072 numbers each number serves in nine of them at different parameters, so fewer than N·P
/// numbers are independent. Equal starts would repeat a direction, so in one step no two are equal: the table
/// is cut into as many cells as there are directions, with one start in each.
class DirectionTable {
 public:
  static constexpr std::size_t kPlaces = std::size_t{1} << 20;  ///< where slices may start; 4 MiB of numbers

  /// The same numbers for the same key, whatever the pool.
  /// @param length  numbers of one direction
  DirectionTable(std::uint64_t key, std::size_t length, ThreadPool& pool);

  /// Starts of the directions of one step: [count], all different.
  /// @param count  1 … kPlaces
  std::vector<std::uint32_t> starts(std::uint64_t step_key, int count) const;

  /// @return  [length]
  std::span<const float> slice(std::uint32_t start) const {
    return std::span(numbers_).subspan(start, length_);
  }

 private:
  std::size_t length_;
  std::vector<float> numbers_;
};

}  // namespace parsimony::solver
