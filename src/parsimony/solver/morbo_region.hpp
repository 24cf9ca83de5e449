#pragma once

#include <optional>
#include <span>
#include <vector>

#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/trust_region.hpp"

namespace parsimony::solver {

/// The rules of MORBO (Daulton et al. 2022, and the defaults of its published program) in d dimensions:
/// length 0.8 in [0.01, 1.6], doubled after 3 successes as in TuRBO, halved after max(⌊d/3⌋, 10) failures.
RegionRules morbo_rules(int d);

/// What history says of one of the regions.
struct MorboRegion {
  int life = 0;  ///< how often it has restarted
  RegionPace pace;
  std::vector<std::size_t> members;  ///< rows among which its centre is chosen; empty: it waits for a restart
};

/// Replays the rows by number. A row counts for the region and life that its record names; the first of a
/// later life is its restart and neither success nor failure. A success raises the hypervolume of all rows so
/// far by more than 0.1 %; while that is 0, it comes nearer to the reference, and before anything is feasible
/// it lowers the least violation. A region of the first life has all rows as members, one of a later life its
/// own of that life.
/// @param rows      finished, by number
/// @param evidence  of these rows
/// @param count     regions
std::vector<MorboRegion> replay_morbo(const Problem& problem, std::span<const Trial> rows,
                                      const Evidence& evidence, int count);

/// Each region's centre: of its members the one with the largest hypervolume contribution (among the members)
/// that no region before it has taken; then other feasible ones by rank, then infeasible ones by violation.
/// Where all are taken the first is shared; nothing for a region without members.
std::vector<std::optional<std::size_t>> morbo_centres(const Problem& problem, std::span<const Trial> rows,
                                                      const Evidence& evidence,
                                                      std::span<const MorboRegion> regions);

}  // namespace parsimony::solver
