#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/solver/belief.hpp"
#include "parsimony/solver/scalarisation.hpp"
#include "parsimony/surrogate/posterior_batch.hpp"

namespace parsimony::solver {

/// How fast non-improvement is penalised beside improvement (Deutel et al. 2023, eq. 8).
constexpr float kPenalty = 1e-3f;

/// Base samples of the posterior: scrambled Sobol points through the normal quantile, one column for each
/// measured objective, then each measured constraint: [count, columns], column by column.
std::vector<float> draw_base_samples(int count, int columns, RandomStream& stream);

/// What an agent improves on.
struct Goal {
  Scalarisation scalarisation;
  double best = 0.0;  ///< the least of it so far
};

/// The reward of a state, SEMANTICS section 4.
class RewardModel {
 public:
  /// Keeps a reference to the problem. The belief is read in single precision, with at least the noise that
  /// this can bear.
  /// @param goals  not empty; agent k has goal k modulo their number
  RewardModel(const Problem& problem, const Belief& belief, std::vector<Goal> goals,
              std::vector<float> base_samples);

  /// Snaps the states and scores them. Safe to call from several threads; a state's reward depends on it
  /// and on the goal alone.
  /// @param states   [n, d] row by row, replaced by their snapped points
  /// @param rewards  [n]
  void score(std::span<double> states, std::span<float> rewards, std::size_t agent = 0) const;

 private:
  struct Tile;
  void take_computed(const Costs& costs, std::size_t first, const Scalarisation& scalarisation,
                     Tile& tile) const;
  void scale_moments(const Scalarisation& scalarisation, Tile& tile) const;
  void mean_rewards(float best, Tile& tile) const;

  const Problem& problem_;
  Quantities quantities_;
  std::vector<Goal> goals_;
  surrogate::PosteriorBatch posterior_;  ///< of the measured objectives, then of the measured constraints
  std::vector<surrogate::Standardisation> scales_;  ///< likewise: of what the posterior is given without them
  std::vector<OutputWarp> warps_;                   ///< [measured objectives]
  std::vector<float> base_samples_;
  int samples_;
};

}  // namespace parsimony::solver
