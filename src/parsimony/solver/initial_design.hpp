#pragma once

#include <cstdint>
#include <vector>

#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// The points that are evaluated before any solver is asked, the same for every solver (SEMANTICS section 2):
/// min(count, size of the space) distinct points of a Latin hypercube, snapped. A duplicate or a point over a
/// computed limit is redrawn in its stratum up to 100 times, then replaced by a random point within the
/// limits; where 1000 random draws find none, by the smallest point with random values of the parameters that
/// cost nothing. A function of (problem, count, seed): give it the study's `initial`, and of the result use
/// the first `trials`, so that a study resumed with more trials goes on with the same design.
/// @param count  at least 0
/// @return       [count][d] the point of trial k at k−1; fewer where no more points can be found
std::vector<std::vector<double>> initial_design(const Problem& problem, int count, std::uint64_t seed);

}  // namespace parsimony::solver
