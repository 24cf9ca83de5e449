#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::evaluate {

/// What a network says about a set of cases, kept as counts so that folds can be pooled.
struct Score {
  std::int64_t cases = 0;
  std::int64_t correct = 0;
  std::int64_t float_correct = 0;       ///< by the network before it was quantised
  double cross_entropy_sum = 0.0;       ///< of the dequantised int8 logits, in nats, summed over the cases
  std::vector<std::int64_t> confusion;  ///< [classes, classes]: row the true class, column the predicted one

  double accuracy() const {
    return cases == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(cases);
  }
  double float_accuracy() const;
  double cross_entropy() const;           ///< mean
  std::vector<double> recall() const;     ///< [classes]; NaN for a class without cases
  Score& operator+=(const Score& other);  ///< pools; an empty score takes the other's shape
};

/// Runs the int8 network over every case, as the board would: raw values through quantise_input.
/// The predicted class is the largest logit, the first among equals.
Score score_graph(const ir::Graph& graph, const data::Dataset& cases);

/// Counts the float network's correct predictions into `score`. @param logits [cases, classes]
void add_float_logits(Score& score, std::span<const float> logits, const data::Dataset& cases);

/// Every case wrong, as a diverged network is scored: each counted for the class after its own.
Score all_wrong(const data::Dataset& cases);

}  // namespace parsimony::evaluate
