/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [output_height, output_width, channels], any kernel, one channel
 * after the other: so the output may lie where the input does. The scratch holds the rows under the window, bytes side
 * by side with the zero point around them, in a ring. */
struct parsimony_dsp_depthwise {
  const int8_t *weights;   /* [channels, kernel_height, kernel_width rounded up to a multiple of 4] */
  const int32_t *constant; /* [channels, 2]: twice the bias, the multiplier */
  const int8_t *shift;     /* [channels] */
  int32_t zero_point;      /* of the output, times 2, plus 1 */
  uint16_t input_height;
  uint16_t input_width;
  uint16_t channels;
  uint16_t output_height;
  uint16_t output_width;
  uint8_t kernel_height;
  uint8_t kernel_width;
  uint8_t stride_y;
  uint8_t stride_x;
  uint8_t dilation_y;
  uint8_t dilation_x;
  uint8_t pad_top;
  uint8_t pad_left;
  int8_t input_zero_point;
};

/* Taps of one row, four at a time. */
PARSIMONY_INLINE int32_t parsimony_row_of_taps(const int8_t *at, const int8_t *w, int32_t taps, int32_t dilation,
                                               int32_t sum)
{
  if (dilation == 1) {
    for (; taps > 0; taps -= 4, at += 4, w += 4) {
      const int32_t x = parsimony_load_word(at), weights = parsimony_load_word(w);
      sum = parsimony_smlad(parsimony_sxtb16(x), parsimony_sxtb16(weights), sum);
      sum = parsimony_smlad(parsimony_sxtb16_odd(x), parsimony_sxtb16_odd(weights), sum);
    }
  } else {
    for (; taps > 0; --taps, at += dilation, ++w) {
      sum += *at * *w;
    }
  }
  return sum;
}

PARSIMONY_KERNEL void parsimony_dsp_depthwise(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_depthwise *const p = (const struct parsimony_dsp_depthwise *)params;
  const int32_t width = ((p->output_width - 1) * p->stride_x + (p->kernel_width - 1) * p->dilation_x + 7) & ~3;
  const int32_t span = (p->kernel_height - 1) * p->dilation_y + 1;
  const int32_t taps = (p->kernel_width + 3) & ~3;
  const int32_t row_bytes = p->input_width * p->channels;
  const int32_t room = width - p->pad_left;
  const int32_t inside = p->input_width < room ? p->input_width : room;
  int32_t channel;

  memset(aux, p->input_zero_point, (uint32_t)(width * span));
  for (channel = 0; channel < p->channels; ++channel) {
    const int32_t n = p->shift[channel], bias = p->constant[2 * channel], multiplier = p->constant[2 * channel + 1];
    const int8_t *const weights = p->weights + channel * p->kernel_height * taps;
    int8_t *out = output + channel;
    int32_t next = -p->pad_top; /* the row that is copied next */
    int32_t slot = 0;           /* its place in the ring */
    int32_t y;

    for (y = 0; y < p->output_height; ++y) {
      int32_t fresh = y == 0 || p->stride_y > span ? span : p->stride_y;
      int32_t x;
      next = y * p->stride_y - p->pad_top + span - fresh;
      for (; fresh > 0; --fresh, ++next) {
        int8_t *to = aux + slot * width + p->pad_left;
        const int8_t *from = next >= 0 && next < p->input_height ? input + next * row_bytes + channel : 0;
        int32_t i;
        for (i = 0; i < inside; ++i) {
          *to++ = from != 0 ? *from : p->input_zero_point;
          from = from != 0 ? from + p->channels : 0;
        }
        slot = slot + 1 < span ? slot + 1 : 0;
      }
      for (x = 0; x < p->output_width; ++x) {
        const int8_t *w = weights;
        int32_t at = slot, row, sum = 0;
        for (row = 0; row < p->kernel_height; ++row, w += taps) {
          sum = parsimony_row_of_taps(aux + at * width + x * p->stride_x, w, p->kernel_width, p->dilation_x, sum);
          at += p->dilation_y;
          at = at < span ? at : at - span;
        }
        sum = bias + sum * 2;
        *out = (int8_t)(n > 0 ? parsimony_requantise_twice(sum, multiplier, parsimony_rounding(p->zero_point, n), n)
                              : parsimony_requantise_any(sum, multiplier, n, p->zero_point));
        out += p->channels;
      }
    }
  }
}
/* -- to here -- */
