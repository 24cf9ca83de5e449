#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// A positive real as mantissa · 2^(shift − 31); mantissa is 0 or in [2^30, 2^31).
struct Multiplier {
  std::int32_t mantissa = 0;
  std::int32_t shift = 0;  ///< −31 … 30 in a verified graph; positive shifts left, before the multiplication
  bool operator==(const Multiplier&) const = default;
};

/// TFLite's QuantizeMultiplier: mantissa and exponent of `real` (>= 0, finite), the mantissa rounded to 31
/// bits; under 2^−32 both are 0.
Multiplier quantised_multiplier(double real);

/// TFLite's MeanOrSum: the multiplier of `real` (input scale / output scale) with 1/count folded in,
/// truncated (not rounded) as there. count >= 1.
Multiplier mean_multiplier(double real, std::int64_t count);

/// gemmlowp's SaturatingRoundingDoublingHighMul for mantissa >= 0: (x · mantissa + nudge) / 2^31, C division,
/// nudge 2^30 or 1 − 2^30 by the product's sign. That is ⌊(x · mantissa + 2^30) / 2^31⌋ for either sign.
inline std::int32_t doubling_high_multiply(std::int32_t x, std::int32_t mantissa) {
  return static_cast<std::int32_t>((std::int64_t{x} * mantissa + (std::int64_t{1} << 30)) >> 31);
}

/// gemmlowp's RoundingDivideByPOT: x / 2^exponent, half away from zero; exponent 0 … 31.
inline std::int32_t rounding_divide_by_power(std::int32_t x, std::int32_t exponent) {
  const std::int32_t mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
  const std::int32_t remainder = x & mask;
  const std::int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

/// TFLite's MultiplyByQuantizedMultiplier: x · multiplier as every kernel forms it.
/// The verifier bounds x so that the left shift stays inside int32.
inline std::int32_t multiply_by(std::int32_t x, Multiplier by, Rounding rounding) {
  if (rounding == Rounding::once) {
    const std::int64_t half = std::int64_t{1} << (30 - by.shift);
    return static_cast<std::int32_t>((std::int64_t{x} * by.mantissa + half) >> (31 - by.shift));
  }
  const std::int32_t left = by.shift > 0 ? by.shift : 0;
  const std::int32_t right = by.shift > 0 ? 0 : -by.shift;
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << left);
  return rounding_divide_by_power(doubling_high_multiply(shifted, by.mantissa), right);
}

/// ADD and SUB scale the difference of an input from its zero point by 2^20 first.
constexpr int kAddLeftShift = 20;

/// What takes an operator's int32 accumulator to its output: q = clamp(multiply_by(acc, m) + output zero
/// point).
struct Requantisation {
  /// Operators with weights: one for each output channel; add, subtract: of the inputs and of their sum;
  /// mean, multiply: one; others: none.
  std::vector<Multiplier> channels;
  bool operator==(const Requantisation&) const = default;
};

/// Multipliers of `op`, scales multiplied in double as TFLite Micro does: s_in · s_w[c] / s_out for operators
/// with weights, mean_multiplier(s_in / s_out, count) for MEAN, s_1 · s_2 / s_out for MUL; for ADD s_1 / 2s,
/// s_2 / 2s and 2s / (2^20 · s_out) with the larger operand scale s, a constant being the second. The graph
/// is verified and no skeleton. Older builds of TFLite Micro (January 2025) formed some of these products and
/// ratios in float: SUB's, and that of a fully connected layer with one weight scale. The build of October
/// 2026 forms all in double, and so do we.
Requantisation requantisation(const Graph& graph, const Operator& op);
/// The real multiplier of channel c of an operator with weights.
double weighted_multiplier(const Graph& graph, const Operator& op, std::size_t channel);
/// Those of add and subtract: first input, second input, sum.
std::array<double, 3> addition_multipliers(const Graph& graph, const Operator& op);

/// SOFTMAX: e^(beta · s_in · d) for a difference d <= 0 from the row's maximum is formed of d · 2^shift ·
/// mantissa with 5 integer bits; what is below `least` counts as 0 (TFLite's PreprocessSoftmaxScaling,
/// CalculateInputRadius).
struct SoftmaxScaling {
  Multiplier by;  ///< shift >= 0 in a verified graph
  std::int32_t least = 0;
};
SoftmaxScaling softmax_scaling(const Graph& graph, const Operator& op);

/// Elements that MEAN averages for one output: the product of the input's spatial axes.
std::int64_t mean_count(const Graph& graph, const Operator& op);

}  // namespace parsimony::ir
