#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/scalarisation.hpp"
#include "parsimony/solver/trust_region.hpp"

namespace parsimony::solver {

/// The rules of TuRBO-1 (Eriksson et al. 2019, appendix B) in d dimensions: length 0.8 in [2⁻⁷, 1.6], doubled
/// after 3 successes, halved after max(4, d) failures. The paper counts batches of q, ⌈max(4/q, d/q)⌉ of
/// them; we count evaluations, which is the same for q = 1 and about the same number of failures for any q,
/// because rows come back one by one.
RegionRules turbo_rules(int d);

/// Evaluations that a region after the first begins with, spread over the space: 2d as in the paper's
/// examples, but at most 10, the size of a study's initial design.
int turbo_starts(int d);

/// What history says of the region that is alive.
struct TurboRegion {
  int number = 0;  ///< regions that have ended before it
  RegionPace pace;
  Scalarisation scalarisation;  ///< the same for all its life
  int rows = 0;                 ///< evaluated that it had proposed itself
  std::optional<std::size_t>
      best;  ///< row of its centre: feasible and of least value, else of least violation
};

/// Replays the rows by number. A row belongs to the region that its record names; those of no region to the
/// first one, as its start. Weights are drawn by (seed, region); the scale is that of the feasible rows
/// before the region's first one. A success gains more than 1e-3 of the region's best value or violation (of
/// a value at least of 0.1, because scaled ones may be 0); a failed row is a failure; a row of an ended
/// region counts no more, and one of a region that is yet to come ends the one alive.
/// @param rows      finished, by number
/// @param evidence  of these rows
TurboRegion replay_turbo(const Problem& problem, std::span<const Trial> rows, const Evidence& evidence,
                         std::uint64_t seed, double rho);

}  // namespace parsimony::solver
