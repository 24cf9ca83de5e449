#include "parsimony/nn/range.hpp"

#include <algorithm>
#include <limits>

namespace parsimony::nn {
namespace {

constexpr int kShares = 64;

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
  std::array<std::int64_t, kBins> counts = counts_;
  counts[bin_of(0.0)] += zeros_;
  std::int64_t all = 0;
  for (const std::int64_t count : counts) all += count;
  const double left_out = static_cast<double>(all) * (100.0 - percentile) / 100.0;
  std::size_t first = 0, end = kBins;
  for (double seen = 0.0; first + 1 < end; ++first)
    if ((seen += static_cast<double>(counts[first])) > left_out) break;
  for (double seen = 0.0; end > first + 1; --end)
    if ((seen += static_cast<double>(counts[end - 1])) > left_out) break;
  return {std::min(edge(first), 0.0), std::max(edge(end), 0.0)};
}

Range Histogram::least_error() const {
  std::array<Sums, kBins + 1> below{};
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    const double centre = (edge(bin) + edge(bin + 1)) / 2.0, count = static_cast<double>(counts_[bin]);
    below[bin + 1] = {below[bin].count + count, below[bin].sum + count * centre,
                      below[bin].squares + count * centre * centre};
  }
  const auto above = [&](std::size_t bin) {
    const Sums &all = below[kBins], &rest = below[bin];
    return Sums{all.count - rest.count, all.sum - rest.sum, all.squares - rest.squares};
  };
  Range best = range_;
  double least = std::numeric_limits<double>::infinity();
  for (int low_share = kShares; low_share >= 0; --low_share)
    for (int high_share = kShares; high_share >= 0; --high_share) {
      const Range range{range_.low * low_share / kShares, range_.high * high_share / kShares};
      const double step = (range.high - range.low) / 255.0;
      if (!(step > 0.0)) continue;
      const std::size_t first = bin_of(range.low), end = bin_of(range.high) + (high_share == kShares ? 1 : 0);
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
