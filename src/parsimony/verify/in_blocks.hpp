#pragma once

#include <cstddef>
#include <functional>

namespace parsimony::verify {

/// Rows [first, first + count) of many.
struct Block {
  std::size_t first = 0, count = 0;
};

/// A run of a program has a time limit, and how long one row takes is not known before: rows are run in
/// blocks, the first of 16, each twice the one before as long as that one took under a few seconds.
/// @param run  of one block; false ends it all
/// @return  rows of the blocks that were run
std::size_t in_blocks(std::size_t rows, const std::function<bool(const Block&)>& run);

}  // namespace parsimony::verify
