/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_REQUANTISE_H
#define PARSIMONY_KERNELS_REQUANTISE_H
#include "common.h"
/* -- copied from here -- */
/* An int32 accumulator to int8: clamp(x * multiplier * 2^(shift - 31) + zero_point), rounded twice as TFLite's
 * reference kernels do: a doubling high multiplication, half up, then a division by a power of two, half away
 * from zero. The multiplier is not negative, shift is -31 ... 30, |x| * 2^shift < 1.5 * 2^30 (2^30 for shift -31:
 * the emitter has checked), so that adding the half cannot overflow. */
PARSIMONY_INLINE int32_t parsimony_scale(int32_t x, int32_t multiplier, int32_t shift)
{
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = left - shift;
  const int64_t product = (int64_t)(int32_t)((uint32_t)x << left) * multiplier;
  const int32_t high = (int32_t)((product + ((int64_t)1 << 30)) >> 31);
  const int32_t half = (int32_t)(((uint32_t)1 << right) >> 1);
  return (high + half - (int32_t)((uint32_t)(high & shift) >> 31)) >> right; /* one less if both are negative */
}
PARSIMONY_INLINE int8_t parsimony_requantise(int32_t x, int32_t multiplier, int32_t shift, int32_t zero_point,
                                             int32_t lowest, int32_t highest)
{
  int32_t above = parsimony_scale(x, multiplier, shift) + (zero_point - lowest); /* the lowest */
  above = above > 0 ? above : 0;
  above = above < highest - lowest ? above : highest - lowest;
  return (int8_t)(above + lowest);
}
/* -- to here -- */
#endif
