#pragma once

#include <string>
#include <vector>

#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/parameters.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::nn {

/// What a pruning step does to the channels that go.
enum class Removing {
  physically,  ///< smaller tensors at once
  by_mask,     ///< kept in place at 0: what others do, and what removal is measured against
};

struct Epochs {
  std::vector<EpochStatistics> curve;
  bool diverged = false, stopped = false;
  std::string reason;
};

/// All epochs of a job (SEMANTICS 6), from initial weights to pruned ones.
/// @param parameters  of the unpruned network, initialised; pruned on return
Epochs train_epochs(const TrainingJob& job, const Cases<float>& cases, Parameters<float>& parameters,
                    Removing removing = Removing::physically);

}  // namespace parsimony::nn
