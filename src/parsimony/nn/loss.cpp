#include "parsimony/nn/loss.hpp"

#include <algorithm>
#include <cmath>

namespace parsimony::nn {

template <typename T>
BatchLoss cross_entropy(const T* logits, int ld, int classes, std::span<const std::int32_t> labels,
                        T* gradient) {
  BatchLoss loss;
  const T share = T(1) / static_cast<T>(labels.size());
  for (std::size_t b = 0; b < labels.size(); ++b, logits += ld, gradient += ld) {
    const T* best = std::max_element(logits, logits + classes);
    double sum = 0.0;
    for (int c = 0; c < classes; ++c)
      sum += std::exp(static_cast<double>(logits[c]) - static_cast<double>(*best));
    const double log_sum = std::log(sum) + static_cast<double>(*best);
    loss.total += log_sum - static_cast<double>(logits[labels[b]]);
    loss.right += best - logits == labels[b] ? 1 : 0;
    std::fill(gradient + classes, gradient + ld, T(0));
    for (int c = 0; c < classes; ++c)
      gradient[c] = static_cast<T>(std::exp(static_cast<double>(logits[c]) - log_sum)) * share;
    gradient[labels[b]] -= share;
  }
  return loss;
}

template BatchLoss cross_entropy<float>(const float*, int, int, std::span<const std::int32_t>, float*);
template BatchLoss cross_entropy<double>(const double*, int, int, std::span<const std::int32_t>, double*);

}  // namespace parsimony::nn
