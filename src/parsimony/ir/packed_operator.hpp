#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// int32 accumulators that the evaluator's kernels hold side by side.
constexpr int kLanes = 16;

/// How the evaluator keeps a tensor: bytes q + 128, each pixel's channels padded to a multiple of kLanes.
/// What the padding holds is never read into a result: the weights there are 0.
struct Layout {
  std::int32_t height = 1, width = 1, channels = 1;
  std::int64_t pitch = kLanes;  ///< bytes from pixel to pixel

  explicit Layout(const Tensor& tensor);
  std::int64_t pixels() const { return std::int64_t{height} * width; }
  std::int64_t bytes() const { return pixels() * pitch; }
};

/// Requantisation with one entry for each padded output channel, in the order that vector loads want.
struct PackedRequantisation {
  std::vector<std::int32_t> mantissa, left, right;
  std::vector<std::int32_t> mask;  ///< 2^right − 1
  std::int32_t zero_point = 0;     ///< and the clamp: all + 128
  std::int32_t low = 0, high = 255;
};

/// An operator ready for the kernels.
struct PackedOperator {
  OperatorKind kind = OperatorKind::convolution;
  std::vector<std::size_t> inputs;        ///< tensors
  std::vector<std::int32_t> zero_points;  ///< of the inputs, + 128
  std::size_t output = 0;
  Window vertical, horizontal;

  /// Convolution, fully connected: [output block of 16][depth / 4][16][4] over the padded window, row by row.
  /// Depthwise: [channel block of 16][taps / 4][16][4], missing taps 0.
  std::vector<std::int8_t> weights;
  std::vector<std::int32_t> bias;  ///< [padded channels], the zero points of bytes folded in
  std::int64_t segments = 1;       ///< rows of the window: runs of bytes that follow one another in the input
  std::int64_t depth = 0;          ///< bytes of a segment
  std::int64_t taps = 0;           ///< depthwise: of the window, rounded up to a multiple of 4
  PackedRequantisation requantisation;
  std::vector<std::uint8_t> table;  ///< 256 bytes
  bool padded = false;              ///< whether the window ever leaves the input
};

/// Packs an operator of a verified graph.
/// @param layouts  [tensors]
PackedOperator pack(const Graph& graph, const Operator& op, std::span<const Layout> layouts);

}  // namespace parsimony::ir
