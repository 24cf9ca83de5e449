#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "parsimony/ir/packed_operator.hpp"

// The evaluator's kernels, written in a vocabulary of sixteen accumulators (lanes_portable.hpp).
// Counted for a pointwise convolution of 64 channels to 64: 4 dot products of 64 B a position, and 4 stores
// of some 20 instructions each, so that products and requantisation take about the same time; a depthwise
// convolution of 3 taps has one dot product a store. Hence what matters: no transposition or copy between
// operators (bytes keep channels last, padded to 16), windows read where they lie (a row of the window is one
// run of bytes), and the zero points folded into the bias.

namespace parsimony::ir {

/// Output pixels and the bytes of the input at which their windows begin.
struct Rows {
  const std::uint8_t* input = nullptr;
  std::int64_t count = 0;          ///< output pixels in all
  std::int64_t line = 0;           ///< output pixels in a line
  std::int64_t pixel_pitch = 0;    ///< input bytes from output pixel to output pixel
  std::int64_t line_pitch = 0;     ///< input bytes from output line to output line
  std::int64_t segment_pitch = 0;  ///< input bytes from a row of the window to the next
};

template <typename Lanes, int R, int V>
void dense_block(const PackedOperator& op, const std::uint8_t* const* rows, std::int64_t segment_pitch,
                 std::int64_t channel, std::uint8_t* output, std::int64_t output_pitch) {
  const std::int64_t block = op.segments * op.depth * kLanes;
  const std::int8_t* weights = op.weights.data() + channel / kLanes * block;
  typename Lanes::Sums sums[R][V];
#pragma GCC unroll 8
  for (int v = 0; v < V; ++v)
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
      sums[r][v] = Lanes::load(&op.bias[static_cast<std::size_t>(channel + v * kLanes)]);
  for (std::int64_t segment = 0; segment < op.segments; ++segment)
    for (std::int64_t k = 0; k < op.depth; k += 4, weights += 4 * kLanes)
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
        for (int v = 0; v < V; ++v)
          Lanes::dot_same(sums[r][v], rows[r] + segment * segment_pitch + k, weights + v * block);
#pragma GCC unroll 8
  for (int v = 0; v < V; ++v)
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r)
      Lanes::store(output + r * output_pitch + v * kLanes, sums[r][v], op.requantisation,
                   channel + v * kLanes);
}

template <typename Lanes, int V, int R = Lanes::kRows>
void dense_rows(int count, const PackedOperator& op, const std::uint8_t* const* rows,
                std::int64_t segment_pitch, std::int64_t channel, std::uint8_t* output,
                std::int64_t output_pitch) {
  if (count == R) return dense_block<Lanes, R, V>(op, rows, segment_pitch, channel, output, output_pitch);
  if constexpr (R > 1)
    dense_rows<Lanes, V, R - 1>(count, op, rows, segment_pitch, channel, output, output_pitch);
}

template <typename Lanes, int V>
void dense_columns(const PackedOperator& op, const Rows& rows, std::int64_t channel, std::uint8_t* output,
                   std::int64_t output_pitch) {
  const std::uint8_t* starts[Lanes::kRows];
  for (std::int64_t done = 0, line = 0, pixel = 0; done < rows.count;) {
    const int count = static_cast<int>(std::min<std::int64_t>(Lanes::kRows, rows.count - done));
    for (int r = 0; r < count; ++r) {
      starts[r] = rows.input + line * rows.line_pitch + pixel * rows.pixel_pitch;
      if (++pixel == rows.line) pixel = 0, ++line;
    }
    dense_rows<Lanes, V>(count, op, starts, rows.segment_pitch, channel,
                         output + done * output_pitch + channel, output_pitch);
    done += count;
  }
}

template <typename Lanes, int V = Lanes::kVectors>
void dense_block_of(std::int64_t vectors, const PackedOperator& op, const Rows& rows, std::int64_t channel,
                    std::uint8_t* output, std::int64_t output_pitch) {
  if (vectors == V) return dense_columns<Lanes, V>(op, rows, channel, output, output_pitch);
  if constexpr (V > 1) dense_block_of<Lanes, V - 1>(vectors, op, rows, channel, output, output_pitch);
}

/// Convolution or fully connected: every row's window against all weights.
template <typename Lanes>
void dense(const PackedOperator& op, const Rows& rows, std::uint8_t* output, std::int64_t output_pitch) {
  const std::int64_t vectors = output_pitch / kLanes;
  const std::int64_t blocks = (vectors + Lanes::kVectors - 1) / Lanes::kVectors;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const std::int64_t first = block * vectors / blocks, last = (block + 1) * vectors / blocks;
    dense_block_of<Lanes>(last - first, op, rows, first * kLanes, output, output_pitch);
  }
}

/// One sample's depthwise convolution. `offsets` [op.taps]: input bytes from a window's first tap.
template <typename Lanes>
void depthwise(const PackedOperator& op, const Rows& rows, const std::vector<std::int64_t>& offsets,
               std::uint8_t* output, std::int64_t pitch) {
  for (std::int64_t channel = 0; channel < pitch; channel += kLanes) {
    const std::int8_t* weights = op.weights.data() + channel * op.taps;
    const auto bias = Lanes::load(&op.bias[static_cast<std::size_t>(channel)]);
    std::uint8_t* to = output + channel;
    for (std::int64_t line = 0; line < rows.count / rows.line; ++line)
      for (std::int64_t pixel = 0; pixel < rows.line; ++pixel, to += pitch) {
        const std::uint8_t* start = rows.input + line * rows.line_pitch + pixel * rows.pixel_pitch + channel;
        auto sums = bias;
        for (std::int64_t t = 0; t < op.taps; t += 4) {
          const std::int64_t* offset = &offsets[static_cast<std::size_t>(t)];
          const std::uint8_t* const taps[4] = {start + offset[0], start + offset[1], start + offset[2],
                                               start + offset[3]};
          Lanes::dot_taps(sums, taps, weights + t * kLanes);
        }
        Lanes::store(to, sums, op.requantisation, channel);
      }
  }
}

/// One sample: the mean over its pixels.
template <typename Lanes>
void mean(const PackedOperator& op, const std::uint8_t* input, const Layout& layout, std::uint8_t* output) {
  for (std::int64_t channel = 0; channel < layout.pitch; channel += kLanes) {
    auto sums = Lanes::load(&op.bias[static_cast<std::size_t>(channel)]);
    for (std::int64_t pixel = 0; pixel < layout.pixels(); ++pixel)
      sums = Lanes::add(sums, Lanes::widen(input + pixel * layout.pitch + channel, 0));
    Lanes::store(output + channel, sums, op.requantisation, channel);
  }
}

/// One sample: input · factor, the factor's pixels `factor_pitch` bytes apart (0: one for all).
template <typename Lanes>
void multiply(const PackedOperator& op, const std::uint8_t* input, const std::uint8_t* factor,
              std::int64_t factor_pitch, const Layout& layout, std::uint8_t* output) {
  for (std::int64_t pixel = 0; pixel < layout.pixels(); ++pixel)
    for (std::int64_t channel = 0; channel < layout.pitch; channel += kLanes) {
      const std::int64_t at = pixel * layout.pitch + channel;
      const auto product =
          Lanes::multiply(Lanes::widen(input + at, op.zero_points[0]),
                          Lanes::widen(factor + pixel * factor_pitch + channel, op.zero_points[1]));
      Lanes::store(output + at, product, op.requantisation, channel);
    }
}

}  // namespace parsimony::ir
