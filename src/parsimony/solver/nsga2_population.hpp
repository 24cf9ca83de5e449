#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "parsimony/solver/evidence.hpp"

namespace parsimony::solver {

/// How far each row is from being allowed: 0 for a feasible row; for an infeasible one the sum of its
/// positive constraint values, each divided by the largest of its constraint among the rows (so that their
/// units do not matter), always above 0; infinity for a failed row, of which nothing measured is known.
/// @return  [rows]
std::vector<double> violations_of(const Evidence& evidence);

/// Non-dominated sorting by constrained domination (Deb et al. 2002, section VI-A, definition 1): a feasible
/// row dominates every other, of two others the one with the smaller violation, and of two feasible ones the
/// one that dominates by its objectives.
/// @param objectives  [n, m] row by row, no NaN where the violation is 0
/// @param violations  [n] as violations_of gives them
/// @return            [n] ranks from 0, as non_dominated_ranks of pareto/dominance.hpp
std::vector<int> constrained_ranks(std::span<const double> objectives, int m,
                                   std::span<const double> violations);

/// The rows that may become parents.
struct Population {
  std::vector<std::size_t> rows;  ///< of the evidence, ascending
  std::vector<int> ranks;         ///< [rows] among the members
  std::vector<double> crowding;   ///< [rows] among those of the same rank

  /// Crowded comparison (Deb et al. 2002, section III-B): the lower rank, then the larger distance.
  bool better(std::size_t a, std::size_t b) const {
    return ranks[a] != ranks[b] ? ranks[a] < ranks[b] : crowding[a] > crowding[b];
  }
};

/// The best `size` rows by crowded comparison, of equal ones the earlier, or all where there are fewer: the
/// survivor selection of Deb et al. 2002, section III-C, over every row at once.
Population population_of(const Evidence& evidence, int size);

}  // namespace parsimony::solver
