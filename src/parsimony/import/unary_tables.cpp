#include "parsimony/import/unary_tables.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/ir/fixed_point.hpp"

namespace parsimony::tflite {
namespace {

/// Differences from a zero point are at most 255 < 2^8; a multiplier below this keeps them inside int32.
constexpr double kMostMultiplier = 1 << 22;

bool is_usable(double real) {
  return std::isfinite(real) && real >= 0.0 && real < kMostMultiplier;
}

std::int8_t clamped(std::int32_t value, std::int32_t min = -128, std::int32_t max = 127) {
  return static_cast<std::int8_t>(std::min(max, std::max(min, value)));
}

/// function(q) for q in −128 … 127.
template <typename Function>
Table tabulate(Function function) {
  Table table;
  for (std::int32_t q = -128; q <= 127; ++q) table.push_back(function(q));
  return table;
}

/// Difference from the zero point to a raw number with 4 integer bits, and the difference from which on the
/// function is at its end (TFLite's CalculateInputRadius).
struct SaturatingInput {
  ir::Multiplier by;
  std::int32_t radius = 0;
};

constexpr int kIntegerBits = 4;

std::optional<SaturatingInput> saturating_input(float scale) {
  const double real = double{scale} * (1 << (31 - kIntegerBits));
  SaturatingInput input;
  const double fraction = std::frexp(real, &input.by.shift);
  constexpr int kLeastShift = -22;  // an input scale of 2^-49: no two steps differ
  if (input.by.shift < kLeastShift) return std::nullopt;
  input.by.mantissa = static_cast<std::int32_t>(std::round(fraction * 2147483648.0));
  const double largest = ((1 << kIntegerBits) - 1) * double{1 << (31 - kIntegerBits)};
  const double radius = std::floor(std::ldexp(largest, -input.by.shift));
  input.radius = static_cast<std::int32_t>(std::min(radius, 1e9));
  return input;
}

/// value(x), a raw number with 0 integer bits, between the ends −128 and 127.
template <typename Function>
std::optional<Table> saturating_table(ir::Quantisation quantisation, ir::Rounding rounding, Function value) {
  const auto input = saturating_input(quantisation.scale);
  if (!input) return std::nullopt;
  return tabulate([&](std::int32_t q) -> std::int8_t {
    const std::int32_t difference = q - quantisation.zero_point;
    if (difference <= -input->radius) return -128;
    if (difference >= input->radius) return 127;
    return clamped(value(ir::multiply_by(difference, input->by, rounding)));
  });
}

// Hard swish in int16, as TFLite has it.

std::int16_t saturated(std::int32_t value) {
  return static_cast<std::int16_t>(std::clamp(value, -32768, 32767));
}

/// a · b / 2^15, rounded.
std::int16_t rounded_high(std::int16_t a, std::int16_t b) {
  const std::int32_t product = a * b;
  return saturated((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15));
}

/// a · b / 2^15, truncated.
std::int16_t truncated_high(std::int16_t a, std::int16_t b) {
  return saturated(a * b / (1 << 15));
}

std::int16_t shifted_left(std::int16_t value, int bits) {
  return saturated(static_cast<std::int32_t>(
      std::clamp<std::int64_t>(std::int64_t{value} * (std::int64_t{1} << bits), -32768, 32767)));
}

struct ShortMultiplier {
  std::int16_t mantissa = 0;  ///< of 2^15
  int exponent = 0;
};

ShortMultiplier short_multiplier(double real) {
  const ir::Multiplier whole = ir::quantised_multiplier(real);
  const std::int64_t rounded = (std::int64_t{whole.mantissa} + (1 << 15)) >> 16;
  return {saturated(static_cast<std::int32_t>(rounded)), whole.shift};
}

/// x of −3 … 3 to 0 … 1 in int16, beyond them saturated. `hires` is 128 times the difference from the zero
/// point.
std::int16_t reluish(std::int16_t hires, ShortMultiplier by) {
  std::int16_t value = hires;
  if (by.exponent > 0) value = shifted_left(value, by.exponent - 1);
  value = rounded_high(value, by.mantissa);
  if (by.exponent > 0) value = shifted_left(value, 1);
  if (by.exponent < 0) value = static_cast<std::int16_t>(ir::rounding_divide_by_power(value, -by.exponent));
  return static_cast<std::int16_t>((value + (1 << 15)) >> 1);
}

}  // namespace

std::optional<Table> relu_table(ir::Quantisation input, ir::Quantisation output, std::int32_t min,
                                std::int32_t max, ir::Rounding rounding) {
  const double real = double{input.scale} / output.scale;
  if (!is_usable(real)) return std::nullopt;
  const ir::Multiplier by = ir::quantised_multiplier(real);
  return tabulate([&](std::int32_t q) {
    return clamped(output.zero_point + ir::multiply_by(q - input.zero_point, by, rounding), min, max);
  });
}

std::optional<Table> requantise_table(ir::Quantisation input, ir::Quantisation output,
                                      ir::Rounding rounding) {
  const double real = double{input.scale} / output.scale;
  if (!is_usable(real)) return std::nullopt;
  const ir::Multiplier by = ir::quantised_multiplier(real);
  return tabulate([&](std::int32_t q) {
    return clamped(output.zero_point + ir::multiply_by(q - input.zero_point, by, rounding));
  });
}

Table relu6_table(ir::Quantisation input, std::int32_t six) {
  return tabulate([&](std::int32_t q) {
    return static_cast<std::int8_t>(q > six ? six : q < input.zero_point ? input.zero_point : q);
  });
}

std::optional<Table> leaky_relu_table(ir::Quantisation input, ir::Quantisation output, float alpha,
                                      ir::Rounding rounding) {
  const double identity_real = double{input.scale} / output.scale;
  const double alpha_real = double{input.scale} * alpha / output.scale;
  if (!is_usable(identity_real) || !is_usable(std::abs(alpha_real))) return std::nullopt;
  const ir::Multiplier identity = ir::quantised_multiplier(identity_real);
  const ir::Multiplier slope = ir::quantised_multiplier(std::abs(alpha_real));
  const std::int32_t sign = alpha_real < 0.0 ? -1 : 1;
  return tabulate([&](std::int32_t q) {
    const std::int32_t x = q - input.zero_point;
    const std::int32_t y =
        x >= 0 ? ir::multiply_by(x, identity, rounding) : sign * ir::multiply_by(x, slope, rounding);
    return clamped(output.zero_point + y);
  });
}

std::optional<Table> hard_swish_table(ir::Quantisation input, ir::Quantisation output) {
  const double hires_scale = input.scale / 128.0, reluish_scale = 3.0 / 32768.0;
  const double output_real = hires_scale / output.scale, reluish_real = hires_scale / reluish_scale;
  if (!is_usable(output_real) || !is_usable(reluish_real)) return std::nullopt;
  const ShortMultiplier to_output = short_multiplier(output_real);
  const ShortMultiplier to_reluish = short_multiplier(reluish_real);
  constexpr int kLeastExponent = -15;  // of int16
  if (to_output.exponent > 0 || to_output.exponent < kLeastExponent || to_reluish.exponent < kLeastExponent)
    return std::nullopt;
  return tabulate([&](std::int32_t q) {
    const auto hires = static_cast<std::int16_t>((q - input.zero_point) * 128);
    const std::int16_t on_output = rounded_high(hires, to_output.mantissa);
    const std::int16_t product = truncated_high(reluish(hires, to_reluish), on_output);
    return clamped(output.zero_point + ir::rounding_divide_by_power(product, -to_output.exponent));
  });
}

std::optional<Table> logistic_table(ir::Quantisation input, ir::Rounding rounding) {
  return saturating_table(input, rounding, [](std::int32_t x) {
    const std::int32_t of_positive = ir::one_over_one_plus(ir::exp_of_negative(x > 0 ? -x : x, kIntegerBits));
    const std::int32_t value = x == 0 ? 1 << 30 : x > 0 ? of_positive : 2147483647 - of_positive;
    return ir::rounding_divide_by_power(value, 31 - 8) - 128;
  });
}

std::optional<Table> tanh_table(ir::Quantisation input, ir::Rounding rounding) {
  return saturating_table(input, rounding, [](std::int32_t x) {
    // The raw number of x with one integer bit more is 2x.
    const std::int32_t of_positive =
        ir::one_minus_over_one_plus(ir::exp_of_negative(x > 0 ? -x : x, kIntegerBits + 1));
    const std::int32_t value = x == 0 ? 0 : x > 0 ? of_positive : -of_positive;
    return ir::rounding_divide_by_power(value, 31 - 7);
  });
}

}  // namespace parsimony::tflite
