/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [output_height, output_width, channels], one channel after the
 * other: so the output may lie where the input does. The scratch holds a word for each column of the padded input:
 * four rows' bytes, rows 2, 3, 0, 1 of a window and the one below. SXTB16 makes pairs of it, rows (2, 0) and (3, 1);
 * the pairs meet weights (2, 0), the middle row is left: three columns, both strides and the window below by the same
 * few instructions. */
struct parsimony_dsp_depthwise_3x3 {
  const int8_t *weights;   /* [channels, 9]: rows 2, 0, 1 of the first column, of the second, of the third */
  const int32_t *constant; /* [channels, 2]: twice the bias, the multiplier */
  const int8_t *shift;     /* [channels] */
  int32_t zero_point;      /* of the output, times 2, plus 1 */
  uint16_t input_height;
  uint16_t input_width;
  uint16_t channels;
  uint16_t output_height;
  uint16_t output_width;
  uint8_t stride;
  uint8_t pad_top;
  uint8_t pad_left;
  int8_t input_zero_point;
};


/* Twice a * 2 in both lanes. */
PARSIMONY_INLINE int32_t parsimony_two_taps(int32_t low, int32_t high)
{
  return (int32_t)(((uint32_t)low * 2u & 0xffffu) | (uint32_t)high << 17);
}

/* Two more rows into the columns: of `first` and `second`, or the zero point where they lie outside. */
PARSIMONY_INLINE void parsimony_take_rows(const struct parsimony_dsp_depthwise_3x3 *p, const int8_t *input, int32_t row,
                                          uint32_t *column, uint32_t *end)
{
  const int32_t bytes = p->input_width * p->channels;
  const int8_t *first = &p->input_zero_point, *second = first;
  int32_t step0 = 0, step1 = 0;

  if (row >= 0 && row < p->input_height) {
    first = input + row * bytes;
    step0 = p->channels;
  }
  if (row + 1 >= 0 && row + 1 < p->input_height) {
    second = input + (row + 1) * bytes;
    step1 = p->channels;
  }
  for (; column != end; ++column) {
    const uint32_t fresh = (uint32_t)(uint8_t)*first | (uint32_t)(uint8_t)*second << 8;
    *column = fresh | *column << 16;
    first += step0;
    second += step1;
  }
}

PARSIMONY_KERNEL void parsimony_dsp_depthwise_3x3(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_depthwise_3x3 *const p = (const struct parsimony_dsp_depthwise_3x3 *)params;
  uint32_t *const columns = (uint32_t *)(void *)aux;
  const int32_t stride = p->stride;
  uint32_t *const inside = columns + p->pad_left;
  uint32_t *const last = columns + (p->output_width - 1) * stride + 3;
  uint32_t *const beyond = inside + p->input_width < last ? inside + p->input_width : last;
  const int8_t *w = p->weights;
  int32_t channel;
  uint32_t *column;

  for (column = columns; column != last; ++column) {
    *column = (uint32_t)(uint8_t)p->input_zero_point * 0x01010101u;
  }
  for (channel = 0; channel < p->channels; ++channel, ++input, ++output, w += 9) {
    const int32_t n = p->shift[channel], bias = p->constant[2 * channel], multiplier = p->constant[2 * channel + 1];
    const int32_t rounding = parsimony_rounding(p->zero_point, n & 31);
    const int32_t outer0 = parsimony_two_taps(w[0], w[1]), outer1 = parsimony_two_taps(w[3], w[4]);
    const int32_t outer2 = parsimony_two_taps(w[6], w[7]), middle01 = parsimony_two_taps(w[2], w[5]);
    const int32_t middle2 = w[8] * 2;
    int32_t row = -p->pad_top, y;
    int8_t *out = output;

    parsimony_take_rows(p, input, row, inside, beyond);
    for (y = 0; y < p->output_height;) {
      int32_t x = p->output_width;
      row += 2;
      parsimony_take_rows(p, input, row, inside, beyond);
      column = columns;
      if (stride == 1) {
        int32_t below = y + 1 < p->output_height ? p->output_width * p->channels : 0;
        int32_t even = parsimony_sxtb16((int32_t)column[0]), odd = parsimony_sxtb16_odd((int32_t)column[0]);
        int32_t a1 = parsimony_smlatb(odd, middle01, parsimony_smlad(even, outer0, bias));
        int32_t b1 = parsimony_smlabb(even, middle01, parsimony_smlad(odd, outer0, bias));
        int32_t a0, b0;
        even = parsimony_sxtb16((int32_t)column[1]);
        odd = parsimony_sxtb16_odd((int32_t)column[1]);
        column += 2;
        a0 = parsimony_smlatb(odd, middle01, parsimony_smlad(even, outer0, bias));
        b0 = parsimony_smlabb(even, middle01, parsimony_smlad(odd, outer0, bias));
        a1 = parsimony_smlatt(odd, middle01, parsimony_smlad(even, outer1, a1));
        b1 = parsimony_smlabt(even, middle01, parsimony_smlad(odd, outer1, b1));
        for (; x > 0; --x) {
          const int32_t four = (int32_t)*column++;
          int32_t a, b;
          even = parsimony_sxtb16(four);
          odd = parsimony_sxtb16_odd(four);
          a = parsimony_smlatb(odd, middle2, parsimony_smlad(even, outer2, a1));
          b = parsimony_smlabb(even, middle2, parsimony_smlad(odd, outer2, b1));
          a1 = parsimony_smlatt(odd, middle01, parsimony_smlad(even, outer1, a0));
          b1 = parsimony_smlabt(even, middle01, parsimony_smlad(odd, outer1, b0));
          a0 = parsimony_smlatb(odd, middle01, parsimony_smlad(even, outer0, bias));
          b0 = parsimony_smlabb(even, middle01, parsimony_smlad(odd, outer0, bias));
          if (n > 0) {
            a = parsimony_requantise_twice(a, multiplier, rounding, n);
            b = parsimony_requantise_twice(b, multiplier, rounding, n);
          } else {
            a = parsimony_requantise_any(a, multiplier, n, p->zero_point);
            b = parsimony_requantise_any(b, multiplier, n, p->zero_point);
          }
          out[below] = (int8_t)b;
          *out = (int8_t)a;
          out += p->channels;
        }
        out += below;
        y += 2;
      } else {
        int32_t even = parsimony_sxtb16((int32_t)*column), odd = parsimony_sxtb16_odd((int32_t)*column);
        int32_t a0 = parsimony_smlatb(odd, middle01, parsimony_smlad(even, outer0, bias));
        for (; x > 0; --x, column += 2) {
          int32_t a;
          even = parsimony_sxtb16((int32_t)column[1]);
          odd = parsimony_sxtb16_odd((int32_t)column[1]);
          a = parsimony_smlatt(odd, middle01, parsimony_smlad(even, outer1, a0));
          even = parsimony_sxtb16((int32_t)column[2]);
          odd = parsimony_sxtb16_odd((int32_t)column[2]);
          a = parsimony_smlatb(odd, middle2, parsimony_smlad(even, outer2, a));
          a0 = parsimony_smlatb(odd, middle01, parsimony_smlad(even, outer0, bias));
          a = n > 0 ? parsimony_requantise_twice(a, multiplier, rounding, n)
                    : parsimony_requantise_any(a, multiplier, n, p->zero_point);
          *out = (int8_t)a;
          out += p->channels;
        }
        ++y;
      }
    }
  }
}
/* -- to here -- */
