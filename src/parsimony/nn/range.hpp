#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace parsimony::nn {

/// Least and largest value of a tensor, widened to hold 0.
struct Range {
  double low = 0.0, high = 0.0;
  bool operator==(const Range&) const = default;
};

/// How a tensor's values lie in their range, in equal bins: what narrower ranges are estimated from. Every
/// estimate lies within the range and holds 0.
class Histogram {
 public:
  /// @param range  holds every value that will be added
  explicit Histogram(const Range& range);

  void add(double value) {
    if (value == 0.0)
      ++zeros_;
    else
      ++counts_[bin_of(value)];
  }

  /// Without the lowest and the highest (100 − percentile) % of the values, to a bin.
  Range percentile(double percentile) const;
  /// Of the ranges that keep k/64 of each side: where rounding (step² / 12 for each value inside but 0, which
  /// int8 holds exactly) and clipping together make the least squared error.
  Range least_error() const;

 private:
  static constexpr std::size_t kBins = 2048;

  std::size_t bin_of(double value) const;
  double edge(std::size_t bin) const;

  Range range_;
  std::array<std::int64_t, kBins> counts_{};
  std::int64_t zeros_ = 0;
};

}  // namespace parsimony::nn
