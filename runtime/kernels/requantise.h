/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_REQUANTISE_H
#define PARSIMONY_KERNELS_REQUANTISE_H
#include "common.h"
/* -- copied from here -- */
/* An int32 accumulator to int8: clamp(x * multiplier * 2^(shift - 31) + zero_point), rounded once, half up, or twice as
 * TFLite's reference kernels do: a doubling high multiplication, half up, then a division by a power of two, half away
 * from zero. The multiplier is not negative, shift is -31 ... 30, |x| * 2^shift < 1.5 * 2^30 (2^30 for shift -31:
 * the emitter has checked), so that adding the half cannot overflow. */
#if defined(PARSIMONY_ROUNDS_ONCE)
PARSIMONY_INLINE int32_t parsimony_scale(int32_t x, int32_t multiplier, int32_t shift)
{
  const int32_t right = 31 - shift;
  return (int32_t)(((int64_t)x * multiplier + ((int64_t)1 << (right - 1))) >> right);
}
#else
PARSIMONY_INLINE int32_t parsimony_scale(int32_t x, int32_t multiplier, int32_t shift)
{
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = left - shift;
  const int64_t product = (int64_t)(int32_t)((uint32_t)x << left) * multiplier;
  const int32_t high = (int32_t)((product + ((int64_t)1 << 30)) >> 31);
  const int32_t half = (int32_t)(((uint32_t)1 << right) >> 1);
  return (high + half - (int32_t)((uint32_t)(high & shift) >> 31)) >> right; /* one less if both are negative */
}
#endif
PARSIMONY_INLINE int8_t parsimony_requantise(int32_t x, int32_t multiplier, int32_t shift, int32_t zero_point,
                                             int32_t lowest, int32_t highest)
{
  int32_t above = parsimony_scale(x, multiplier, shift) + (zero_point - lowest); /* the lowest */
  above = above > 0 ? above : 0;
  above = above < highest - lowest ? above : highest - lowest;
  return (int8_t)(above + lowest);
}

PARSIMONY_INLINE int32_t parsimony_to_int8(int32_t value)
{
#if defined(__ARM_FEATURE_SAT) && defined(__GNUC__)
  int32_t saturated;
  __asm__("ssat %0, #8, %1" : "=r"(saturated) : "r"(value));
  return saturated;
#else
  return value < -128 ? -128 : value > 127 ? 127 : value;
#endif
}

/* parsimony_requantise over the whole of int8 for shifts of -1 ... -22, which are most, in half the instructions: the
 * halves and the zero point are added by the multiplication. `twice_zero` is 2 * zp + 1. Where x is negative the half
 * to round by is one less; where the product rounds to 0, that changes nothing. */
PARSIMONY_INLINE int8_t parsimony_requantise_quick(int32_t x, int32_t multiplier, int32_t shift, int32_t twice_zero)
{
#if defined(PARSIMONY_ROUNDS_ONCE)
  return (int8_t)parsimony_to_int8(parsimony_scale(x, multiplier, shift) + ((twice_zero - 1) >> 1));
#else
  const int32_t right = -1 - shift;
  const int64_t added = (int64_t)(int32_t)((uint32_t)twice_zero << right);
  const int64_t sum = (int64_t)x * multiplier + ((int64_t)((uint64_t)added << 31) | ((int64_t)1 << 30));
  return (int8_t)parsimony_to_int8((int32_t)((sum - (int64_t)((uint32_t)x & 0x80000000u)) >> 32) >> right);
#endif
}
/* -- to here -- */
#endif
