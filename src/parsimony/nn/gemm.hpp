#pragma once

#include <cstdint>

namespace parsimony::nn {

/// C[i, :] = or += sum over p of A(i, p) · B[p, :], for i < rows, p < depth, and `width` columns.
/// A(i, p) = a[i·a_row + p·a_column], so A may be transposed; B and C have contiguous rows.
/// `width`, `b_row` and `c_row` are whole vectors, `b` and `c` aligned to 64 bytes (lanes.hpp).
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
};

/// On one thread; the order of each sum depends on the shape alone.
template <typename T>
void multiply(const Product<T>& product);

}  // namespace parsimony::nn
