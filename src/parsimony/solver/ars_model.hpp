#pragma once

#include <string>
#include <vector>

#include "parsimony/base/thread_pool.hpp"
#include "parsimony/solver/evidence.hpp"
#include "parsimony/surrogate/gaussian_process.hpp"

namespace parsimony::solver {

/// One Gaussian process for each measured objective, then for each measured constraint.
struct SurrogateModel {
  std::vector<surrogate::GaussianProcess> objectives;   ///< in the order of Quantities::measured_objectives
  std::vector<surrogate::GaussianProcess> constraints;  ///< in the order of Quantities::measured_constraints

  /// The same, with these points believed to turn out as the model expects.
  SurrogateModel believing(const std::vector<Point>& points) const;
};

/// Fits the model to the evidence. Each fit starts also from what the latest row that holds a record of one
/// had found, and from nothing else that is remembered.
/// @pre evidence has a row, or nothing is measured
SurrogateModel fit_model(const Problem& problem, const Evidence& evidence, std::span<const Trial> history,
                         ThreadPool& pool);

/// The fitted hyperparameters as the JSON member that fit_model reads again: {"objectives": {name: {...}},
/// ...}.
std::string fit_as_json(const Problem& problem, const SurrogateModel& model);

}  // namespace parsimony::solver
