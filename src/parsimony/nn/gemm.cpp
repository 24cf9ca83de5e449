#include "parsimony/nn/gemm.hpp"

#include <algorithm>

#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

// Depth of one panel of B: 128 rows of four vectors are 32 KB, the first cache of the smallest machine.
constexpr std::int64_t kPanelDepth = 128;

/// A tile of `Rows` × `Vectors` accumulators that stay in registers while the depth goes by.
template <typename T, int Rows, int Vectors>
void tile(std::int64_t depth, const T* __restrict a, std::int64_t a_row, std::int64_t a_column,
          const T* __restrict b, std::int64_t b_row, T* __restrict c, std::int64_t c_row, bool accumulate) {
  constexpr int lanes = kLanes<T>;
  Vector<T> sum[Rows][Vectors];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) sum[i][v] = accumulate ? at(c + i * c_row + v * lanes) : Vector<T>{};
  for (std::int64_t p = 0; p < depth; ++p) {
    Vector<T> right[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) right[v] = at(b + p * b_row + v * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Vector<T> left = a[i * a_row + p * a_column] - Vector<T>{};
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sum[i][v] += left * right[v];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) at(c + i * c_row + v * lanes) = sum[i][v];
}

/// All rows of `Vectors` columns of vectors; what is left over after whole tiles goes by smaller ones.
template <typename T, int Rows, int Vectors>
void strip(const Product<T>& p, std::int64_t first_row) {
  std::int64_t i = first_row;
  for (; i + Rows <= p.rows; i += Rows)
    tile<T, Rows, Vectors>(p.depth, p.a + i * p.a_row, p.a_row, p.a_column, p.b, p.b_row, p.c + i * p.c_row,
                           p.c_row, p.accumulate);
  if constexpr (Rows > 1)
    if (i < p.rows) strip<T, Rows / 2, Vectors>(p, i);
}

template <typename T>
void strip_of(const Product<T>& p, int vectors) {
  // The rows of a tile are those that keep accumulators, B and one element of A in 32 registers.
  if (vectors == 4) strip<T, 6, 4>(p, 0);
  if (vectors == 3) strip<T, 8, 3>(p, 0);
  if (vectors == 2) strip<T, 12, 2>(p, 0);
  if (vectors == 1) strip<T, 16, 1>(p, 0);
}

}  // namespace

template <typename T>
void multiply(const Product<T>& product) {
  constexpr int lanes = kLanes<T>;
  const auto vectors = static_cast<int>(product.width / lanes);
  const int strips = (vectors + 3) / 4;
  int first = 0;
  for (int s = 0; s < strips; ++s) {
    const int count = (vectors - first) / (strips - s);
    for (std::int64_t p = 0; p < product.depth; p += kPanelDepth) {
      Product<T> part = product;
      part.depth = std::min(kPanelDepth, product.depth - p);
      part.a += p * product.a_column;
      part.b += p * product.b_row + first * lanes;
      part.c += first * lanes;
      part.accumulate = product.accumulate || p > 0;
      strip_of(part, count);
    }
    first += count;
  }
}

template void multiply<float>(const Product<float>&);
template void multiply<double>(const Product<double>&);

}  // namespace parsimony::nn
