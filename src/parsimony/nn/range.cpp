#include "parsimony/nn/range.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace parsimony::nn {
namespace {

/// Shares of a side: 64ths of all down to a quarter, from there each .95 of the one before, down to 1/270,
/// and 0.
std::vector<double> shares() {
  std::vector<double> result;
  for (int k = 64; k > 16; --k) result.push_back(k / 64.0);
  for (double share = 0.25; share > 1.0 / 270.0; share *= 0.95) result.push_back(share);
  result.push_back(0.0);
  return result;
}

/// Count, sum and sum of squares of some values.
struct Sums {
  double count = 0.0, sum = 0.0, squares = 0.0;

  /// Σ (x − at)².
  double squared_distance(double at) const { return squares - 2.0 * at * sum + at * at * count; }
};

}  // namespace

Histogram::Histogram(const Range& range) : range_(range) {}

std::size_t Histogram::bin_of(double value) const {
  const double width = range_.high - range_.low;
  if (!(width > 0.0)) return 0;
  const double place = (value - range_.low) / width * static_cast<double>(kBins);
  return std::min(static_cast<std::size_t>(std::max(place, 0.0)), kBins - 1);
}

/// Where a bin begins; of kBins, where the last one ends.
double Histogram::edge(std::size_t bin) const {
  if (bin == kBins) return range_.high;
  return range_.low + (range_.high - range_.low) * static_cast<double>(bin) / static_cast<double>(kBins);
}

Range Histogram::percentile(double percentile) const {
  std::array<double, kBins> counts = counts_;
  counts[bin_of(0.0)] += zeros_;
  double all = 0.0;
  for (const double count : counts) all += count;
  const double left_out = all * (100.0 - percentile) / 100.0;
  std::size_t first = 0, end = kBins;
  for (double seen = 0.0; first + 1 < end; ++first)
    if ((seen += counts[first]) > left_out) break;
  for (double seen = 0.0; end > first + 1; --end)
    if ((seen += counts[end - 1]) > left_out) break;
  return {std::min(edge(first), 0.0), std::max(edge(end), 0.0)};
}

Range Histogram::least_error() const {
  std::array<Sums, kBins + 1> below{};
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    const double centre = (edge(bin) + edge(bin + 1)) / 2.0, count = counts_[bin];
    below[bin + 1] = {below[bin].count + count, below[bin].sum + count * centre,
                      below[bin].squares + count * centre * centre};
  }
  const auto above = [&](std::size_t bin) {
    const Sums &all = below[kBins], &rest = below[bin];
    return Sums{all.count - rest.count, all.sum - rest.sum, all.squares - rest.squares};
  };
  Range best = range_;
  double least = std::numeric_limits<double>::infinity();
  const std::vector<double> candidates = shares();
  for (const double low : candidates)
    for (const double high : candidates) {
      const Range range{range_.low * low, range_.high * high};
      const double step = (range.high - range.low) / 255.0;
      if (!(step > 0.0)) continue;
      const std::size_t first = bin_of(range.low), end = bin_of(range.high) + (high == 1.0 ? 1 : 0);
      const Sums under = below[first], over = above(end);
      const double inside = below[kBins].count - under.count - over.count;
      const double error =
          under.squared_distance(range.low) + over.squared_distance(range.high) + inside * step * step / 12.0;
      if (error < least) {
        least = error;
        best = range;
      }
    }
  return best;
}

}  // namespace parsimony::nn
