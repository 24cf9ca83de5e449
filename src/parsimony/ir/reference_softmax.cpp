#include <bit>

#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir::reference {
namespace {

// Fixed point as gemmlowp has it: a raw int32 with some integer bits, the rest fraction; SRDHM multiplies two
// of them and adds their integer bits. SRDHM for factors of either sign, not both INT32_MIN:
std::int32_t high_multiply(std::int32_t a, std::int32_t b) {
  const std::int64_t product = std::int64_t{a} * b;
  const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
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

/// e^x for x <= 0 with 5 integer bits; 0 integer bits out.
std::int32_t exp_of_negative(std::int32_t x) {
  constexpr int kFractionBits = 26;
  constexpr std::int32_t kQuarter = 1 << (kFractionBits - 2);
  // e^(−2^k) for the bits of the remainder from −1/4 to −16
  constexpr std::int32_t kFactors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (x == 0) return 2147483647;
  const std::int32_t last = (x & (kQuarter - 1)) - kQuarter;  // x modulo 1/4, in [−1/4, 0)
  std::int32_t result = exp_of_last_quarter(last * 32);
  const std::int32_t remainder = last - x;
  for (std::size_t bit = 0; bit < std::size(kFactors); ++bit)
    if ((remainder & (kQuarter << bit)) != 0) result = high_multiply(result, kFactors[bit]);
  return result;
}

/// 1 / (1 + x) for x in [0, 1], 0 integer bits: three Newton steps.
std::int32_t one_over_one_plus(std::int32_t x) {
  constexpr std::int32_t k48Over17 = 1515870810, kMinus32Over17 = -1010580540,
                         kOne = 1 << 29;        // 2 integer bits
  const auto times_four = [](std::int32_t v) {  // saturating shift left by 2
    return v > 536870911 ? 2147483647 : v < -536870912 ? -2147483647 - 1 : v * 4;
  };
  const std::int32_t half_denominator =
      static_cast<std::int32_t>((std::int64_t{x} + 2147483647 + 1) / 2);  // rounding half sum, both >= 0
  std::int32_t y = k48Over17 + high_multiply(half_denominator, kMinus32Over17);
  for (int step = 0; step < 3; ++step) {
    const std::int32_t error = kOne - high_multiply(half_denominator, y);
    y += times_four(high_multiply(y, error));
  }
  return y > 1073741823 ? 2147483647 : y * 2;
}

}  // namespace

Values softmax(const Graph& graph, const Operator& op, const Values& input) {
  constexpr int kAccumulationIntegerBits = 12;
  const SoftmaxScaling scaling = softmax_scaling(graph, op);
  const auto depth = static_cast<std::size_t>(graph.tensor(op.inputs[0]).shape.back());
  const auto exp_of = [&](std::int32_t difference) {
    return exp_of_negative(
        high_multiply(difference * (std::int32_t{1} << scaling.by.shift), scaling.by.mantissa));
  };
  Values output(input.size(), -128);
  for (std::size_t row = 0; row < input.size(); row += depth) {
    const std::int32_t largest = *std::max_element(input.begin() + static_cast<std::ptrdiff_t>(row),
                                                   input.begin() + static_cast<std::ptrdiff_t>(row + depth));
    std::int32_t sum = 0;
    for (std::size_t k = row; k < row + depth; ++k)
      if (input[k] - largest >= scaling.least)
        sum += rounding_divide_by_power(exp_of(input[k] - largest), kAccumulationIntegerBits);

    const int headroom = std::countl_zero(static_cast<std::uint32_t>(sum));
    const auto shifted =
        static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) - (1u << 31));
    const std::int32_t reciprocal = one_over_one_plus(shifted);
    const int exponent = kAccumulationIntegerBits - headroom + 31 - 8;
    for (std::size_t k = row; k < row + depth; ++k) {
      if (input[k] - largest < scaling.least) continue;
      const std::int32_t share =
          rounding_divide_by_power(high_multiply(reciprocal, exp_of(input[k] - largest)), exponent);
      output[k] = static_cast<std::int8_t>(std::clamp(share - 128, -128, 127));
    }
  }
  return output;
}

}  // namespace parsimony::ir::reference
