#pragma once

#include "parsimony/emit/dsp_layout.hpp"

namespace parsimony::emit::dsp {

/// Where an output may lie although the kernel still reads its input: each distance is the least one that is
/// safe, and below 0 where the output may begin behind the input's first byte. Scratch and constants lie
/// elsewhere.
struct Overlap {
  std::int64_t below = 0;  ///< [B] every output offset <= input offset - below is safe, front to back
  std::int64_t above = 0;  ///< [B] every output offset >= input offset + above is safe, back to front
  bool in_place = false;   ///< the output may lie exactly where the input does, front to back
};

/// parsimony_dsp_convolution_<block>, which runs in both directions. [output rows + columns] steps.
Overlap convolution_overlap(const Shape& shape, std::int32_t block);
/// The depthwise kernels go channel by channel: in place or apart. [output rows] steps.
Overlap depthwise_3x3_overlap(const Shape& shape);
Overlap depthwise_overlap(const Shape& shape);
Overlap depthwise_row_overlap(const Shape& shape);
/// The mean over all pixels is the pool of that shape.
Overlap average_pool_overlap(const Shape& shape);
Overlap fully_connected_overlap(std::int32_t inputs, std::int32_t outputs);
/// add (for either input) and clamp.
Overlap elementwise_overlap(std::int64_t elements);

/// Bytes [begin, end) of the input that are read, or of the output that are written.
struct Access {
  bool write = false;
  std::int64_t begin = 0, end = 0;
};

/// What the kernels touch, in order. Reads whose values count for nothing (bytes behind a fully connected
/// layer's input) are left out.
std::vector<Access> convolution_accesses(const Shape& shape, std::int32_t block, bool reverse);
std::vector<Access> depthwise_3x3_accesses(const Shape& shape);
std::vector<Access> depthwise_accesses(const Shape& shape);
std::vector<Access> depthwise_row_accesses(const Shape& shape);
std::vector<Access> average_pool_accesses(const Shape& shape);
std::vector<Access> fully_connected_accesses(std::int32_t inputs, std::int32_t outputs);
std::vector<Access> elementwise_accesses(std::int64_t elements);

/// Whether no byte is read after it was written, the output `distance` bytes behind the input's first byte.
bool is_safe(std::span<const Access> accesses, std::int64_t distance);

}  // namespace parsimony::emit::dsp
