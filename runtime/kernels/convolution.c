/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [input_height, input_width, input_channels], weights [output_channels, kernel_height, kernel_width,
 * input_channels], output [output_height, output_width, output_channels]. Two pixels at a time: their windows are
 * copied to aux [2, window bytes rounded up to 4] first, taps outside the input as its zero point, so that the
 * output may follow behind what is still to be read, from the first pixel on or, in reverse, from the last. The
 * zero point is folded into the bias. */
struct parsimony_convolution {
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  uint16_t input_height;
  uint16_t input_width;
  uint16_t input_channels;
  uint16_t output_height;
  uint16_t output_width;
  uint16_t output_channels;
  uint8_t kernel_height;
  uint8_t kernel_width;
  uint8_t stride_y;
  uint8_t stride_x;
  uint8_t dilation_y;
  uint8_t dilation_x;
  uint8_t pad_top;
  uint8_t pad_left;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
  uint8_t reverse;
  uint8_t quick; /* 1: parsimony_requantise_quick does every channel */
};

PARSIMONY_INLINE int8_t *parsimony_copy(int8_t *to, const int8_t *from, int32_t count)
{
  for (; count >= 4; count -= 4, from += 4, to += 4) {
    memcpy(to, from, 4);
  }
  for (; count > 0; --count) {
    *to++ = *from++;
  }
  return to;
}

PARSIMONY_KERNEL void parsimony_gather(const struct parsimony_convolution *p, const int8_t *input, int32_t pixel,
                                       int8_t *to)
{
  const int32_t row = pixel / p->output_width;
  const int32_t left = (pixel - row * p->output_width) * p->stride_x - p->pad_left;
  const int32_t top = row * p->stride_y - p->pad_top;
  const int32_t channels = p->input_channels;
  const int32_t whole = p->dilation_x == 1 && left >= 0 && left + p->kernel_width <= p->input_width;
  const int32_t run = whole != 0 ? p->kernel_width : 1; /* pixels copied at once */
  int32_t ky;

  for (ky = 0; ky < p->kernel_height; ++ky) {
    const int32_t y = top + ky * p->dilation_y;
    const int32_t inside = (uint32_t)y < p->input_height;
    int32_t kx;
    for (kx = 0; kx < p->kernel_width; kx += run) {
      const int32_t x = left + kx * p->dilation_x;
      if (inside != 0 && (uint32_t)x < p->input_width) {
        to = parsimony_copy(to, input + (y * p->input_width + x) * channels, run * channels);
      } else {
        int32_t i;
        for (i = run * channels; i > 0; --i) {
          *to++ = p->input_zero_point;
        }
      }
    }
  }
}

/* One tap of two channels and two pixels: sums [pixel, channel]. */
PARSIMONY_INLINE void parsimony_tap(int32_t *sums, int32_t w0, int32_t w1, int32_t a0, int32_t a1)
{
  sums[0] += a0 * w0;
  sums[1] += a0 * w1;
  sums[2] += a1 * w0;
  sums[3] += a1 * w1;
}

PARSIMONY_INLINE void parsimony_four_taps(int32_t *sums, const int8_t *w0, const int8_t *w1, const int8_t *a0,
                                          const int8_t *a1)
{
  parsimony_tap(sums, w0[0], w1[0], a0[0], a1[0]);
  parsimony_tap(sums, w0[1], w1[1], a0[1], a1[1]);
  parsimony_tap(sums, w0[2], w1[2], a0[2], a1[2]);
  parsimony_tap(sums, w0[3], w1[3], a0[3], a1[3]);
}

/* All channels of two pixels from their windows. */
PARSIMONY_KERNEL void parsimony_convolve_pair(const struct parsimony_convolution *p, const int8_t *window0,
                                              const int8_t *window1, int8_t *out0, int8_t *out1)
{
  const int32_t depth = p->kernel_height * p->kernel_width * p->input_channels;
  const int8_t *w0 = p->weights;
  int32_t channel = 0;

  for (; channel < p->output_channels; channel += 2) {
    const int32_t next = channel + 1 < p->output_channels ? channel + 1 : channel; /* an odd last is written twice */
    const int8_t *w1 = next != channel ? w0 + depth : w0;
    const int8_t *x0 = window0;
    const int8_t *x1 = window1;
    int32_t left = depth;
    int32_t sums[4];
    sums[0] = sums[2] = p->bias[channel];
    sums[1] = sums[3] = p->bias[next];
#if !defined(__thumb__) || defined(__thumb2__) /* ARMv6-M loads no signed byte at a constant offset */
    for (; left >= 16; left -= 16, w0 += 16, w1 += 16, x0 += 16, x1 += 16) {
      parsimony_four_taps(sums, w0, w1, x0, x1);
      parsimony_four_taps(sums, w0 + 4, w1 + 4, x0 + 4, x1 + 4);
      parsimony_four_taps(sums, w0 + 8, w1 + 8, x0 + 8, x1 + 8);
      parsimony_four_taps(sums, w0 + 12, w1 + 12, x0 + 12, x1 + 12);
    }
#endif
    for (; left > 0; --left) {
      parsimony_tap(sums, *w0++, *w1++, *x0++, *x1++);
    }
    w0 = w1;
    if (p->quick != 0u) {
      const int32_t twice_zero = 2 * p->output_zero_point + 1;
      int32_t multiplier = p->multiplier[channel], shift = p->shift[channel];
      out0[channel] = parsimony_requantise_quick(sums[0], multiplier, shift, twice_zero);
      out1[channel] = parsimony_requantise_quick(sums[2], multiplier, shift, twice_zero);
      multiplier = p->multiplier[next];
      shift = p->shift[next];
      out0[next] = parsimony_requantise_quick(sums[1], multiplier, shift, twice_zero);
      out1[next] = parsimony_requantise_quick(sums[3], multiplier, shift, twice_zero);
    } else {
      const int32_t zero_point = p->output_zero_point, lowest = p->lowest, highest = p->highest;
      int32_t multiplier = p->multiplier[channel], shift = p->shift[channel];
      out0[channel] = parsimony_requantise(sums[0], multiplier, shift, zero_point, lowest, highest);
      out1[channel] = parsimony_requantise(sums[2], multiplier, shift, zero_point, lowest, highest);
      multiplier = p->multiplier[next];
      shift = p->shift[next];
      out0[next] = parsimony_requantise(sums[1], multiplier, shift, zero_point, lowest, highest);
      out1[next] = parsimony_requantise(sums[3], multiplier, shift, zero_point, lowest, highest);
    }
  }
}

PARSIMONY_KERNEL void parsimony_convolution(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_convolution *const p = (const struct parsimony_convolution *)params;
  const int32_t depth = p->kernel_height * p->kernel_width * p->input_channels;
  const int32_t pixels = p->output_height * p->output_width;
  int8_t *const second = aux + (depth + 3) / 4 * 4;
  const int32_t step = p->reverse != 0u ? -2 : 2;
  int32_t pixel = p->reverse != 0u ? (pixels - 1) / 2 * 2 : 0;

  for (; pixel >= 0 && pixel < pixels; pixel += step) {
    const int32_t other = pixel + 1 < pixels ? pixel + 1 : pixel; /* an odd last pixel is written twice */
    parsimony_gather(p, input, pixel, aux);
    parsimony_gather(p, input, other, second);
    parsimony_convolve_pair(p, aux, second, output + pixel * p->output_channels,
                            output + other * p->output_channels);
  }
}
/* -- to here -- */
