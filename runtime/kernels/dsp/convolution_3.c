/* SPDX-License-Identifier: 0BSD */
#include "gather.h"
/* -- copied from here -- */
/* Input [height, width, channels], weights [output_channels, kernel_height, kernel_width, channels] as packed below,
 * output [output_height, output_width, output_channels]. Three pixels' windows are copied to the scratch as int16,
 * lane by lane side by side, then all their outputs are computed, two channels at a time.
 *
 * A weight word holds two channels at two depths: lane i is 256 * w1[i] + w0[i], the low byte with its sign. So one
 * SXTB16 gives channel 0, the word as it is 256 times channel 1 plus channel 0, and the difference of the two sums,
 * a multiple of 256, channel 1: exact while that stays below 2^23, which 512 depths do. */
#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_STEP_3                  \
  "ldr %[raw], [%[w]], #4\n\t"            \
  "ldr %[x], [%[from]], #4\n\t"           \
  "sxtb16 %[low], %[raw]\n\t"             \
  "smlad %[b0], %[x], %[raw], %[b0]\n\t"  \
  "smlad %[a0], %[x], %[low], %[a0]\n\t"  \
  "ldr %[x], [%[from]], #4\n\t"           \
  "smlad %[b1], %[x], %[raw], %[b1]\n\t"  \
  "smlad %[a1], %[x], %[low], %[a1]\n\t"  \
  "ldr %[x], [%[from]], #4\n\t"           \
  "smlad %[b2], %[x], %[raw], %[b2]\n\t"  \
  "smlad %[a2], %[x], %[low], %[a2]\n\t"
#endif

PARSIMONY_KERNEL void parsimony_dsp_convolution_3(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_convolution *const p = (const struct parsimony_dsp_convolution *)params;
  uint8_t *const windows = (uint8_t *)aux;
  int8_t *out = output + p->output;
  int32_t y = p->y, x = p->x;
  const int32_t words = p->depth >> 1;
  int32_t in_row = p->output_width, pixels = p->pixels;

  for (; pixels > 0; pixels -= 3) {
    const int32_t count = pixels < 3 ? pixels : 3;
    const uint32_t *w = p->weights;
    const int8_t *shift = p->shift;
    const int32_t step1 = count > 1 ? p->output_step : 0; /* a missing pixel's output is overwritten */
    const int32_t step2 = count > 2 ? 2 * p->output_step : 0;
    int8_t *to = out;
    int32_t channels = p->output_channels;
    int32_t pixel;

    for (pixel = 0; pixel < count; ++pixel) {
      if ((p->input_channels & 3) == 0) {
        parsimony_gather_words(p, input, y, x, windows + 4 * pixel, 12);
      } else {
        parsimony_gather_bytes(p, input, y, x, windows + 4 * pixel, 12, aux + 6 * p->depth);
      }
      x += p->step_x;
      if (--in_row == 0) {
        in_row = p->output_width;
        x = p->x;
        y += p->step_y;
      }
    }
    out += 3 * p->output_step;

    for (; channels > 0; channels -= 2) {
      const uint8_t *from = windows;
      const uint32_t *const end = w + words;
      int8_t *at;
      int32_t a0 = 0, a1 = 0, a2 = 0, b0 = 0, b1 = 0, b2 = 0; /* channel 0; 256 times channel 1 plus channel 0 */
      int32_t bias, n0, n1;

#if defined(PARSIMONY_DSP_LOOPS)
      {
        int32_t raw, low, lanes;
        __asm__ volatile(
          "sub %[x], %[end], %[w]\n\t"
          "tst %[x], #8\n\t"
          "bne 2f\n\t"
          "1:\n\t" PARSIMONY_STEP_3 PARSIMONY_STEP_3
          "2:\n\t" PARSIMONY_STEP_3 PARSIMONY_STEP_3
          "cmp %[w], %[end]\n\t"
          "bne 1b\n\t"
          : [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2), [b0] "+r"(b0), [b1] "+r"(b1), [b2] "+r"(b2), [w] "+r"(w),
            [from] "+r"(from), [raw] "=&r"(raw), [low] "=&r"(low), [x] "=&r"(lanes)
          : [end] "r"(end)
          : "cc", "memory");
      }
#else
      for (; w != end; ++w, from += 12) {
        const int32_t raw = (int32_t)*w, low = parsimony_sxtb16(raw);
        int32_t lanes[3];
        memcpy(lanes, from, sizeof lanes);
        b0 = parsimony_smlad(lanes[0], raw, b0);
        a0 = parsimony_smlad(lanes[0], low, a0);
        b1 = parsimony_smlad(lanes[1], raw, b1);
        a1 = parsimony_smlad(lanes[1], low, a1);
        b2 = parsimony_smlad(lanes[2], raw, b2);
        a2 = parsimony_smlad(lanes[2], low, a2);
      }
#endif
      bias = (int32_t)w[1];
      b0 = bias + ((int32_t)((uint32_t)b0 - (uint32_t)a0) >> 7);
      b1 = bias + ((int32_t)((uint32_t)b1 - (uint32_t)a1) >> 7);
      b2 = bias + ((int32_t)((uint32_t)b2 - (uint32_t)a2) >> 7);
      bias = (int32_t)w[0];
      a0 = bias + a0 * 2;
      a1 = bias + a1 * 2;
      a2 = bias + a2 * 2;
      n0 = shift[0];
      n1 = shift[1];
      shift += 2;
      if ((n0 | n1) > 0) {
        int32_t rounding = parsimony_rounding(p->zero_point, n0), multiplier = (int32_t)w[2];
        a0 = parsimony_requantise_twice(a0, multiplier, rounding, n0);
        a1 = parsimony_requantise_twice(a1, multiplier, rounding, n0);
        a2 = parsimony_requantise_twice(a2, multiplier, rounding, n0);
        rounding = parsimony_rounding(p->zero_point, n1), multiplier = (int32_t)w[3];
        b0 = parsimony_requantise_twice(b0, multiplier, rounding, n1);
        b1 = parsimony_requantise_twice(b1, multiplier, rounding, n1);
        b2 = parsimony_requantise_twice(b2, multiplier, rounding, n1);
      } else {
        a0 = parsimony_requantise_any(a0, (int32_t)w[2], n0, p->zero_point);
        a1 = parsimony_requantise_any(a1, (int32_t)w[2], n0, p->zero_point);
        a2 = parsimony_requantise_any(a2, (int32_t)w[2], n0, p->zero_point);
        b0 = parsimony_requantise_any(b0, (int32_t)w[3], n1, p->zero_point);
        b1 = parsimony_requantise_any(b1, (int32_t)w[3], n1, p->zero_point);
        b2 = parsimony_requantise_any(b2, (int32_t)w[3], n1, p->zero_point);
      }
      w += 4;
      at = to;
      to += 2;
      if (channels > 1) {
        at[step2 + 1] = (int8_t)b2;
        at[step1 + 1] = (int8_t)b1;
        at[1] = (int8_t)b0;
      }
      at[step2] = (int8_t)a2;
      at[step1] = (int8_t)a1;
      at[0] = (int8_t)a0;
    }
  }
}
/* -- to here -- */
