#pragma once

#include <vector>

#include "parsimony/base/quantities.hpp"
#include "parsimony/emit/kernels.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/lower/patches.hpp"

namespace parsimony::emit {

/// What evaluating a network by patches costs and saves.
struct Patches {
  std::vector<lower::Segment> segments;    ///< of the network as it was, in order; none: it stays as it was
  Bytes arena_before, arena;               ///< with the kernels of the family
  std::int64_t macs_before = 0, macs = 0;  ///< of one inference

  double extra_percent() const {
    return macs_before == 0
               ? 0.0
               : 100.0 * static_cast<double>(macs - macs_before) / static_cast<double>(macs_before);
  }
};

struct PatchedNetwork {
  ir::Graph graph;
  Patches patches;
};

/// Cuts segments of the network into bands of rows where that makes its arena smaller: of all choices whose
/// halos cost no more than `extra_percent` of the multiply-accumulates, that with the least arena. The least
/// arena of every segment and number of bands is known from the plan's bound; a shortest path over the
/// operators then gives, for each bound, the segments with the fewest extra multiply-accumulates; the
/// smallest few are planned.
/// @param graph  lowered, without slices and joins
PatchedNetwork choose_patches(const ir::Graph& graph, Family family, double extra_percent);

}  // namespace parsimony::emit
