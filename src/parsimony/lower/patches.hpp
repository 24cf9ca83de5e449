#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::lower {

/// Operators that run one after the other on some rows of their output, then again on the next rows.
struct Segment {
  std::size_t first = 0, last = 0;  ///< operators, both counted
  std::int32_t bands = 1;  ///< parts of the last one's output along its first axis, as equal as can be
  bool operator==(const Segment&) const = default;
};

/// Whether the operators of a segment can run on rows: each reaches the last one alone and makes every row
/// from a window of rows.
bool can_be_cut(const ir::Graph& graph, std::size_t first, std::size_t last);

/// The graph with each segment's operators repeated for each band (Lin et al. 2021, MCUNetV2: patch-based
/// inference; ours are bands of rows, anywhere in the network). A band reads a slice of the segment's inputs,
/// the exact rows that its windows reach, and writes its part of a join; the repeats have one set of
/// constants. The outputs are the same bytes.
/// @param graph     lowered, without slices and joins; a skeleton will do
/// @param segments  in order, apart, each `can_be_cut`
/// @return nothing when a band would have no row, or its bytes would not begin at a word
std::optional<ir::Graph> cut_into_bands(const ir::Graph& graph, std::span<const Segment> segments);

}  // namespace parsimony::lower
