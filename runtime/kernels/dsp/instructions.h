/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_DSP_INSTRUCTIONS_H
#define PARSIMONY_KERNELS_DSP_INSTRUCTIONS_H
#include <stddef.h>
#include <string.h>

#include "../requantise.h"
/* -- copied from here -- */
/* The instructions of the DSP extension that compilers do not find by themselves, and the same in C for any other
 * core. A word holds two int16 lanes or four int8 lanes, the first in the lowest bits. */
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && defined(__GNUC__)
#define PARSIMONY_DSP
#if defined(__OPTIMIZE__) /* -O0 has no 12 registers for one loop */
#define PARSIMONY_DSP_LOOPS
#endif
#define PARSIMONY_ASM_2(name, text)                         \
  PARSIMONY_INLINE int32_t name(int32_t a)                  \
  {                                                         \
    int32_t d;                                              \
    __asm__(text " %0, %1" : "=r"(d) : "r"(a));             \
    return d;                                               \
  }
#define PARSIMONY_ASM_4(name, text)                                                 \
  PARSIMONY_INLINE int32_t name(int32_t a, int32_t b, int32_t c)                    \
  {                                                                                 \
    int32_t d;                                                                      \
    __asm__(text " %0, %1, %2, %3" : "=r"(d) : "r"(a), "r"(b), "r"(c));             \
    return d;                                                                       \
  }
PARSIMONY_ASM_2(parsimony_sxtb16, "sxtb16")           /* lanes 0 and 2 */
PARSIMONY_ASM_4(parsimony_smlad, "smlad")             /* a.0 * b.0 + a.1 * b.1 + c */
PARSIMONY_ASM_4(parsimony_smlabb, "smlabb")           /* a.0 * b.0 + c */
PARSIMONY_ASM_4(parsimony_smlabt, "smlabt")           /* a.0 * b.1 + c */
PARSIMONY_ASM_4(parsimony_smlatb, "smlatb")           /* a.1 * b.0 + c */
PARSIMONY_ASM_4(parsimony_smlatt, "smlatt")           /* a.1 * b.1 + c */
PARSIMONY_ASM_4(parsimony_smmlar, "smmlar")           /* (a * b + 2^31) / 2^32 + c */

PARSIMONY_INLINE int32_t parsimony_sxtb16_odd(int32_t a) /* lanes 1 and 3 */
{
  int32_t d;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(d) : "r"(a));
  return d;
}

PARSIMONY_INLINE int32_t parsimony_sxtab16(int32_t a, int32_t b) /* lanes 0 and 2, added to those of b */
{
  int32_t d;
  __asm__("sxtab16 %0, %1, %2" : "=r"(d) : "r"(b), "r"(a));
  return d;
}

PARSIMONY_INLINE int32_t parsimony_sxtab16_odd(int32_t a, int32_t b)
{
  int32_t d;
  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(d) : "r"(b), "r"(a));
  return d;
}

PARSIMONY_INLINE int32_t parsimony_saturate(int32_t a) /* to int8 */
{
  int32_t d;
  __asm__("ssat %0, #8, %1" : "=r"(d) : "r"(a));
  return d;
}
#else
PARSIMONY_INLINE int32_t parsimony_pair(int32_t low, int32_t high)
{
  return (int32_t)(((uint32_t)low & 0xffffu) | (uint32_t)high << 16);
}

PARSIMONY_INLINE int32_t parsimony_sxtb16(int32_t a)
{
  return parsimony_pair((int8_t)a, (int8_t)(a >> 16));
}

PARSIMONY_INLINE int32_t parsimony_sxtb16_odd(int32_t a)
{
  return parsimony_pair((int8_t)(a >> 8), (int8_t)(a >> 24));
}

PARSIMONY_INLINE int32_t parsimony_sxtab16(int32_t a, int32_t b)
{
  return parsimony_pair((int8_t)a + b, (int8_t)(a >> 16) + (b >> 16));
}

PARSIMONY_INLINE int32_t parsimony_sxtab16_odd(int32_t a, int32_t b)
{
  return parsimony_sxtab16(a >> 8, b);
}

PARSIMONY_INLINE int32_t parsimony_multiply_add(int32_t a, int32_t b, int32_t c)
{
  return (int32_t)((uint32_t)((int16_t)a * (int16_t)b) + (uint32_t)c);
}

PARSIMONY_INLINE int32_t parsimony_smlad(int32_t a, int32_t b, int32_t c)
{
  return parsimony_multiply_add(a >> 16, b >> 16, parsimony_multiply_add(a, b, c));
}

PARSIMONY_INLINE int32_t parsimony_smlabb(int32_t a, int32_t b, int32_t c)
{
  return parsimony_multiply_add(a, b, c);
}

PARSIMONY_INLINE int32_t parsimony_smlabt(int32_t a, int32_t b, int32_t c)
{
  return parsimony_multiply_add(a, b >> 16, c);
}

PARSIMONY_INLINE int32_t parsimony_smlatb(int32_t a, int32_t b, int32_t c)
{
  return parsimony_multiply_add(a >> 16, b, c);
}

PARSIMONY_INLINE int32_t parsimony_smlatt(int32_t a, int32_t b, int32_t c)
{
  return parsimony_multiply_add(a >> 16, b >> 16, c);
}

PARSIMONY_INLINE int32_t parsimony_smmlar(int32_t a, int32_t b, int32_t c)
{
  const int64_t product = (int64_t)a * b + (int64_t)0x80000000;
  return (int32_t)((uint32_t)((uint64_t)product >> 32) + (uint32_t)c);
}

PARSIMONY_INLINE int32_t parsimony_saturate(int32_t a)
{
  return a < -128 ? -128 : a > 127 ? 127 : a;
}
#endif

PARSIMONY_INLINE int32_t parsimony_load_word(const int8_t *from) /* of any alignment */
{
  int32_t word;
  memcpy(&word, from, sizeof word);
  return word;
}

/* Words of four times `byte` from `to` up to `end`, without libc's memset: that is larger than most kernels. */
PARSIMONY_INLINE void parsimony_fill(uint8_t *to, const uint8_t *end, int32_t byte)
{
  const uint32_t word = ((uint32_t)byte & 0xffu) * 0x01010101u;
  for (; to != end; to += 4) {
    memcpy(to, &word, sizeof word);
  }
}

PARSIMONY_INLINE int32_t parsimony_twice_lanes(int32_t lanes) /* of weights */
{
  return (int32_t)(((uint32_t)lanes << 1 & 0xfffeu) | (uint32_t)lanes >> 16 << 17);
}

/* A channel's requantisation: a byte n of 1 ... 22 is a right shift that takes 5 instructions; any other shift, and
 * a channel that the quick loops do not compute, is held as shift - 64. `zero_point` is 2 * zp + 1: half of it,
 * shifted, is the zero point and the half to round by. */
PARSIMONY_INLINE int32_t parsimony_rounding(int32_t zero_point, int32_t n)
{
  return (int32_t)((uint32_t)zero_point << n) >> 1;
}

/* Twice an accumulator to int8, rounded twice: below zero the half to round by is one less. */
PARSIMONY_INLINE int32_t parsimony_requantise_twice(int32_t twice, int32_t multiplier, int32_t rounding, int32_t n)
{
  return parsimony_saturate((parsimony_smmlar(twice, multiplier, rounding) + (twice >> 31)) >> n);
}
/* -- to here -- */
#endif
