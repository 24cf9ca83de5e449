#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/solver/ars_model.hpp"
#include "parsimony/solver/scalarisation.hpp"
#include "parsimony/surrogate/posterior_batch.hpp"

namespace parsimony::solver {

/// How fast non-improvement is penalised beside improvement (Deutel et al. 2023, eq. 8).
constexpr float kPenalty = 1e-3f;

/// Base samples of the posterior: scrambled Sobol points through the normal quantile, one column for each
/// measured objective, then each measured constraint: [count, columns], column by column.
std::vector<float> draw_base_samples(int count, int columns, RandomStream& stream);

/// The reward of a state, SEMANTICS section 4.
class RewardModel {
 public:
  /// Keeps a reference to the problem.
  RewardModel(const Problem& problem, const SurrogateModel& model, const Scalarisation& scalarisation,
              double best, std::vector<float> base_samples);

  /// Snaps the states and scores them. Safe to call from several threads; a state's reward depends on it
  /// alone.
  /// @param states   [n, d] row by row, replaced by their snapped points
  /// @param rewards  [n]
  void score(std::span<double> states, std::span<float> rewards) const;

 private:
  struct Tile;
  void take_computed(const Costs& costs, std::size_t first, Tile& tile) const;
  void scale_moments(Tile& tile) const;
  void mean_rewards(Tile& tile) const;

  const Problem& problem_;
  Quantities quantities_;
  Scalarisation scalarisation_;
  surrogate::PosteriorBatch posterior_;  ///< of the measured objectives, then of the measured constraints
  std::vector<float> units_;             ///< [measured constraints] 1/deviation of the observed values
  float best_;
  std::vector<float> base_samples_;
  int samples_;
};

}  // namespace parsimony::solver
