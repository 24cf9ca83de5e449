#pragma once

#include <span>
#include <vector>

#include "parsimony/solver/candidates.hpp"
#include "parsimony/solver/problem.hpp"

namespace parsimony::solver {

/// Which objectives and constraints of a problem are measured and which computed: their indices, ascending.
struct Quantities {
  explicit Quantities(const Problem& problem);
  std::vector<std::size_t> measured_objectives, computed_objectives;
  std::vector<std::size_t> measured_constraints, computed_constraints;
};

/// Complete, infeasible and failed rows, by trial number: row k of their Evidence is element k.
std::vector<Trial> finished_rows(std::span<const Trial> history);

/// Finished rows of a history as a solver may use them (SEMANTICS section 2). In place of what a failed row
/// did not measure, and of any value that is not finite, stands the worst measured value among the rows, or
/// the objective's reference (1 for `error`) if there is none; for a constraint the worst value, or 1.
struct Evidence {
  Evidence(const Problem& problem, std::span<const Trial> history);

  std::size_t rows() const { return points.size(); }

  std::vector<Point> points;                     ///< [rows][d] snapped
  std::vector<std::vector<double>> objectives;   ///< [rows][m] finite where measured
  std::vector<std::vector<double>> constraints;  ///< [rows][all constraints] likewise
  std::vector<std::size_t> feasible;             ///< rows that are complete
  std::vector<std::size_t> infeasible;           ///< rows that broke a measured constraint
  std::vector<std::size_t> front;  ///< of `feasible`, those that none dominates; of equal ones the first
};

}  // namespace parsimony::solver
