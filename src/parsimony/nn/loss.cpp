#include "parsimony/nn/loss.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"

namespace parsimony::nn {
namespace {

double weight_of(const LossTarget& target, std::int32_t label) {
  return target.class_weights.empty() ? 1.0 : target.class_weights[static_cast<std::size_t>(label)];
}

std::vector<double> balanced_weights(std::span<const std::int32_t> labels, int classes) {
  std::vector<double> counts(static_cast<std::size_t>(classes), 0.0);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  const auto present = classes - std::count(counts.begin(), counts.end(), 0.0);
  std::vector<double> weights;
  for (const double count : counts)
    weights.push_back(
        count > 0.0 ? static_cast<double>(labels.size()) / (static_cast<double>(present) * count) : 1.0);
  return weights;
}

}  // namespace

LossTarget loss_target(const network::LossOptions& options, std::span<const std::int32_t> labels,
                       int classes) {
  LossTarget target{options.label_smoothing, options.class_weights};
  if (options.weighting == network::ClassWeighting::balanced)
    target.class_weights = balanced_weights(labels, classes);
  PARSIMONY_EXPECTS(target.class_weights.empty() || static_cast<int>(target.class_weights.size()) == classes);
  return target;
}

template <typename T>
BatchLoss cross_entropy(const T* logits, int ld, int classes, std::span<const std::int32_t> labels,
                        T* gradient, const LossTarget& target) {
  BatchLoss loss;
  for (const std::int32_t label : labels) loss.weight += weight_of(target, label);
  const double spread = target.label_smoothing / classes;
  std::vector<double> wanted(static_cast<std::size_t>(classes));
  for (std::size_t b = 0; b < labels.size(); ++b, logits += ld, gradient += ld) {
    const T* best = std::max_element(logits, logits + classes);
    double sum = 0.0;
    for (int c = 0; c < classes; ++c)
      sum += std::exp(static_cast<double>(logits[c]) - static_cast<double>(*best));
    const double log_sum = std::log(sum) + static_cast<double>(*best);
    loss.right += best - logits == labels[b] ? 1 : 0;

    double mass = 0.0;
    for (int c = 0; c < classes; ++c) {
      double& of_class = wanted[static_cast<std::size_t>(c)];
      of_class = spread * weight_of(target, c);
      if (c == labels[b]) of_class += (1.0 - target.label_smoothing) * weight_of(target, c);
      mass += of_class;
      if (of_class > 0.0) loss.total += of_class * (log_sum - static_cast<double>(logits[c]));
    }
    std::fill(gradient + classes, gradient + ld, T(0));
    const T whole = static_cast<T>(loss.weight), share = static_cast<T>(mass) / whole;
    for (int c = 0; c < classes; ++c)
      gradient[c] = static_cast<T>(std::exp(static_cast<double>(logits[c]) - log_sum)) * share;
    for (int c = 0; c < classes; ++c)
      gradient[c] -= static_cast<T>(wanted[static_cast<std::size_t>(c)]) / whole;
  }
  return loss;
}

template BatchLoss cross_entropy<float>(const float*, int, int, std::span<const std::int32_t>, float*,
                                        const LossTarget&);
template BatchLoss cross_entropy<double>(const double*, int, int, std::span<const std::int32_t>, double*,
                                         const LossTarget&);

}  // namespace parsimony::nn
