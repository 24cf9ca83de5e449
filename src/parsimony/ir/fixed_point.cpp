#include "parsimony/ir/fixed_point.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::ir {
namespace {

constexpr std::int32_t kLargest = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kOneOfTwoBits = 1 << 29;  ///< 1 with 2 integer bits

std::int32_t saturating_shift_left(std::int32_t x, int bits) {
  const std::int64_t shifted = std::int64_t{x} * (std::int64_t{1} << bits);
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(shifted, std::numeric_limits<std::int32_t>::min(), kLargest));
}

/// e^x for x in [−1/4, 0), 0 integer bits in and out: a Taylor polynomial round −1/8.
std::int32_t exp_of_last_quarter(std::int32_t x_raw) {
  constexpr std::int32_t kExpOfMinusEighth = 1895147668, kThird = 715827883;
  const std::int32_t x = x_raw + (1 << 28);
  const std::int32_t x2 = high_multiply(x, x), x3 = high_multiply(x2, x), x4 = high_multiply(x2, x2);
  const std::int32_t x4_4 = rounding_divide_by_power(x4, 2);
  const std::int32_t tail = rounding_divide_by_power(high_multiply(x4_4 + x3, kThird) + x2, 1);
  return kExpOfMinusEighth + high_multiply(kExpOfMinusEighth, x + tail);
}

/// 2 / (1 + x) for x in [0, 1]: three Newton steps; 0 integer bits in, 2 out.
std::int32_t two_over_one_plus(std::int32_t x) {
  constexpr std::int32_t k48Over17 = 1515870810, kMinus32Over17 = -1010580540;
  const auto half_denominator =  // rounding half sum, both >= 0
      static_cast<std::int32_t>((std::int64_t{x} + kLargest + 1) / 2);
  std::int32_t y = k48Over17 + high_multiply(half_denominator, kMinus32Over17);
  for (int step = 0; step < 3; ++step) {
    const std::int32_t error = kOneOfTwoBits - high_multiply(half_denominator, y);
    y += saturating_shift_left(high_multiply(y, error), 2);
  }
  return y;
}

}  // namespace

std::int32_t high_multiply(std::int32_t a, std::int32_t b) {
  const std::int64_t product = std::int64_t{a} * b;
  const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

std::int32_t exp_of_negative(std::int32_t x, int integer_bits) {
  // e^(−2^k) for the bits of the remainder from −1/4 to −16
  constexpr std::int32_t kFactors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (x == 0) return kLargest;
  const std::int32_t quarter = 1 << (31 - integer_bits - 2);
  const std::int32_t last = (x & (quarter - 1)) - quarter;  // x modulo 1/4, in [−1/4, 0)
  std::int32_t result = exp_of_last_quarter(last * (1 << integer_bits));
  const std::int32_t remainder = last - x;
  for (int bit = 0; bit < integer_bits + 2; ++bit)
    if ((remainder & (quarter << bit)) != 0) result = high_multiply(result, kFactors[bit]);
  return result;
}

std::int32_t one_over_one_plus(std::int32_t x) {
  return saturating_shift_left(two_over_one_plus(x), 1);
}

std::int32_t one_minus_over_one_plus(std::int32_t x) {
  return saturating_shift_left(two_over_one_plus(x) - kOneOfTwoBits, 2);
}

}  // namespace parsimony::ir
