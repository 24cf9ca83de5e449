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
};

/* Sums of `lanes` (1 or 4) channels that follow one another in the output and, when 4, in the input. */
PARSIMONY_INLINE void parsimony_depthwise_sums(const struct parsimony_depthwise *p, const int8_t *input, int32_t top,
                                               int32_t left, int32_t from, int32_t to, int32_t lanes, int32_t *sums)
{
  const int8_t outside[4] = {p->input_zero_point, p->input_zero_point, p->input_zero_point, p->input_zero_point};
  const int8_t *weights = p->weights + to;
  int32_t ky, kx;
  int32_t sum0 = p->bias[to];
  int32_t sum1 = lanes == 4 ? p->bias[to + 1] : 0;
  int32_t sum2 = lanes == 4 ? p->bias[to + 2] : 0;
  int32_t sum3 = lanes == 4 ? p->bias[to + 3] : 0;

  for (ky = 0; ky < p->kernel_height; ++ky) {
    const int32_t y = top + ky * p->dilation_y;
    const int32_t width = (uint32_t)y < p->input_height ? p->input_width : 0; /* 0: the row lies outside */
    const int8_t *const row = input + y * p->input_width * p->input_channels + from;
    for (kx = 0; kx < p->kernel_width; ++kx, weights += p->output_channels) {
      const int32_t x = left + kx * p->dilation_x;
      const int8_t *const at = (uint32_t)x < (uint32_t)width ? row + x * p->input_channels : outside;
      sum0 += at[0] * weights[0];
      if (lanes == 4) {
        sum1 += at[1] * weights[1];
        sum2 += at[2] * weights[2];
        sum3 += at[3] * weights[3];
      }
    }
  }
  sums[0] = sum0;
  if (lanes == 4) {
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
  }
}

PARSIMONY_KERNEL void parsimony_depthwise(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_depthwise *const p = (const struct parsimony_depthwise *)params;
  const int32_t channels = p->output_channels;
  const int32_t multiplier = channels / p->input_channels;
  const int32_t pixels = p->output_height * p->output_width;
  int32_t pixel = p->reverse != 0u ? pixels - 1 : 0;
  (void)aux;

  for (; pixel >= 0 && pixel < pixels; pixel += p->reverse != 0u ? -1 : 1) {
    const int32_t row = pixel / p->output_width;
    const int32_t top = row * p->stride_y - p->pad_top;
    const int32_t left = (pixel - row * p->output_width) * p->stride_x - p->pad_left;
    int8_t *out = output + pixel * channels;
    int32_t channel = 0;
    while (channel < channels) {
      int32_t sums[4];
      int32_t lane;
      int32_t lanes = 1;
      if (multiplier == 1 && channel + 4 <= channels) {
        lanes = 4;
        parsimony_depthwise_sums(p, input, top, left, channel, channel, 4, sums);
      } else {
        parsimony_depthwise_sums(p, input, top, left, channel / multiplier, channel, 1, sums);
      }
      for (lane = 0; lane < lanes; ++lane, ++channel) {
        *out++ = parsimony_requantise(sums[lane], p->multiplier[channel], p->shift[channel], p->output_zero_point,
                                      p->lowest, p->highest);
      }
    }
  }
}
/* -- to here -- */
