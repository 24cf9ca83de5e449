#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {

/// Where a tensor's bytes lie: in the buffer of another, or in its own. A reshape's and a slice's lie in that
/// of their input, the parts of a join in the join's.
struct Place {
  std::int32_t of = 0;  ///< the tensor whose buffer it is
  std::int64_t at = 0;  ///< [B] from its begin, a multiple of kArenaAlign
};

/// @return [tensors of the graph]
std::vector<Place> places(const ir::Graph& graph);

/// As `lifetimes`, of the bytes: slices and joins, for which nothing runs, read nothing.
std::vector<Lifetime> lifetimes_of_bytes(const ir::Graph& graph);

}  // namespace parsimony::plan
