#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/network/description.hpp"
#include "parsimony/network/training.hpp"

namespace parsimony::nn {

/// What keys every draw of one training: initial weights, the order of the cases, the calibration cases.
struct RandomKeys {
  std::uint64_t seed = 0;   ///< the study's
  std::uint64_t trial = 0;  ///< the trial's number
  std::string purpose;      ///< "fold0", "final", ...
};

/// One epoch as it went by.
struct EpochStatistics {
  int epoch = 0;      ///< from 0
  double loss = 0.0;  ///< mean of what is minimised over the training cases, each at the weights of its own
                      ///< batch [nats]
  double accuracy = 0.0;        ///< share of them classified rightly, likewise
  double rate = 0.0;            ///< learning rate
  std::int64_t channels = 0;    ///< left in the prunable groups
  std::int64_t parameters = 0;  ///< left, batch norm folded
};

/// All that a training depends on, and nothing else does.
struct TrainingJob {
  const network::Description* description = nullptr;  ///< unpruned
  std::vector<std::int32_t> kept;                     ///< [groups], as network::prune takes them
  network::TrainingSettings settings;
  const data::Dataset* training = nullptr;  ///< at least 2 cases, of the description's input shape row by row
  const data::Dataset* scored = nullptr;    ///< cases whose float logits are wanted; may be null
  RandomKeys keys;
  std::function<void(const EpochStatistics&)> on_epoch;  ///< called after each epoch; may be empty
  std::function<bool()> stop;  ///< asked before each batch; true ends the training; may be empty
};

/// A trained, pruned, quantised network, or why there is none.
struct TrainedNetwork {
  ir::Graph graph;                     ///< int8, verified; empty when diverged or stopped
  std::vector<EpochStatistics> curve;  ///< one an epoch
  bool diverged = false;
  bool stopped = false;             ///< job.stop said so
  std::string reason;               ///< why it diverged, with the epoch
  std::vector<float> float_logits;  ///< [n scored, classes] of the float network with batch norm folded
  double seconds_training = 0.0, seconds_quantising = 0.0;
};

/// Trains by SGD with momentum while removing filters physically (SEMANTICS 6; Zhu and Gupta 2017),
/// re-estimates the batch norms, folds them and quantises to int8 (SEMANTICS 6, facts/deployment.md 1). The
/// graph has the shapes and names of network::skeleton(network::prune(description, kept)). Runs on one thread
/// and depends on the job alone, bit for bit, for one build on one type of CPU. Divergence is an outcome, not
/// an error.
TrainedNetwork train(const TrainingJob& job);

}  // namespace parsimony::nn
