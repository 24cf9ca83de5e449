#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "parsimony/compare/run.hpp"

namespace parsimony::compare {

/// What has just happened, and how far the whole is.
struct Progress {
  std::string problem, solver;
  std::uint64_t seed = 0;
  bool stored = false;  ///< it was there already
  double quality = 0.0;
  double seconds = 0.0;  ///< of its asks together
  int done = 0, all = 0;
};

/// Every run of the contest, in the order arenas, contestants, seeds: those that the folder holds are read,
/// the rest are made, `workers` at a time, and stored as each ends. Results depend on nothing but the
/// contest.
/// @param observer  called from one thread at a time; may be empty
/// @throws InputError from stored_run(), before anything runs; what a solver throws, after all others ended
std::vector<Run> run_all(const Contest& contest, const std::filesystem::path& folder, int workers,
                         const std::function<void(const Progress&)>& observer);

}  // namespace parsimony::compare
