#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parsimony/compare/contest.hpp"

namespace parsimony::compare {

/// One solver on one problem with one seed: n evaluations in their order.
struct Run {
  std::string problem, solver;  ///< labels
  std::uint64_t seed = 1;
  std::string configuration;  ///< JSON: what its points depend on beside seed and length; of a peer ""
  std::string program;        ///< who ran it
  int trials = 0;             ///< that were asked for
  int initial = 0;            ///< of the evaluations, those of the initial design
  std::vector<std::vector<double>> points;       ///< [n][d] snapped
  std::vector<std::vector<double>> objectives;   ///< [n][m]
  std::vector<std::vector<double>> constraints;  ///< [n][constraints]
  std::vector<double> quality;  ///< [n] hypervolume after each evaluation; with one objective the least value
  std::vector<double> seconds;  ///< [asks]
  bool exhausted = false;       ///< the space was used up before all trials were made
};

/// What the points of a run depend on beside its seed and length, as JSON: problem, solver, their options,
/// initial, batch.
std::string configuration_of(const Contest& contest, const Arena& arena, const Contestant& contestant);

/// Hypervolume after each evaluation of the feasible ones so far, below the problem's reference; with one
/// objective the least feasible value so far, the reference before any.
std::vector<double> quality_after_each(const Arena& arena, const std::vector<std::vector<double>>& objectives,
                                       const std::vector<std::vector<double>>& constraints);

/// The initial design, then one ask after another, each seeing all evaluations before it.
/// @throws whatever the solver throws
Run run_solver(const Contest& contest, const Arena& arena, const Contestant& contestant, std::uint64_t seed);

}  // namespace parsimony::compare
