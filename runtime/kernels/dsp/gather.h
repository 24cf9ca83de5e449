/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_DSP_GATHER_H
#define PARSIMONY_KERNELS_DSP_GATHER_H
#include "requantise_any.h"
/* -- copied from here -- */
/* A convolution of [height, width, channels] by [kernel_height, kernel_width] taps. The pixels run from the first
 * to the last or from the last to the first: `x`, `y` is the window's corner of the one that is computed first,
 * `step_x` and `step_y` the way to the next. Without dilation a row of taps is one run; with it each tap is one. */
struct parsimony_dsp_convolution {
  const uint32_t *weights; /* for each pair of channels depth / 2 words, twice biases 1 and 0, multipliers 0 and 1 */
  const int8_t *shift;     /* [output_channels], a 1 for the missing one of the last pair */
  int32_t output;          /* [B] of the pixel that is computed first */
  int32_t output_step;     /* [B] to the next one */
  int32_t pixels;
  int32_t zero_point;      /* of the output, times 2, plus 1 */
  int16_t x;
  int16_t y;
  int16_t step_x;
  int16_t step_y;
  int16_t last_x; /* where a window still lies inside the input */
  int16_t last_y;
  uint16_t input_width;
  uint16_t input_height;
  uint16_t input_channels;
  uint16_t output_channels;
  uint16_t output_width;
  uint16_t depth;   /* taps times channels, rounded up to a multiple of 4 */
  uint8_t rows;     /* of taps */
  uint8_t runs;     /* in a row */
  uint8_t run_taps; /* in a run */
  uint8_t dilation_y;
  uint8_t dilation_x;
  uint8_t points; /* 1: one tap, stride 1, no padding, channels a multiple of 4: pixels are the input's, in order */
  int8_t input_zero_point;
};

/* Four int8 at a time to int16 lanes (0, 2) and (1, 3), `step` bytes from one word to the next. */
PARSIMONY_INLINE uint8_t *parsimony_widen(const int8_t *from, const int8_t *end, uint8_t *to, int32_t step)
{
  while (from != end) {
    const int32_t word = parsimony_load_word(from);
    const int32_t even = parsimony_sxtb16(word), odd = parsimony_sxtb16_odd(word);
    from += 4;
    memcpy(to, &even, sizeof even);
    memcpy(to + step, &odd, sizeof odd);
    to += 2 * step;
  }
  return to;
}

/* Copies `count` pixels, each `next` bytes behind the one before. */
PARSIMONY_KERNEL void parsimony_gather_points(const int8_t *from, int32_t channels, int32_t next, uint8_t *to,
                                              int32_t step, int32_t count)
{
  int32_t at = 0;
  for (; count > 0; --count, at += next, to += 4) {
    (void)parsimony_widen(from + at, from + at + channels, to, step);
  }
}

/* How many of `taps` from position `at` on lie before a line of `size`, and how many within. */
struct parsimony_taps {
  int32_t before;
  int32_t within;
};

PARSIMONY_INLINE struct parsimony_taps parsimony_clip(int32_t at, int32_t taps, int32_t size, int32_t outside)
{
  struct parsimony_taps clipped;
  int32_t end = size - at;
  end = end < taps ? end : taps;
  clipped.before = at < 0 ? -at : 0;
  clipped.within = end - clipped.before;
  if (outside || clipped.within <= 0) {
    clipped.before = taps;
    clipped.within = 0;
  }
  return clipped;
}

/* Copies the window at x, y as int16 lanes to `to`; taps outside the input hold its zero point. Channels are a
 * multiple of 4. */
PARSIMONY_KERNEL void parsimony_gather_words(const struct parsimony_dsp_convolution *p, const int8_t *input,
                                             int32_t y, int32_t x, uint8_t *to, int32_t step)
{
  const int32_t channels = p->input_channels, row_bytes = p->input_width * channels;
  const int32_t run = p->run_taps * channels;
  int32_t row = y * row_bytes + x * channels; /* [B] of the first tap, which may lie outside */
  int32_t rows = p->rows;

  if (y >= 0 && x >= 0 && y <= p->last_y && x <= p->last_x) {
    for (; rows > 0; --rows, row += p->dilation_y * row_bytes) {
      const int8_t *at = input + row;
      int32_t runs = p->runs;
      for (; runs > 0; --runs, at += p->dilation_x * channels) {
        to = parsimony_widen(at, at + run, to, step);
      }
    }
    return;
  }
  for (; rows > 0; --rows, y += p->dilation_y, row += p->dilation_y * row_bytes) {
    const int32_t zero = (int32_t)(((uint32_t)p->input_zero_point & 0xffffu) * 0x10001u);
    int32_t at = x, runs = p->runs;
    for (; runs > 0; --runs, at += p->dilation_x) {
      const struct parsimony_taps taps =
        parsimony_clip(at, p->run_taps, p->input_width, y < 0 || y >= p->input_height);
      const int32_t from = row + (at - x + taps.before) * channels;
      int32_t words = run >> 2, before = taps.before * channels >> 2;
      for (;;) {
        for (; before > 0; --before, --words) {
          memcpy(to, &zero, sizeof zero);
          memcpy(to + step, &zero, sizeof zero);
          to += 2 * step;
        }
        if (words == 0) {
          break;
        }
        to = parsimony_widen(input + from, input + from + taps.within * channels, to, step);
        words -= taps.within * channels >> 2;
        before = words;
      }
    }
  }
}

/* The same for any number of channels, by way of the window's bytes in `bytes`. */
PARSIMONY_KERNEL void parsimony_gather_bytes(const struct parsimony_dsp_convolution *p, const int8_t *input,
                                             int32_t y, int32_t x, uint8_t *to, int32_t step, int8_t *bytes)
{
  const int32_t channels = p->input_channels, row_bytes = p->input_width * channels;
  const int32_t run = p->run_taps * channels;
  int32_t row = y * row_bytes + x * channels; /* [B] of the first tap, which may lie outside */
  int8_t *byte = bytes;
  int32_t rows = p->rows;

  if (p->runs == 1 && y >= 0 && x >= 0 && y <= p->last_y && x <= p->last_x) {
    for (; rows > 0; --rows, row += p->dilation_y * row_bytes) {
      const int8_t *from = input + row, *const words = from + (run & ~3), *const end = from + run;
      for (; from != words; from += 4, byte += 4) {
        memcpy(byte, from, 4);
      }
      for (; from != end; ++from) {
        *byte++ = *from;
      }
    }
  }
  for (; rows > 0; --rows, y += p->dilation_y, row += p->dilation_y * row_bytes) {
    int32_t at = x, runs = p->runs;
    for (; runs > 0; --runs, at += p->dilation_x) {
      const struct parsimony_taps taps =
        parsimony_clip(at, p->run_taps, p->input_width, y < 0 || y >= p->input_height);
      const int32_t before = taps.before * channels, end = before + taps.within * channels;
      const int32_t from = row + (at - x) * channels;
      int32_t i;
      for (i = 0; i < run; ++i) {
        *byte++ = i >= before && i < end ? input[from + i] : p->input_zero_point;
      }
    }
  }
  (void)parsimony_widen(bytes, bytes + p->depth, to, step);
}
/* -- to here -- */
#endif
