#pragma once

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/option_reader.hpp"

namespace parsimony::solver {

/// Reads `kernel` (auto, matern52, rbf), `warp` (auto, none) and `noise` (auto, botorch), which every solver
/// with beliefs has; what is absent stays as it is.
/// @param noise  what the solver calls the last of them
/// @throws InputError naming "solver.<option>"
void read_belief_options(const OptionReader& reader, BeliefOptions& options, const char* noise = "noise");

/// 0 means as many as the machine has.
int thread_count(int wanted);

}  // namespace parsimony::solver
