/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Input [rows, columns], output the same: softmax over the columns with scale 1/256 and zero point -128, in fixed
 * point. A row's exponentials are formed twice instead of being kept. */
struct parsimony_softmax {
  int32_t multiplier; /* of beta times the input's scale, with 5 integer bits */
  int32_t shift;
  int32_t least; /* differences below it count as 0 */
  uint16_t rows;
  uint16_t columns;
};

/* (a * b) / 2^31, rounded half up: TFLite's nudge and division do no other. */
PARSIMONY_INLINE int32_t parsimony_times(int32_t a, int32_t b)
{
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* x / 2^exponent, half away from zero, for an exponent of 1 ... 32. */
PARSIMONY_INLINE int32_t parsimony_over_power(int32_t x, int32_t exponent)
{
  return (((x + (x >> 31)) >> (exponent - 1)) + 1) >> 1;
}

/* A difference times beta and the input's scale, rounded as the network rounds. */
PARSIMONY_INLINE int32_t parsimony_exponent(const struct parsimony_softmax *p, int32_t difference)
{
#if defined(PARSIMONY_ROUNDS_ONCE)
  const int32_t right = 31 - p->shift;
  return (int32_t)(((int64_t)difference * p->multiplier + ((int64_t)1 << (right - 1))) >> right);
#else
  return parsimony_times((int32_t)((uint32_t)difference << p->shift), p->multiplier);
#endif
}

/* e^x of a difference x <= 0 of inputs, 0 where TFLite counts it as none: with 5 integer bits a polynomial in x
 * modulo 1/4, then a factor for each bit of the rest. */
PARSIMONY_KERNEL int32_t parsimony_exp(const struct parsimony_softmax *p, int32_t difference)
{
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t x = parsimony_exponent(p, difference);
  const int32_t last = (x & ((1 << 24) - 1)) - (1 << 24);
  const int32_t t = last * 32 + (1 << 28);
  const int32_t t2 = parsimony_times(t, t);
  const int32_t tail =
    parsimony_over_power(parsimony_times(parsimony_over_power(parsimony_times(t2, t2), 2) + parsimony_times(t2, t),
                                         715827883) + t2, 1);
  const uint32_t rest = (uint32_t)last - (uint32_t)x;
  int32_t result = 1895147668 + parsimony_times(1895147668, t + tail);
  int32_t bit;
  if (difference < p->least) {
    return 0;
  }
  if (x == 0) {
    return 2147483647;
  }
  for (bit = 0; bit < 7; ++bit) {
    if ((rest >> (24 + bit) & 1u) != 0u) {
      result = parsimony_times(result, factors[bit]);
    }
  }
  return result;
}

PARSIMONY_KERNEL void parsimony_softmax(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_softmax *const p = (const struct parsimony_softmax *)params;
  int32_t row;
  (void)aux;

  for (row = 0; row < p->rows; ++row, input += p->columns, output += p->columns) {
    int32_t most = -128;
    int32_t sum = 0;
    int32_t headroom = 0;
    int32_t half, y, step, c;
    for (c = 0; c < p->columns; ++c) {
      most = input[c] > most ? input[c] : most;
    }
    for (c = 0; c < p->columns; ++c) {
      sum += parsimony_over_power(parsimony_exp(p, input[c] - most), 12);
    }
    while (((uint32_t)sum << headroom & 0x80000000u) == 0u) {
      ++headroom;
    }
    /* 1 / sum by three Newton steps on half of sum * 2^headroom, which lies in [1, 2): none ever saturates */
    half = (int32_t)(((uint32_t)sum << headroom) >> 1);
    y = 1515870810 + parsimony_times(half, -1010580540);
    for (step = 0; step < 3; ++step) {
      y += 4 * parsimony_times(y, (1 << 29) - parsimony_times(half, y));
    }
    y = y > 1073741823 ? 2147483647 : y * 2;
    for (c = 0; c < p->columns; ++c) {
      const int32_t share = parsimony_over_power(parsimony_times(y, parsimony_exp(p, input[c] - most)), 35 - headroom);
      output[c] = (int8_t)(share > 255 ? 127 : share - 128);
    }
  }
}
/* -- to here -- */
