#pragma once

#include <string_view>

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::solver {

/// Settings of augmented random search. "Paper" is Deutel et al. 2023 (arXiv 2305.14109), "prototype" the
/// measurements in the project's notes on it; `preset: paper` takes the values of ars_options_of_paper()
/// below.
struct ArsOptions {
  enum class Preset { standard, paper };

  Preset preset = Preset::standard;

  /// Directions sampled in one training step of an agent (N). The paper uses 3000; 300 learns as well in the
  /// prototype at a tenth of the time.
  int directions = 300;

  /// Share of the directions, by the better of their two rewards, that an update uses. Paper, Fig. 2(b): 1 %.
  double top_share = 0.01;

  /// States of a rollout (H). Paper, Fig. 2(c): 4.
  int horizon = 4;

  /// Competing policies (L), each with a start of its own. Paper, Fig. 3: five starts.
  int agents = 5;

  /// Training steps of an agent for each proposal ("a maximum number of training steps", not printed).
  /// Prototype: ten at 3e-3 learn; thirty at 1e-3 gain nothing over them.
  int steps = 10;

  /// Length of an update along the mean of the used directions, in units of the rewards' deviation (α).
  /// Paper: 1e-3. Prototype: 3e-3 learns in ten steps, 3e-2 and more saturates at corners.
  double learning_rate = 3e-3;

  /// Deviation of the parameters' perturbation (ν). Paper: 1e-2 in Sec. 5.3, 0.008 in Sec. 4.
  double noise = 1e-2;

  /// Factor from the policy's output to the step in the unit cube (the paper says only that actions alter the
  /// state). Prototype: 1 to 3 learn; smaller ones do not leave the start, larger ones end at corners.
  double action_scale = 1.0;

  /// Quasi-random base samples of the posterior, the same for every state of a proposal. Facts: 64 in the
  /// benchmark.
  int base_samples = 64;

  /// Whether all agents pursue the proposal's weights (SEMANTICS section 4), or each draws its own.
  enum class Weights { shared, own };
  Weights weights = Weights::own;

  /// Agents beside the L whose start is no known point but the best of 256 random ones by its reward.
  int explorers = 0;

  /// By what the proposal is chosen among the states: by the agents' rewards (SEMANTICS section 4), or by the
  /// log expected hypervolume improvement, which compares proposals of different weights.
  enum class Choice { reward, hypervolume };
  Choice choice = Choice::hypervolume;

  /// States of greatest hypervolume improvement from which a climb along its gradient, and a search by single
  /// steps of integers and choices, go on; 0: none.
  int climbs = 2;

  /// Threads of one ask; 0 means as many as the machine has. No result depends on it.
  int threads = 0;

  /// Every so many proposals the measured constraints are doubted (doubt.hpp); 0: never. As `ehvi`.
  int doubt_every = 3;

  /// What the model may be: `kernel`, `warp` and `noise` (belief.hpp).
  BeliefOptions belief = {};

  /// Of one training, propose the best state of each agent (at most `agents` proposals), not one:
  /// `ars-batch`.
  bool batch = false;

  /// @throws InputError naming "solver.<field>", the value and the range
  void validate() const;
};

/// What the paper prints: 3000 directions at a learning rate of 1e-3. Beside these numbers, `preset: paper`
/// starts from parameters that are all zero, has ReLU in place of tanh (with an odd activation nothing would
/// ever be learned), leaves the objectives unscaled and proposes the best state seen in any rollout of the
/// last step by its reward; all agents share the weights, and the model is one of BoTorch's noise and
/// Matérn-5/2. Its action scale is 100: at 1 and a noise of 1e-2 in two layers the states hardly leave their
/// starts.
ArsOptions ars_options_of_paper();

/// From the scalars of a study file; `preset` is read first, the rest replaces single values.
/// @throws InputError naming "solver.<option>", the value and what is allowed
ArsOptions parse_ars_options(const SolverOptions& options);

/// In the order above: preset, directions, ...
std::vector<std::string> ars_option_names();

}  // namespace parsimony::solver
