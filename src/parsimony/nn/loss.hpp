#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/network/training_options.hpp"

namespace parsimony::nn {

/// Of one batch.
struct BatchLoss {
  double total = 0.0;      ///< weighted sum of the cases' losses [nats]; not finite when a logit is not
  double weight = 0.0;     ///< sum of their weights: their number, unless classes are weighted
  std::int64_t right = 0;  ///< cases whose largest logit is their class's; of equal ones the first counts
};

/// What each case asks of the logits.
struct LossTarget {
  double label_smoothing = 0.0;
  std::vector<double> class_weights{};  ///< [classes], or empty: all 1
};

/// @param labels  of the training part; a class without a case has weight 1
LossTarget loss_target(const network::LossOptions& options, std::span<const std::int32_t> labels,
                       int classes);

/// Softmax cross-entropy and its gradient's weighted mean over the batch (PyTorch's cross_entropy with
/// label_smoothing and weight).
/// @param logits    [labels.size(), ld], of which `classes` are no padding
/// @param gradient  likewise; padding is set to 0
template <typename T>
BatchLoss cross_entropy(const T* logits, int ld, int classes, std::span<const std::int32_t> labels,
                        T* gradient, const LossTarget& target = {});

}  // namespace parsimony::nn
