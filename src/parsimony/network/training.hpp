#pragma once

#include <cstdint>

#include "parsimony/network/training_options.hpp"

namespace parsimony::network {

enum class Schedule {
  steps_to_end,  ///< rate in epoch e >= e0: initial · gamma^⌊10·(e − e0)/(E − e0)⌋ (default, SEMANTICS 6)
  every_epoch,  ///< the literal reading: gamma^(e − e0 + 1)
};

/// How one network is trained: the paper's Table 3 (facts/paper.md 1), read as SEMANTICS 6 says.
struct TrainingSettings {
  std::int32_t epochs = 200;     ///< E, 1 … 10000
  std::int32_t batch_size = 40;  ///< 1 … 4096
  double learning_rate = 5e-3;   ///< initial
  double momentum = 0.9;
  double lr_schedule = 0.6;  ///< e0 = ⌊lr_schedule·E⌋
  double lr_gamma = 0.6;
  double weight_decay = 1e-4;      ///< L2 in the gradient
  double pruning_start = 0.2;      ///< t0, fraction of the epochs
  double pruning_end = 0.85;       ///< t1
  std::int32_t pruning_steps = 8;  ///< n
  Schedule schedule = Schedule::steps_to_end;
  bool decay_everything =
      false;  ///< paper-literal: weight decay on all parameters, not on conv and linear weights only
  TrainingOptions options{};
};

}  // namespace parsimony::network
