/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [input_height, input_width, input_channels], weights [kernel_height, kernel_width, output_channels], output
 * [output_height, output_width, output_channels]; output channel c reads input channel c / multiplier. A pixel at a
 * time, straight from the input: the output may follow behind what is still to be read. Taps outside the input count
 * as its zero point, which is folded into the bias. */
struct parsimony_depthwise {
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

/* A tap of four channels. */
PARSIMONY_INLINE void parsimony_depthwise_tap(int32_t *sums, const int8_t *at, const int8_t *weights)
{
  sums[0] += at[0] * weights[0];
  sums[1] += at[1] * weights[1];
  sums[2] += at[2] * weights[2];
  sums[3] += at[3] * weights[3];
}

/* `taps` taps of four channels, `step` bytes from one to the next in the input. Returns the weights after them. */
PARSIMONY_INLINE const int8_t *parsimony_depthwise_taps(int32_t *sums, const int8_t *at, int32_t step,
                                                        const int8_t *weights, int32_t next, int32_t taps)
{
  for (; taps > 0; --taps, at += step, weights += next) {
    parsimony_depthwise_tap(sums, at, weights);
  }
  return weights;
}

/* As many outside the input, where all bytes are its zero point. */
PARSIMONY_INLINE const int8_t *parsimony_depthwise_outside(int32_t *sums, int32_t zero_point, const int8_t *weights,
                                                           int32_t next, int32_t taps)
{
  for (; taps > 0; --taps, weights += next) {
    sums[0] += zero_point * weights[0];
    sums[1] += zero_point * weights[1];
    sums[2] += zero_point * weights[2];
    sums[3] += zero_point * weights[3];
  }
  return weights;
}

/* One channel, its window's first row `top`, the first byte of its rows `begin`. */
PARSIMONY_INLINE int32_t parsimony_depthwise_one(const struct parsimony_depthwise *p, const int8_t *input, int32_t top,
                                                 int32_t begin, const int8_t *weights, int32_t sum)
{
  const int32_t row_bytes = p->input_width * p->input_channels;
  const int32_t step = p->dilation_x * p->input_channels;
  const int32_t end = begin + p->kernel_width * step;
  int32_t y = top;
  int32_t ky;

  for (ky = p->kernel_height; ky > 0; --ky, y += p->dilation_y) {
    const int8_t *const row = input + y * row_bytes;
    const uint32_t inside = (uint32_t)y < p->input_height ? (uint32_t)row_bytes : 0u; /* 0: the row lies outside */
    int32_t x;
    for (x = begin; x != end; x += step, weights += p->output_channels) {
      sum += ((uint32_t)x < inside ? row[x] : p->input_zero_point) * *weights;
    }
  }
  return sum;
}

/* All channels of the pixel whose window begins at (top, left). */
PARSIMONY_KERNEL void parsimony_depthwise_pixel(const struct parsimony_depthwise *p, const int8_t *input, int32_t top,
                                                int32_t left, int8_t *out)
{
  const int32_t channels = p->output_channels;
  const int32_t zero_point = p->output_zero_point;
  const int32_t lowest = p->lowest;
  const int32_t highest = p->highest;
  const int32_t kernel_height = p->kernel_height;
  const int32_t kernel_width = p->kernel_width;
  const int32_t begin = left * p->input_channels;
  const int32_t step = p->dilation_x * p->input_channels;
  const int32_t row_step = p->dilation_y * p->input_width * p->input_channels;
  const int32_t first = top * p->input_width * p->input_channels + begin;
  const int32_t fours = p->input_channels == channels ? channels - 3 : 0; /* four at a time where c reads c */
  const int32_t inside = top >= 0 && left >= 0 && top + (kernel_height - 1) * p->dilation_y < p->input_height &&
                         left + (kernel_width - 1) * p->dilation_x < p->input_width;
  int32_t before = 0; /* taps of a row left of the input, and up to its right end */
  int32_t until;
  int32_t channel = 0;
  int32_t x = left;

  for (; before < kernel_width && x < 0; ++before) {
    x += p->dilation_x;
  }
  for (until = before; until < kernel_width && x < p->input_width; ++until) {
    x += p->dilation_x;
  }

  for (; channel < fours; channel += 4) {
    const int8_t *weights = p->weights + channel;
    const int32_t *const bias = p->bias + channel;
    const int32_t *const multiplier = p->multiplier + channel;
    const int8_t *const shift = p->shift + channel;
    int32_t sums[4];
    sums[0] = bias[0];
    sums[1] = bias[1];
    sums[2] = bias[2];
    sums[3] = bias[3];
    if (inside != 0) {
      const int8_t *at = input + first + channel;
      const int32_t to_next = row_step - (kernel_width - 1) * step;
      int32_t ky = kernel_height;
      do {
        int32_t kx = kernel_width - 3;
        parsimony_depthwise_tap(sums, at, weights);
        if (kx >= 0) { /* three taps without a loop */
          at += step;
          weights += channels;
          parsimony_depthwise_tap(sums, at, weights);
          at += step;
          weights += channels;
          parsimony_depthwise_tap(sums, at, weights);
        } else {
          kx += 2;
        }
        for (; kx != 0; --kx) {
          at += step;
          weights += channels;
          parsimony_depthwise_tap(sums, at, weights);
        }
        at += to_next;
        weights += channels;
      } while (--ky != 0);
    } else {
      int32_t at = first + channel + before * step;
      int32_t y = top;
      int32_t ky = kernel_height;
      for (; ky > 0; --ky, y += p->dilation_y, at += row_step) {
        if ((uint32_t)y < p->input_height) {
          weights = parsimony_depthwise_outside(sums, p->input_zero_point, weights, channels, before);
          weights = parsimony_depthwise_taps(sums, input + at, step, weights, channels, until - before);
          weights = parsimony_depthwise_outside(sums, p->input_zero_point, weights, channels, kernel_width - until);
        } else {
          weights = parsimony_depthwise_outside(sums, p->input_zero_point, weights, channels, kernel_width);
        }
      }
    }
    if (p->quick != 0u) {
      const int32_t twice_zero = 2 * zero_point + 1;
      out[0] = parsimony_requantise_quick(sums[0], multiplier[0], shift[0], twice_zero);
      out[1] = parsimony_requantise_quick(sums[1], multiplier[1], shift[1], twice_zero);
      out[2] = parsimony_requantise_quick(sums[2], multiplier[2], shift[2], twice_zero);
      out[3] = parsimony_requantise_quick(sums[3], multiplier[3], shift[3], twice_zero);
    } else {
      out[0] = parsimony_requantise(sums[0], multiplier[0], shift[0], zero_point, lowest, highest);
      out[1] = parsimony_requantise(sums[1], multiplier[1], shift[1], zero_point, lowest, highest);
      out[2] = parsimony_requantise(sums[2], multiplier[2], shift[2], zero_point, lowest, highest);
      out[3] = parsimony_requantise(sums[3], multiplier[3], shift[3], zero_point, lowest, highest);
    }
    out += 4;
  }
  for (; channel < channels; ++channel) {
    const int8_t *const from = input + channel / (channels / p->input_channels);
    const int32_t sum = parsimony_depthwise_one(p, from, top, begin, p->weights + channel, p->bias[channel]);
    *out++ = parsimony_requantise(sum, p->multiplier[channel], p->shift[channel], zero_point, lowest, highest);
  }
}

PARSIMONY_KERNEL void parsimony_depthwise(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_depthwise *const p = (const struct parsimony_depthwise *)params;
  const int32_t pixels = p->output_height * p->output_width;
  const int32_t step = p->reverse != 0u ? -1 : 1;
  int32_t pixel = p->reverse != 0u ? pixels - 1 : 0;
  (void)aux;

  for (; pixel >= 0 && pixel < pixels; pixel += step) {
    const int32_t row = pixel / p->output_width;
    const int32_t column = pixel - row * p->output_width;
    parsimony_depthwise_pixel(p, input, row * p->stride_y - p->pad_top, column * p->stride_x - p->pad_left,
                              output + pixel * p->output_channels);
  }
}
/* -- to here -- */
