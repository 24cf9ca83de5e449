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

  /// @param weight  how often it counts
  void add(double value, double weight = 1.0) { (value == 0.0 ? zeros_ : counts_[bin_of(value)]) += weight; }

  /// Without the lowest and the highest (100 − percentile) % of the values, to a bin.
  Range percentile(double percentile) const;
  /// Of some thousand ranges, down to 1/270 of each side: where rounding (step² / 12 for each value inside
  /// but 0, which int8 holds exactly) and clipping together make the least squared error.
  Range least_error() const;

 private:
  static constexpr std::size_t kBins = 2048;

  std::size_t bin_of(double value) const;
  double edge(std::size_t bin) const;

  Range range_;
  std::array<double, kBins> counts_{};
  double zeros_ = 0.0;
};

}  // namespace parsimony::nn
