#include "parsimony/compare/wilcoxon.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace parsimony::compare {
namespace {

/// A difference's size and sign, and twice its rank: with ties a rank is a multiple of one half.
struct Ranked {
  double size = 0.0;
  bool positive = false;
  int doubled_rank = 0;
};

std::vector<Ranked> ranked_by_size(std::span<const double> differences) {
  std::vector<Ranked> ranked;
  for (const double difference : differences)
    if (difference != 0.0) ranked.push_back({std::abs(difference), difference > 0.0, 0});
  std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) { return a.size < b.size; });
  for (std::size_t first = 0; first < ranked.size();) {
    std::size_t end = first;
    while (end < ranked.size() && ranked[end].size == ranked[first].size) ++end;
    for (std::size_t i = first; i < end; ++i) ranked[i].doubled_rank = static_cast<int>(first + 1 + end);
    first = end;
  }
  return ranked;
}

/// How many of the 2ⁿ sets of ranks have each doubled sum.
std::vector<double> counts_by_doubled_sum(const std::vector<Ranked>& ranked) {
  std::vector<double> counts{1.0};
  for (const Ranked& one : ranked) {
    const auto shift = static_cast<std::size_t>(one.doubled_rank);
    std::vector<double> next(counts.size() + shift, 0.0);
    for (std::size_t sum = 0; sum < counts.size(); ++sum) {
      next[sum] += counts[sum];
      next[sum + shift] += counts[sum];
    }
    counts = std::move(next);
  }
  return counts;
}

/// The distribution is symmetric: twice the tail at or beyond the smaller of W₊ and W₋.
double exact_p(const std::vector<Ranked>& ranked, int doubled_positive) {
  const std::vector<double> counts = counts_by_doubled_sum(ranked);
  const int total = static_cast<int>(counts.size()) - 1;
  const int smaller = std::min(doubled_positive, total - doubled_positive);
  double tail = 0.0;
  for (int sum = 0; sum <= smaller; ++sum) tail += counts[static_cast<std::size_t>(sum)];
  return std::min(1.0, 2.0 * tail / std::pow(2.0, static_cast<double>(ranked.size())));
}

double approximate_p(const std::vector<Ranked>& ranked, double positive) {
  const auto n = static_cast<double>(ranked.size());
  double squares = 0.0;  // of mean ranks: less than of 1 … n where there are ties
  for (const Ranked& one : ranked) squares += 0.25 * one.doubled_rank * one.doubled_rank;
  const double deviation = std::sqrt(squares / 4.0);
  const double distance = std::max(0.0, std::abs(positive - n * (n + 1.0) / 4.0) - 0.5);
  return std::erfc(distance / deviation / std::numbers::sqrt2);
}

}  // namespace

SignedRank signed_rank(std::span<const double> differences) {
  const std::vector<Ranked> ranked = ranked_by_size(differences);
  int doubled = 0;
  for (const Ranked& one : ranked)
    if (one.positive) doubled += one.doubled_rank;
  SignedRank result;
  result.n = static_cast<int>(ranked.size());
  result.positive = 0.5 * doubled;
  result.exact = result.n <= kMostExact;
  if (result.n > 0)
    result.p = result.exact ? exact_p(ranked, doubled) : approximate_p(ranked, result.positive);
  return result;
}

}  // namespace parsimony::compare
