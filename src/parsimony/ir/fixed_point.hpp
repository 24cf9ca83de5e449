#pragma once

#include <cstdint>

namespace parsimony::ir {

// Fixed point as gemmlowp has it: a raw int32 with some integer bits, the rest fraction; a product of two has
// the sum of their integer bits. What SOFTMAX, LOGISTIC and TANH are made of, to the bit.

/// SaturatingRoundingDoublingHighMul for factors of either sign, not both INT32_MIN.
std::int32_t high_multiply(std::int32_t a, std::int32_t b);

/// e^x for x <= 0 with `integer_bits` (1 to 5) of them; 0 integer bits out.
std::int32_t exp_of_negative(std::int32_t x, int integer_bits);

/// 1 / (1 + x) for x in [0, 1], 0 integer bits in and out.
std::int32_t one_over_one_plus(std::int32_t x);

/// (1 − x) / (1 + x) for x in [0, 1], 0 integer bits in and out.
std::int32_t one_minus_over_one_plus(std::int32_t x);

}  // namespace parsimony::ir
