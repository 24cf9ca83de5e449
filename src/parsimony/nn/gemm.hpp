#pragma once

#include <cstdint>

namespace parsimony::nn {

/// Steps between the places of a grid, in numbers.
struct Steps {
  std::int64_t outer = 0, inner = 0;
};

/// outer · inner places, in rows.
struct Grid {
  std::int64_t outer = 1, inner = 1;
};

/// C[j, i, :] = or += sum over s and p of A(j, i, s, p) · B[s, p, :], for each j of a grid of blocks, i <
/// rows, each s of a grid of segments, p < depth, and `width` columns. A(j, i, s, p) lies at the block's
/// place plus the segment's, plus i·a_row + p·a_column, so A may be transposed, and a convolution's windows
/// are read where they lie. With one block and one segment this is the plain product of two matrices.
/// `width`, and all steps of B and C, are whole vectors, `b` and `c` aligned to whole vectors (lanes.hpp).
template <typename T>
struct Product {
  std::int64_t rows = 0, depth = 0, width = 0;
  const T* a = nullptr;
  std::int64_t a_row = 0, a_column = 1;
  const T* b = nullptr;
  std::int64_t b_row = 0;
  T* c = nullptr;
  std::int64_t c_row = 0;
  bool accumulate = false;  ///< += instead of =
  Grid blocks = {};
  Steps a_block = {}, c_block = {};
  Grid segments = {};
  Steps a_segment = {}, b_segment = {};
};

/// On one thread; the order of each sum depends on the shape alone.
template <typename T>
void multiply(const Product<T>& product);

}  // namespace parsimony::nn
