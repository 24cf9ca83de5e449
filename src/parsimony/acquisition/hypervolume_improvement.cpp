#include "parsimony/acquisition/hypervolume_improvement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "parsimony/base/contracts.hpp"

namespace parsimony::acquisition {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTiny = 1e-250,
                 kHuge = 1e250;  // beyond them products may have lost digits: go by logarithms

int number_of(std::span<const double> levels, double level) {
  if (level == -kInfinity) return -1;
  return static_cast<int>(std::lower_bound(levels.begin(), levels.end(), level) - levels.begin());
}

}  // namespace

HypervolumeImprovement::HypervolumeImprovement(const pareto::Boxes& boxes)
    : m_(boxes.m), boxes_(boxes.size()), first_{0} {
  const auto m = static_cast<std::size_t>(m_);
  upper_.resize(boxes_ * m);
  lower_.resize(boxes_ * m);
  for (std::size_t j = 0; j < m; ++j) {
    std::vector<double> levels;
    for (std::size_t k = 0; k < boxes_; ++k) {
      levels.push_back(boxes.upper[k * m + j]);
      if (boxes.lower[k * m + j] != -kInfinity) levels.push_back(boxes.lower[k * m + j]);
    }
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    for (std::size_t k = 0; k < boxes_; ++k) {
      const int base = static_cast<int>(first_[j]);
      upper_[k * m + j] = base + number_of(levels, boxes.upper[k * m + j]);
      const int below = number_of(levels, boxes.lower[k * m + j]);
      lower_[k * m + j] = below < 0 ? -1 : base + below;
    }
    levels_.insert(levels_.end(), levels.begin(), levels.end());
    first_.push_back(levels_.size());
  }
}

double HypervolumeImprovement::direct(const std::vector<double>& gain) const {
  const auto m = static_cast<std::size_t>(m_);
  double sum = 0.0;
  for (std::size_t k = 0; k < boxes_; ++k) {
    double product = 1.0;
    for (std::size_t j = 0; j < m; ++j) {
      const int lower = lower_[k * m + j];
      product *= gain[static_cast<std::size_t>(upper_[k * m + j])] -
                 (lower < 0 ? 0.0 : gain[static_cast<std::size_t>(lower)]);
    }
    sum += product;
  }
  return sum;
}

double HypervolumeImprovement::log_value(std::span<const Outlook> outlooks) const {
  PARSIMONY_EXPECTS(static_cast<int>(outlooks.size()) == m_);
  std::vector<double> gain(levels_.size());
  for (std::size_t j = 0; j < outlooks.size(); ++j)
    for (std::size_t level = first_[j]; level < first_[j + 1]; ++level)
      gain[level] = expected_gain_value(levels_[level], outlooks[j]);
  const double sum = direct(gain);
  return sum > kTiny && sum < kHuge ? std::log(sum) : by_logarithms(outlooks, {}, {});
}

double HypervolumeImprovement::log_value(std::span<const Outlook> outlooks, std::span<double> by_mean,
                                         std::span<double> by_deviation) const {
  PARSIMONY_EXPECTS(static_cast<int>(outlooks.size()) == m_);
  PARSIMONY_EXPECTS(by_mean.size() == outlooks.size() && by_deviation.size() == outlooks.size());
  const auto m = static_cast<std::size_t>(m_);
  std::vector<double> gain(levels_.size()), mean_slope(levels_.size()), deviation_slope(levels_.size());
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t level = first_[j]; level < first_[j + 1]; ++level) {
      const ExpectedGain at = expected_gain(levels_[level], outlooks[j]);
      gain[level] = std::exp(at.logarithm);
      mean_slope[level] = gain[level] * at.by_mean;
      deviation_slope[level] = gain[level] * at.by_deviation;
    }
  const auto difference = [&](const std::vector<double>& table, std::size_t entry) {
    const int lower = lower_[entry];
    return table[static_cast<std::size_t>(upper_[entry])] -
           (lower < 0 ? 0.0 : table[static_cast<std::size_t>(lower)]);
  };
  std::fill(by_mean.begin(), by_mean.end(), 0.0);
  std::fill(by_deviation.begin(), by_deviation.end(), 0.0);
  std::vector<double> width(m);
  double sum = 0.0;
  for (std::size_t k = 0; k < boxes_; ++k) {
    double product = 1.0;
    for (std::size_t j = 0; j < m; ++j) product *= width[j] = difference(gain, k * m + j);
    sum += product;
    for (std::size_t j = 0; j < m; ++j) {
      double others = 1.0;
      for (std::size_t i = 0; i < m; ++i) others *= i == j ? 1.0 : width[i];
      by_mean[j] += others * difference(mean_slope, k * m + j);
      by_deviation[j] += others * difference(deviation_slope, k * m + j);
    }
  }
  if (!(sum > kTiny && sum < kHuge)) return by_logarithms(outlooks, by_mean, by_deviation);
  for (double& slope : by_mean) slope /= sum;
  for (double& slope : by_deviation) slope /= sum;
  return std::log(sum);
}

/// The same sums with every term as a logarithm, for where the direct ones under- or overflow.
double HypervolumeImprovement::by_logarithms(std::span<const Outlook> outlooks, std::span<double> by_mean,
                                             std::span<double> by_deviation) const {
  const auto m = static_cast<std::size_t>(m_);
  std::vector<ExpectedGain> gain(levels_.size());
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t level = first_[j]; level < first_[j + 1]; ++level)
      gain[level] = expected_gain(levels_[level], outlooks[j]);
  // log(G(u) − G(l)) and its slopes; with e = G(l)/G(u) they are (u's − e·l's)/(1 − e).
  const auto width = [&](std::size_t entry) {
    ExpectedGain result = gain[static_cast<std::size_t>(upper_[entry])];
    const int lower = lower_[entry];
    if (lower < 0 || result.logarithm == -kInfinity) return result;
    const ExpectedGain& low = gain[static_cast<std::size_t>(lower)];
    const double share = std::exp(std::min(0.0, low.logarithm - result.logarithm));
    if (share >= 1.0) return ExpectedGain{-kInfinity, 0.0, 0.0};
    return ExpectedGain{result.logarithm + std::log1p(-share),
                        (result.by_mean - share * low.by_mean) / (1.0 - share),
                        (result.by_deviation - share * low.by_deviation) / (1.0 - share)};
  };
  std::vector<double> term(boxes_, 0.0);
  std::vector<ExpectedGain> widths(boxes_ * m);
  double greatest = -kInfinity;
  for (std::size_t k = 0; k < boxes_; ++k) {
    for (std::size_t j = 0; j < m; ++j) term[k] += (widths[k * m + j] = width(k * m + j)).logarithm;
    greatest = std::max(greatest, term[k]);
  }
  std::fill(by_mean.begin(), by_mean.end(), 0.0);
  std::fill(by_deviation.begin(), by_deviation.end(), 0.0);
  if (greatest == -kInfinity) return greatest;
  double sum = 0.0;
  for (std::size_t k = 0; k < boxes_; ++k) {
    const double share = std::exp(term[k] - greatest);
    if (!(share > 0.0)) continue;
    sum += share;
    for (std::size_t j = 0; j < by_mean.size(); ++j) {
      by_mean[j] += share * widths[k * m + j].by_mean;
      by_deviation[j] += share * widths[k * m + j].by_deviation;
    }
  }
  for (double& slope : by_mean) slope /= sum;
  for (double& slope : by_deviation) slope /= sum;
  return greatest + std::log(sum);
}

}  // namespace parsimony::acquisition
