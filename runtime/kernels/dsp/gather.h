/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_DSP_GATHER_H
#define PARSIMONY_KERNELS_DSP_GATHER_H
#include "requantise_any.h"
/* -- copied from here -- */
/* A convolution of [height, width, channels] by [kernel_height, kernel_width] taps. The pixels run from the first to
 * the last or from the last to the first: `x`, `y` is the window's corner of the one that is computed first, `step_x`
 * and `step_y` the way to the next. Without dilation a row of taps is one run; with it each tap is one. */
struct parsimony_dsp_convolution {
  const uint32_t *weights; /* for each pair of channels depth / 2 words, twice biases 1 and 0, multipliers 0 and 1 */
  const int8_t *shift;     /* [output_channels], a 1 for the missing one of the last pair */
  int32_t output;          /* [B] of the pixel that is computed first */
  int32_t output_step;     /* [B] to the next one */
  int32_t zero_point;      /* of the output, times 2, plus 1 */
  int16_t x;
  int16_t y;
  int16_t step_x;
  int16_t step_y;
  uint16_t input_width;
  uint16_t input_height;
  uint16_t input_channels;
  uint16_t output_channels;
  uint16_t output_width;
  uint16_t pixels;
  uint16_t depth;   /* taps times channels, rounded up to a multiple of 4 */
  uint8_t rows;     /* of taps */
  uint8_t runs;     /* in a row */
  uint8_t run_taps; /* in a run */
  uint8_t dilation_y;
  uint8_t dilation_x;
  int8_t input_zero_point;
};

/* Four int8 at a time to int16 lanes (0, 2) and (1, 3), `step` bytes from one word to the next. */
PARSIMONY_INLINE uint8_t *parsimony_widen(const int8_t *from, int32_t words, uint8_t *to, int32_t step)
{
  const int8_t *const end = from + 4 * words;
  for (; from != end; from += 4) {
    const int32_t word = parsimony_load_word(from);
    const int32_t even = parsimony_sxtb16(word), odd = parsimony_sxtb16_odd(word);
    memcpy(to, &even, sizeof even);
    memcpy(to + step, &odd, sizeof odd);
    to += 2 * step;
  }
  return to;
}

PARSIMONY_INLINE uint8_t *parsimony_fill(int32_t lanes, int32_t words, uint8_t *to, int32_t step)
{
  for (; words > 0; --words) {
    memcpy(to, &lanes, sizeof lanes);
    memcpy(to + step, &lanes, sizeof lanes);
    to += 2 * step;
  }
  return to;
}

/* Copies the window at x, y as int16 lanes to `to`; taps outside the input hold its zero point. Channels are a
 * multiple of 4. */
PARSIMONY_KERNEL void parsimony_gather_words(const struct parsimony_dsp_convolution *p, const int8_t *input,
                                             int32_t y, int32_t x, uint8_t *to, int32_t step)
{
  const int32_t words = p->input_channels >> 2, taps = p->run_taps;
  const int32_t room = p->input_width - taps;
  const uint32_t zero = (uint32_t)p->input_zero_point & 0xffffu;
  const int32_t lanes = (int32_t)(zero | zero << 16);
  int32_t rows = p->rows;

  for (; rows > 0; --rows, y += p->dilation_y) {
    int32_t at = x, runs = p->runs;
    for (; runs > 0; --runs, at += p->dilation_x) {
      int32_t before = 0, inside = taps;
      if (y < 0 || y >= p->input_height) {
        before = taps;
        inside = 0;
      } else if (at < 0 || at > room) {
        const int32_t beyond = at > room ? at - room : 0;
        before = at < 0 ? -at : 0;
        before = before < taps ? before : taps;
        inside = taps - before - beyond;
        inside = inside > 0 ? inside : 0;
      }
      to = parsimony_fill(lanes, before * words, to, step);
      to = parsimony_widen(input + (y * p->input_width + at + before) * (words << 2), inside * words, to, step);
      to = parsimony_fill(lanes, (taps - before - inside) * words, to, step);
    }
  }
}

/* The same for any number of channels, by way of the window's bytes in `bytes`. */
PARSIMONY_KERNEL void parsimony_gather_bytes(const struct parsimony_dsp_convolution *p, const int8_t *input,
                                             int32_t y, int32_t x, uint8_t *to, int32_t step, int8_t *bytes)
{
  const int32_t channels = p->input_channels, taps = p->run_taps;
  int8_t *byte = bytes;
  int32_t rows = p->rows;

  for (; rows > 0; --rows, y += p->dilation_y) {
    int32_t at = x, runs = p->runs;
    for (; runs > 0; --runs, at += p->dilation_x) {
      int32_t first = at < 0 ? -at : 0, last = p->input_width - at;
      const int8_t *from;
      int32_t i;
      if (y < 0 || y >= p->input_height || first > taps) {
        first = taps;
      }
      last = last > taps ? taps : last;
      last = (last > first ? last : first) * channels;
      first *= channels;
      from = input + (y * p->input_width + at) * channels;
      for (i = 0; i < first; ++i) {
        *byte++ = p->input_zero_point;
      }
      for (; i < last; ++i) {
        *byte++ = from[i];
      }
      for (; i < taps * channels; ++i) {
        *byte++ = p->input_zero_point;
      }
    }
  }
  (void)parsimony_widen(bytes, p->depth >> 2, to, step);
}
/* -- to here -- */
#endif
