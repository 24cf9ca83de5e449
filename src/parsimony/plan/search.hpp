#pragma once

#include <cstdint>

#include "parsimony/plan/buffers.hpp"

namespace parsimony::plan {

struct SearchResult {
  Offsets offsets;  ///< below the peak to beat; empty: none found
  Bytes proven;     ///< no plan is smaller: the bound given, or a greater one that the search has proven
  std::int64_t nodes = 0;  ///< spent, at most the limit
};

/// Looks for offsets, and with them directions, under a peak: at the lower bound, then a little above it,
/// further each time, and once a plan is found by bisection between it and the least peak that has not
/// failed. Under one peak:
/// 1. Buffers that fit in somewhere wherever the others lie are put aside, one after the other, and placed
/// last.
/// 2. The rest is a branch and bound over pairs of buffers (which lies below the other, by how much), as job
///    shop scheduling orders pairs of tasks on a machine (Smith and Cheng 1993: the pair with the least slack
///    first, its roomier side first). Decisions are difference constraints; their longest paths bound every
///    offset from both sides.
/// Complete: without a limit on nodes the plan found is optimal. The same on every machine.
/// @param pairs  of pairs_of
/// @param bound  of least_bytes
/// @param peak   [B] to beat
/// @param limit  nodes: sides of pairs, and directions, tried
SearchResult place_by_search(const Buffers& buffers, std::span<const Pair> pairs, Bytes bound,
                             std::int64_t peak, std::int64_t limit);

}  // namespace parsimony::plan
