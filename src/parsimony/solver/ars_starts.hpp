#pragma once

#include <vector>

#include "parsimony/solver/evidence.hpp"
#include "parsimony/solver/scalarisation.hpp"

namespace parsimony::solver {

/// Where the agents start (SEMANTICS section 4): k-means picks `agents` of a larger front; beside a smaller
/// one stand the best dominated feasible rows by g_λ, then the least infeasible, then random points within
/// the limits.
/// @return  different snapped points, at most `agents`; fewer where there are no more
std::vector<Point> choose_starts(const Problem& problem, const Evidence& evidence,
                                 const Scalarisation& scalarisation, int agents, RandomStream& stream);

/// The ±1 neighbours of the starts, snapped, start by start: the next and the one before of an integer's
/// values, every other choice of a categorical parameter, a hundredth of the range down and up of a float's.
std::vector<Point> neighbours_of(const space::Space& space, const std::vector<Point>& starts);

}  // namespace parsimony::solver
