#include "parsimony/nn/gemm.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

// A panel of B and what a tile reads of A with it: the first cache of the smallest machine.
constexpr std::int64_t kPanelBytes = 32 << 10;
constexpr int kMostSegments = 128;
// The most rows of a tile of 1, 2, … vectors: its accumulators, a row of B and one element of A stay in the
// machine's registers, 32 or 16.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr std::array kMostRows{16, 12, 8, 6};
#elif defined(__AVX__)
constexpr std::array kMostRows{12, 6};
#else
constexpr std::array kMostRows{12, 6, 4, 2};
#endif
constexpr int kMostVectors = static_cast<int>(kMostRows.size());

constexpr int most_rows(int vectors) {
  return kMostRows[static_cast<std::size_t>(vectors - 1)];
}

/// Where a segment begins in A and in B.
struct Place {
  std::int64_t a = 0, b = 0;
};

/// Consecutive segments, or a part of the depth of one, whose rows of B stay in the first cache.
struct Panel {
  std::array<Place, kMostSegments> places;
  int count = 0;
  std::int64_t depth = 0;
  bool accumulate = false;
};

template <typename T>
using Tile = void (*)(const Product<T>&, const Panel&, const T* a, T* c);

/// A tile of `Rows` × `Vectors` accumulators that stay in registers while a panel goes by.
template <typename T, int Rows, int Vectors>
void tile(const Product<T>& product, const Panel& panel, const T* __restrict from, T* __restrict c) {
  constexpr int lanes = kLanes<T>;
  const std::int64_t a_row = product.a_row, a_column = product.a_column, b_row = product.b_row;
  const std::int64_t c_row = product.c_row, depth = panel.depth;
  Vector<T> sum[Rows][Vectors];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v)
      sum[i][v] = panel.accumulate ? at(c + i * c_row + v * lanes) : Vector<T>{};
  for (int s = 0; s < panel.count; ++s) {
    const T* __restrict a = from + panel.places[static_cast<std::size_t>(s)].a;
    const T* __restrict b = product.b + panel.places[static_cast<std::size_t>(s)].b;
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
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) at(c + i * c_row + v * lanes) = sum[i][v];
}

template <typename T, int Vectors, int... Less>
constexpr auto tiles_of(std::integer_sequence<int, Less...>) {
  return std::array<Tile<T>, sizeof...(Less)>{tile<T, Less + 1, Vectors>...};
}
template <typename T, int Vectors>
constexpr auto kTiles = tiles_of<T, Vectors>(std::make_integer_sequence<int, most_rows(Vectors)>{});

/// The tile of so many rows, at least 1.
template <typename T, int Most = kMostVectors>
Tile<T> tile_of(int vectors, std::int64_t rows) {
  if constexpr (Most > 1)
    if (vectors < Most) return tile_of<T, Most - 1>(vectors, rows);
  return kTiles<T, Most>[static_cast<std::size_t>(rows - 1)];
}

/// All blocks of some columns by one panel. The rows of a block go by in tiles as equal as can be.
template <typename T>
void add_panel(const Product<T>& p, const Panel& panel, int vectors) {
  const std::int64_t most = most_rows(vectors);
  const std::int64_t tiles = (p.rows + most - 1) / most, least = p.rows / tiles, larger = p.rows % tiles;
  const Tile<T> large = tile_of<T>(vectors, least + (larger > 0 ? 1 : 0)), small = tile_of<T>(vectors, least);
  for (std::int64_t o = 0; o < p.blocks.outer; ++o)
    for (std::int64_t i = 0; i < p.blocks.inner; ++i) {
      const T* a = p.a + o * p.a_block.outer + i * p.a_block.inner;
      T* c = p.c + o * p.c_block.outer + i * p.c_block.inner;
      for (std::int64_t t = 0; t < tiles; ++t) {
        const bool is_large = t < larger;
        (is_large ? large : small)(p, panel, a, c);
        const std::int64_t rows = least + (is_large ? 1 : 0);
        a += rows * p.a_row;
        c += rows * p.c_row;
      }
    }
}

/// Steps of the depth whose rows of B, and elements or cache lines of A, make a panel.
template <typename T>
std::int64_t panel_depth(const Product<T>& p, int vectors) {
  const std::int64_t of_a = p.a_column == 1 ? most_rows(vectors) * static_cast<int>(sizeof(T)) : 64;
  return kPanelBytes / (kVectorBytes * vectors + of_a);
}

/// Calls body(panel) for all of the depth, in order.
template <typename T, typename Body>
void for_panels(const Product<T>& p, int vectors, const Body& body) {
  const std::int64_t segments = p.segments.outer * p.segments.inner, most = panel_depth(p, vectors);
  const std::int64_t together = std::clamp<std::int64_t>(most / p.depth, 1, kMostSegments);
  Panel panel;
  panel.accumulate = p.accumulate;
  for (std::int64_t first = 0; first < segments; first += together)
    for (std::int64_t d = 0; d < p.depth; d += most) {
      panel.count = static_cast<int>(std::min(together, segments - first));
      panel.depth = std::min(most, p.depth - d);
      for (int s = 0; s < panel.count; ++s) {
        const std::int64_t outer = (first + s) / p.segments.inner, inner = (first + s) % p.segments.inner;
        panel.places[static_cast<std::size_t>(s)] = {
            outer * p.a_segment.outer + inner * p.a_segment.inner + d * p.a_column,
            outer * p.b_segment.outer + inner * p.b_segment.inner + d * p.b_row};
      }
      body(panel);
      panel.accumulate = true;
    }
}

}  // namespace

template <typename T>
void multiply(const Product<T>& product) {
  constexpr int lanes = kLanes<T>;
  const auto vectors = static_cast<int>(product.width / lanes);
  const int strips = (vectors + kMostVectors - 1) / kMostVectors;
  int first = 0;
  for (int s = 0; s < strips; ++s) {
    const int count = (vectors - first) / (strips - s);
    Product<T> strip = product;
    strip.b += first * lanes;
    strip.c += first * lanes;
    for_panels(strip, count, [&](const Panel& panel) { add_panel(strip, panel, count); });
    first += count;
  }
}

template void multiply<float>(const Product<float>&);
template void multiply<double>(const Product<double>&);

}  // namespace parsimony::nn
