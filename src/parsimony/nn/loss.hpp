#pragma once

#include <cstdint>
#include <span>

namespace parsimony::nn {

/// Of one batch.
struct BatchLoss {
  double total = 0.0;      ///< sum of the cases' cross-entropies [nats]; not finite when a logit is not
  std::int64_t right = 0;  ///< cases whose largest logit is their class's; of equal ones the first counts
};

/// Softmax cross-entropy and its gradient's mean over the batch.
/// @param logits    [labels.size(), ld], of which `classes` are no padding
/// @param gradient  likewise; padding is set to 0
template <typename T>
BatchLoss cross_entropy(const T* logits, int ld, int classes, std::span<const std::int32_t> labels,
                        T* gradient);

}  // namespace parsimony::nn
