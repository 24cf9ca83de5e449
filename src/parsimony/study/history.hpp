#pragma once

#include <vector>

#include "parsimony/solver/problem.hpp"
#include "parsimony/study/row.hpp"

namespace parsimony::study {

/// An ended row as solvers see it: the point encoded from the configuration; of a failed row the computed
/// objectives and constraints exact (asked of the problem where the row lacks them) and the measured ones
/// NaN. Precondition: the row has ended.
solver::Trial to_trial(const Row& row, const solver::Problem& problem);

/// A row whose result does not count yet.
solver::Pending to_pending(const Row& row, const solver::Problem& problem);

}  // namespace parsimony::study
