#pragma once

#include <algorithm>
#include <cstdint>

#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/ir/packed_operator.hpp"

namespace parsimony::ir {

/// Sixteen int32 accumulators in plain C++: the vocabulary that the evaluator's kernels are written in.
/// Sums wrap as the vector units' do; the verifier bounds the final value.
struct PortableLanes {
  static constexpr int kRows = 2;
  static constexpr int kVectors = 1;

  struct Sums {
    std::uint32_t lane[kLanes];
  };

  static Sums load(const std::int32_t* values) {
    Sums sums;
    for (int k = 0; k < kLanes; ++k) sums.lane[k] = static_cast<std::uint32_t>(values[k]);
    return sums;
  }

  /// Sixteen bytes, less `offset`.
  static Sums widen(const std::uint8_t* bytes, std::int32_t offset) {
    Sums sums;
    for (int k = 0; k < kLanes; ++k) sums.lane[k] = static_cast<std::uint32_t>(bytes[k] - offset);
    return sums;
  }

  static Sums add(const Sums& a, const Sums& b) {
    Sums sums;
    for (int k = 0; k < kLanes; ++k) sums.lane[k] = a.lane[k] + b.lane[k];
    return sums;
  }

  static Sums multiply(const Sums& a, const Sums& b) {
    Sums sums;
    for (int k = 0; k < kLanes; ++k) sums.lane[k] = a.lane[k] * b.lane[k];
    return sums;
  }

  /// sums[k] += Σ_j bytes[j] · weights[4k + j]: the same four bytes for every lane.
  static void dot_same(Sums& sums, const std::uint8_t* bytes, const std::int8_t* weights) {
    for (int k = 0; k < kLanes; ++k)
      for (int j = 0; j < 4; ++j) sums.lane[k] += static_cast<std::uint32_t>(bytes[j] * weights[4 * k + j]);
  }

  /// sums[k] += Σ_j taps[j][k] · weights[4k + j]: a lane's four bytes come from four rows.
  static void dot_taps(Sums& sums, const std::uint8_t* const (&taps)[4], const std::int8_t* weights) {
    for (int j = 0; j < 4; ++j)
      for (int k = 0; k < kLanes; ++k)
        sums.lane[k] += static_cast<std::uint32_t>(taps[j][k] * weights[4 * k + j]);
  }

  /// Sixteen sums to sixteen bytes, by the multipliers of channels `channel` to channel + 15.
  static void store(std::uint8_t* bytes, const Sums& sums, const PackedRequantisation& by,
                    std::int64_t channel) {
    for (int k = 0; k < kLanes; ++k) {
      const Multiplier multiplier{
          by.mantissa[static_cast<std::size_t>(channel + k)],
          by.left[static_cast<std::size_t>(channel + k)] - by.right[static_cast<std::size_t>(channel + k)]};
      const std::int32_t value =
          multiply_by(static_cast<std::int32_t>(sums.lane[k]), multiplier, Rounding::twice) + by.zero_point;
      bytes[k] = static_cast<std::uint8_t>(std::clamp(value, by.low, by.high));
    }
  }

  /// bytes[k] = table[bytes[k]] for count bytes, a multiple of 16.
  static void look_up(const std::uint8_t* from, std::uint8_t* to, std::int64_t count,
                      const std::uint8_t* table) {
    for (std::int64_t k = 0; k < count; ++k) to[k] = table[from[k]];
  }
};

}  // namespace parsimony::ir
