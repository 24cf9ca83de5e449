/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [inputs], weights [outputs, inputs] as packed below, output [outputs]: four outputs at a time, the last two by
 * themselves where that is what remains. Weight words as in parsimony_dsp_convolution_3, for each two depths those of
 * the first pair and of the second; after a block's words twice its biases and its multipliers, pair by pair. Up to
 * three bytes behind the input are read, and meet weights of zero. */
struct parsimony_dsp_fully_connected {
  const uint32_t *weights;
  const int8_t *shift; /* [outputs], a 1 for the missing one of the last pair */
  int32_t zero_point;  /* of the output, times 2, plus 1 */
  uint16_t inputs;     /* rounded up to a multiple of 4 */
  uint16_t outputs;
};

#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_PAIR(a, b, x)                    \
  "ldr %[raw], [%[w]], #4\n\t"                     \
  "sxtb16 %[low], %[raw]\n\t"                      \
  "smlad %[" b "], %[" x "], %[raw], %[" b "]\n\t" \
  "smlad %[" a "], %[" x "], %[low], %[" a "]\n\t"
#define PARSIMONY_STEP_FULL        \
  "ldr %[odd], [%[from]], #4\n\t"  \
  "sxtb16 %[x], %[odd]\n\t"        \
  PARSIMONY_PAIR("a0", "b0", "x")  \
  PARSIMONY_PAIR("a1", "b1", "x")  \
  "sxtb16 %[x], %[odd], ror #8\n\t" \
  PARSIMONY_PAIR("a0", "b0", "x")  \
  PARSIMONY_PAIR("a1", "b1", "x")
#endif

PARSIMONY_KERNEL void parsimony_dsp_fully_connected(const void *params, const int8_t *input, int8_t *aux,
                                                    int8_t *output)
{
  const struct parsimony_dsp_fully_connected *const p = (const struct parsimony_dsp_fully_connected *)params;
  const int8_t *const end = input + p->inputs;
  const uint32_t *w = p->weights;
  const int8_t *shift = p->shift;
  int32_t left = p->outputs;
  (void)aux;

  while (left > 0) {
    const int32_t pairs = left > 2 ? 2 : 1;
    int32_t sums[4] = {0, 0, 0, 0}; /* of each pair the first channel, and 256 times the second plus the first */
    const int8_t *from = input;
    int32_t channel;

#if defined(PARSIMONY_DSP_LOOPS)
    if (pairs == 2) {
      int32_t a0 = 0, a1 = 0, b0 = 0, b1 = 0, raw, low, x, odd;
      __asm__ volatile(
        "sub %[x], %[end], %[from]\n\t"
        "tst %[x], #4\n\t"
        "bne 2f\n\t"
        "1:\n\t" PARSIMONY_STEP_FULL
        "2:\n\t" PARSIMONY_STEP_FULL
        "cmp %[from], %[end]\n\t"
        "bne 1b\n\t"
        : [a0] "+r"(a0), [a1] "+r"(a1), [b0] "+r"(b0), [b1] "+r"(b1), [w] "+r"(w), [from] "+r"(from),
          [raw] "=&r"(raw), [low] "=&r"(low), [x] "=&r"(x), [odd] "=&r"(odd)
        : [end] "r"(end)
        : "cc", "memory");
      sums[0] = a0;
      sums[1] = b0;
      sums[2] = a1;
      sums[3] = b1;
    }
#endif
    for (; from != end; from += 4) {
      const int32_t four = parsimony_load_word(from);
      int32_t lanes = parsimony_sxtb16(four);
      int32_t half;
      for (half = 0; half < 2; ++half) {
        int32_t *sum = sums;
        for (; sum != sums + 2 * pairs; sum += 2) {
          const int32_t raw = (int32_t)*w++;
          sum[0] = parsimony_smlad(lanes, parsimony_sxtb16(raw), sum[0]);
          sum[1] = parsimony_smlad(lanes, raw, sum[1]);
        }
        lanes = parsimony_sxtb16_odd(four);
      }
    }

    for (channel = 0; channel < 2 * pairs && left > 0; ++channel, --left) {
      const int32_t odd = channel & 1, n = *shift++;
      const int32_t multiplier = (int32_t)w[2 + odd];
      int32_t x = sums[channel] * 2;
      if (odd != 0) {
        x = (int32_t)((uint32_t)sums[channel] - (uint32_t)sums[channel - 1]) >> 7;
      }
      x += (int32_t)w[odd];
      w += 4 * odd;
      *output++ = (int8_t)(n > 0 ? parsimony_requantise_twice(x, multiplier, parsimony_rounding(p->zero_point, n), n)
                                 : parsimony_requantise_any(x, multiplier, n, p->zero_point));
    }
  }
}
/* -- to here -- */
