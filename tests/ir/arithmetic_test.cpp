#include "parsimony/ir/arithmetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "parsimony/base/random.hpp"

namespace parsimony::ir {
namespace {

/// gemmlowp's SaturatingRoundingDoublingHighMul and RoundingDivideByPOT as their authors wrote them.
std::int32_t gemmlowp(std::int32_t x, Multiplier by) {
  const std::int64_t left = by.shift > 0 ? by.shift : 0, right = by.shift > 0 ? 0 : -by.shift;
  const std::int64_t product = std::int64_t{x} * (std::int64_t{1} << left) * by.mantissa;
  const std::int64_t nudge = product >= 0 ? (1ll << 30) : (1 - (1ll << 30));
  const std::int64_t high = (product + nudge) / (1ll << 31);
  const std::int64_t half = right == 0 ? 0 : 1ll << (right - 1);
  const std::int64_t magnitude = (std::abs(high) + half) >> right;
  return static_cast<std::int32_t>(high < 0 ? -magnitude : magnitude);
}

TEST(QuantisedMultiplier, SplitsKnownNumbers) {
  EXPECT_EQ(quantised_multiplier(1.0), (Multiplier{1 << 30, 1}));
  EXPECT_EQ(quantised_multiplier(0.5), (Multiplier{1 << 30, 0}));
  EXPECT_EQ(quantised_multiplier(0.75), (Multiplier{3 << 29, 0}));
  EXPECT_EQ(quantised_multiplier(0.0), (Multiplier{0, 0}));
  EXPECT_EQ(quantised_multiplier(std::ldexp(1.0, -32)), (Multiplier{1 << 30, -31}));
  EXPECT_EQ(quantised_multiplier(std::ldexp(0.99, -32)), (Multiplier{0, 0}));
}

TEST(QuantisedMultiplier, CarriesAMantissaThatRoundsUpToOne) {
  EXPECT_EQ(quantised_multiplier(1.0 - 1e-12), (Multiplier{1 << 30, 1}));
}

TEST(QuantisedMultiplier, IsWithinHalfAUnitOfItsThirtyOneBits) {
  RandomStream random(1, 0, "multipliers");
  for (int k = 0; k < 10000; ++k) {
    const double real = std::exp(random.uniform(-20.0, 5.0));
    const Multiplier by = quantised_multiplier(real);
    EXPECT_GE(by.mantissa, 1 << 30);
    EXPECT_NEAR(std::ldexp(by.mantissa, by.shift - 31) / real, 1.0, std::ldexp(1.0, -31));
  }
}

TEST(MultiplyBy, EqualsGemmlowpsDefinition) {
  RandomStream random(2, 0, "products");
  for (int k = 0; k < 1000000; ++k) {
    const Multiplier by{static_cast<std::int32_t>((1u << 30) + random.below(1u << 30)),
                        static_cast<std::int32_t>(random.below(36)) - 31};
    const int room = 31 - std::max(by.shift, 0);
    const auto x =
        static_cast<std::int32_t>(static_cast<std::int64_t>(random.bits()) >> (33 + random.below(20))) >>
        (31 - room);
    ASSERT_EQ(multiply_by(x, by, Rounding::twice), gemmlowp(x, by))
        << x << " by " << by.mantissa << ", " << by.shift;
  }
}

__extension__ using Wide = __int128;

/// ⌊x · mantissa · 2^(shift − 31) + 1/2⌋ of the exact quotient, by quotient and remainder.
std::int64_t rounded_half_up(std::int32_t x, Multiplier by) {
  const Wide divisor = Wide{1} << (31 - by.shift), product = Wide{x} * by.mantissa;
  Wide quotient = product / divisor, remainder = product % divisor;
  if (remainder < 0) --quotient, remainder += divisor;
  return static_cast<std::int64_t>(quotient + (2 * remainder >= divisor ? 1 : 0));
}

TEST(MultiplyBy, RoundsTheExactProductOnceWhereTheGraphSaysSo) {
  RandomStream random(4, 0, "single rounding");
  int differ = 0;
  for (int k = 0; k < 1000000; ++k) {
    const bool is_power = random.below(8) == 0;  // ties
    const Multiplier by{static_cast<std::int32_t>((1u << 30) + (is_power ? 0 : random.below(1u << 30))),
                        static_cast<std::int32_t>(random.below(62)) - 31};
    const int bits =
        static_cast<int>(random.below(static_cast<std::uint64_t>(30 - std::max(by.shift, 0)) + 1)) + 1;
    const auto x = static_cast<std::int32_t>(static_cast<std::int64_t>(random.bits()) >> (64 - bits));
    const std::int32_t once = multiply_by(x, by, Rounding::once);
    ASSERT_EQ(once, rounded_half_up(x, by)) << x << " by " << by.mantissa << ", " << by.shift;
    const std::int32_t twice = multiply_by(x, by, Rounding::twice);
    ASSERT_LE(std::abs(std::int64_t{once} - twice), 1);
    differ += once == twice ? 0 : 1;
  }
  EXPECT_GT(differ, 1000);
}

TEST(MultiplyBy, RoundsTiesAwayFromZeroAndTwice) {
  const Multiplier half = quantised_multiplier(0.5), quarter = quantised_multiplier(0.25);
  EXPECT_EQ(multiply_by(1, half, Rounding::twice), 1);
  EXPECT_EQ(multiply_by(-1, half, Rounding::twice),
            0);  // SRDHM rounds −0.5 up, unlike the division that follows it
  EXPECT_EQ(multiply_by(-3, half, Rounding::twice), -1);
  EXPECT_EQ(multiply_by(6, quarter, Rounding::twice), 2);
  EXPECT_EQ(multiply_by(-6, quarter, Rounding::twice), -2);
  EXPECT_EQ(multiply_by(1, quarter, Rounding::twice),
            1);  // 0.25 -> 0.5 rounded to 1 -> 0.5 rounded to 1: double rounding
}

TEST(MultiplyBy, IsWithinOneOfTheExactProduct) {
  RandomStream random(3, 0, "exact");
  for (int k = 0; k < 100000; ++k) {
    const double real = std::exp(random.uniform(-12.0, -1.0));
    const auto x = static_cast<std::int32_t>(random.below(1u << 24)) - (1 << 23);
    EXPECT_LE(std::abs(multiply_by(x, quantised_multiplier(real), Rounding::twice) - x * real), 1.0 + 1e-6);
  }
}

TEST(MultiplyBy, KeepsTheExtremesOfInt32) {
  constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  for (const std::int32_t x : {kLeast, kLeast + 1, kMost - 1, kMost})
    for (const std::int32_t shift : {0, -1, -15, -30, -31})
      EXPECT_EQ(multiply_by(x, {kMost, shift}, Rounding::twice), gemmlowp(x, {kMost, shift}));
}

TEST(MeanMultiplier, TruncatesOneOverCountIntoTheMantissa) {
  // 1/3 of 1.0: shift min(63 − clz(3), 32, 31 + 1) = 1, mantissa (2^30 << 1) / 3.
  EXPECT_EQ(mean_multiplier(1.0, 3), (Multiplier{715827882, 0}));
  EXPECT_EQ(mean_multiplier(1.0, 1), (Multiplier{1 << 30, 1}));
  EXPECT_EQ(mean_multiplier(0.5, 64), (Multiplier{1 << 30, -6}));
  // 31 + out_shift = 1 leaves one bit of shift for a count of 64.
  EXPECT_EQ(mean_multiplier(std::ldexp(0.5, -30), 64), (Multiplier{(1 << 30) / 32, -31}));
}

TEST(MeanMultiplier, IsCloseToTheRealQuotient) {
  RandomStream random(4, 0, "means");
  for (int k = 0; k < 10000; ++k) {
    const double real = random.uniform(0.1, 2.0);
    const auto count = static_cast<std::int64_t>(1 + random.below(5000));
    const Multiplier by = mean_multiplier(real, count);
    EXPECT_NEAR(std::ldexp(by.mantissa, by.shift - 31) / (real / static_cast<double>(count)), 1.0, 4e-9);
  }
}

}  // namespace
}  // namespace parsimony::ir
