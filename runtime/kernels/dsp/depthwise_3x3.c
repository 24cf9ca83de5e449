/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [output_height, output_width, channels], one channel after
 * the other: so the output may lie where the input does. The scratch holds a word for each column of the padded
 * input: four rows' bytes, rows 2, 3, 0, 1 of a window and the one below. SXTB16 makes pairs of it, rows (2, 0) and
 * (3, 1); the pairs meet weights (2, 0), the middle row is left: three columns, both strides and the window below
 * by the same few instructions. */
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


/* One row of outputs at stride 2, two at stride 1, and what they are made of. */
struct parsimony_dsp_columns {
  const uint8_t *columns; /* words */
  const uint8_t *end;
  int8_t *out;
  int32_t below;     /* [B] to the second row's output; 0: there is none, and the first's overwrites it */
  int32_t channels;
  int32_t outer[3];  /* of each column twice the weights of rows (2, 0) */
  int32_t middle01;  /* twice those of row 1, columns (0, 1) */
  int32_t middle2_n; /* the shift's byte, and twice the last weight in the upper lane */
  int32_t bias;
  int32_t multiplier;
  int32_t rounding;
  int32_t zero_point;
};

/* Twice the weights, in two lanes. */
PARSIMONY_INLINE int32_t parsimony_two_taps(int32_t low, int32_t high)
{
  return (int32_t)(((uint32_t)low * 2u & 0xffffu) | (uint32_t)high << 17);
}

/* Any shift, in plain C. */
PARSIMONY_KERNEL void parsimony_any_columns(const struct parsimony_dsp_columns *c, int32_t stride)
{
  const int32_t n = (int8_t)c->middle2_n;
  const uint8_t *column = c->columns;
  int8_t *out = c->out;

  for (; c->end - column >= 12; column += 4 * stride, out += c->channels) {
    int32_t a = c->bias, b = c->bias, k;
    for (k = 0; k < 3; ++k) {
      const int32_t four = parsimony_load_word((const int8_t *)column + 4 * k);
      const int32_t even = parsimony_sxtb16(four), odd = parsimony_sxtb16_odd(four);
      const int32_t middle = k == 0 ? (int16_t)c->middle01 : (k == 1 ? c->middle01 : c->middle2_n) >> 16;
      a = parsimony_smlatb(odd, middle, parsimony_smlad(even, c->outer[k], a));
      b = parsimony_smlabb(even, middle, parsimony_smlad(odd, c->outer[k], b));
    }
    if (stride == 1) {
      out[c->below] = (int8_t)parsimony_requantise_any(b, c->multiplier, n, c->zero_point);
    }
    *out = (int8_t)parsimony_requantise_any(a, c->multiplier, n, c->zero_point);
  }
}

#if defined(PARSIMONY_DSP_LOOPS)
/* A column finishes an output, goes on with the next and begins the one behind: a0 and a1 are those of the first
 * row, b0 and b1 of the second. */
PARSIMONY_INLINE void parsimony_two_rows(const struct parsimony_dsp_columns *t) /* the stack holds t, then */
{
  int32_t a0, a1, b0, b1, x, y, e, o, c, column, out;
  __asm__ volatile(
    "push {%[t]}\n\t"
    "ldr %[column], [%[t], %[columns]]\n\t"
    "ldr %[out], [%[t], %[to]]\n\t"
    "ldr %[x], [%[t], %[outer0]]\n\t"
    "ldr %[y], [%[t], %[bias]]\n\t"
    "ldr %[c], [%[t], %[middle01]]\n\t"
    "ldr %[e], [%[column]], #4\n\t"
    "sxtb16 %[o], %[e], ror #8\n\t"
    "sxtb16 %[e], %[e]\n\t"
    "smlad %[a1], %[e], %[x], %[y]\n\t"
    "smlad %[b1], %[o], %[x], %[y]\n\t"
    "smlatb %[a1], %[o], %[c], %[a1]\n\t"
    "smlabb %[b1], %[e], %[c], %[b1]\n\t"
    "ldr %[e], [%[column]], #4\n\t"
    "sxtb16 %[o], %[e], ror #8\n\t"
    "sxtb16 %[e], %[e]\n\t"
    "smlad %[a0], %[e], %[x], %[y]\n\t"
    "smlad %[b0], %[o], %[x], %[y]\n\t"
    "ldr %[x], [%[t], %[outer1]]\n\t"
    "smlatb %[a0], %[o], %[c], %[a0]\n\t"
    "smlabb %[b0], %[e], %[c], %[b0]\n\t"
    "smlatt %[a1], %[o], %[c], %[a1]\n\t"
    "smlabt %[b1], %[e], %[c], %[b1]\n\t"
    "smlad %[a1], %[e], %[x], %[a1]\n\t"
    "smlad %[b1], %[o], %[x], %[b1]\n\t"
    "1:\n\t"
    "ldr %[e], [%[column]], #4\n\t"
    "ldr %[c], [%[t], %[outer2]]\n\t"
    "sxtb16 %[o], %[e], ror #8\n\t"
    "sxtb16 %[e], %[e]\n\t"
    "smlad %[x], %[e], %[c], %[a1]\n\t"
    "smlad %[y], %[o], %[c], %[b1]\n\t"
    "ldr %[c], [%[t], %[outer1]]\n\t"
    "smlad %[a1], %[e], %[c], %[a0]\n\t"
    "smlad %[b1], %[o], %[c], %[b0]\n\t"
    "ldr %[c], [%[t], %[outer0]]\n\t"
    "ldr %[a0], [%[t], %[bias]]\n\t"
    "smlad %[b0], %[o], %[c], %[a0]\n\t"
    "smlad %[a0], %[e], %[c], %[a0]\n\t"
    "ldr %[c], [%[t], %[middle01]]\n\t"
    "smlatt %[a1], %[o], %[c], %[a1]\n\t"
    "smlabt %[b1], %[e], %[c], %[b1]\n\t"
    "smlatb %[a0], %[o], %[c], %[a0]\n\t"
    "smlabb %[b0], %[e], %[c], %[b0]\n\t"
    "ldr %[c], [%[t], %[middle2n]]\n\t"
    "smlatt %[x], %[o], %[c], %[x]\n\t"
    "smlabt %[y], %[e], %[c], %[y]\n\t"
    "ldr %[e], [%[t], %[multiplier]]\n\t"
    "ldr %[o], [%[t], %[rounding]]\n\t"
    "smmlar %[t], %[x], %[e], %[o]\n\t"
    "add %[t], %[t], %[x], asr #31\n\t"
    "asr %[t], %[t], %[c]\n\t"
    "ssat %[x], #8, %[t]\n\t"
    "smmlar %[t], %[y], %[e], %[o]\n\t"
    "add %[t], %[t], %[y], asr #31\n\t"
    "asr %[t], %[t], %[c]\n\t"
    "ssat %[y], #8, %[t]\n\t"
    "ldr %[t], [sp]\n\t"
    "ldr %[e], [%[t], %[below]]\n\t"
    "ldr %[o], [%[t], %[channels]]\n\t"
    "strb %[y], [%[out], %[e]]\n\t"
    "strb %[x], [%[out]]\n\t"
    "add %[out], %[out], %[o]\n\t"
    "ldr %[e], [%[t], %[end]]\n\t"
    "cmp %[column], %[e]\n\t"
    "bne 1b\n\t"
    "add sp, sp, #4\n\t"
    : [a0] "=&r"(a0), [a1] "=&r"(a1), [b0] "=&r"(b0), [b1] "=&r"(b1), [x] "=&r"(x), [y] "=&r"(y), [e] "=&r"(e),
      [o] "=&r"(o), [c] "=&r"(c), [column] "=&r"(column), [out] "=&r"(out), [t] "+r"(t)
    : [columns] "i"(offsetof(struct parsimony_dsp_columns, columns)),
      [end] "i"(offsetof(struct parsimony_dsp_columns, end)),
      [to] "i"(offsetof(struct parsimony_dsp_columns, out)),
      [outer0] "i"(offsetof(struct parsimony_dsp_columns, outer[0])),
      [outer1] "i"(offsetof(struct parsimony_dsp_columns, outer[1])),
      [outer2] "i"(offsetof(struct parsimony_dsp_columns, outer[2])),
      [middle01] "i"(offsetof(struct parsimony_dsp_columns, middle01)),
      [middle2n] "i"(offsetof(struct parsimony_dsp_columns, middle2_n)),
      [bias] "i"(offsetof(struct parsimony_dsp_columns, bias)),
      [multiplier] "i"(offsetof(struct parsimony_dsp_columns, multiplier)),
      [rounding] "i"(offsetof(struct parsimony_dsp_columns, rounding)),
      [below] "i"(offsetof(struct parsimony_dsp_columns, below)),
      [channels] "i"(offsetof(struct parsimony_dsp_columns, channels))
    : "cc", "memory");
}

PARSIMONY_INLINE void parsimony_one_row(const struct parsimony_dsp_columns *t)
{
  int32_t a0, x, e, o, c, w0, w1, w2, m, column, out;
  __asm__ volatile(
    "push {%[t]}\n\t"
    "ldr %[column], [%[t], %[columns]]\n\t"
    "ldr %[out], [%[t], %[to]]\n\t"
    "ldr %[w0], [%[t], %[outer0]]\n\t"
    "ldr %[w1], [%[t], %[outer1]]\n\t"
    "ldr %[w2], [%[t], %[outer2]]\n\t"
    "ldr %[m], [%[t], %[middle01]]\n\t"
    "ldr %[a0], [%[t], %[bias]]\n\t"
    "ldr %[e], [%[column]], #4\n\t"
    "sxtb16 %[o], %[e], ror #8\n\t"
    "sxtb16 %[e], %[e]\n\t"
    "smlad %[a0], %[e], %[w0], %[a0]\n\t"
    "smlatb %[a0], %[o], %[m], %[a0]\n\t"
    "1:\n\t"
    "ldr %[e], [%[column]], #4\n\t"
    "sxtb16 %[o], %[e], ror #8\n\t"
    "sxtb16 %[e], %[e]\n\t"
    "smlad %[x], %[e], %[w1], %[a0]\n\t"
    "smlatt %[x], %[o], %[m], %[x]\n\t"
    "ldr %[e], [%[column]], #4\n\t"
    "ldr %[c], [%[t], %[middle2n]]\n\t"
    "sxtb16 %[o], %[e], ror #8\n\t"
    "sxtb16 %[e], %[e]\n\t"
    "ldr %[a0], [%[t], %[bias]]\n\t"
    "smlad %[x], %[e], %[w2], %[x]\n\t"
    "smlad %[a0], %[e], %[w0], %[a0]\n\t"
    "smlatt %[x], %[o], %[c], %[x]\n\t"
    "smlatb %[a0], %[o], %[m], %[a0]\n\t"
    "ldr %[e], [%[t], %[multiplier]]\n\t"
    "ldr %[o], [%[t], %[rounding]]\n\t"
    "smmlar %[t], %[x], %[e], %[o]\n\t"
    "add %[t], %[t], %[x], asr #31\n\t"
    "asr %[t], %[t], %[c]\n\t"
    "ssat %[x], #8, %[t]\n\t"
    "ldr %[t], [sp]\n\t"
    "ldr %[o], [%[t], %[channels]]\n\t"
    "ldr %[e], [%[t], %[end]]\n\t"
    "strb %[x], [%[out]]\n\t"
    "add %[out], %[out], %[o]\n\t"
    "cmp %[column], %[e]\n\t"
    "bne 1b\n\t"
    "add sp, sp, #4\n\t"
    : [a0] "=&r"(a0), [x] "=&r"(x), [e] "=&r"(e), [o] "=&r"(o), [c] "=&r"(c), [w0] "=&r"(w0), [w1] "=&r"(w1),
      [w2] "=&r"(w2), [m] "=&r"(m), [column] "=&r"(column), [out] "=&r"(out), [t] "+r"(t)
    : [columns] "i"(offsetof(struct parsimony_dsp_columns, columns)),
      [end] "i"(offsetof(struct parsimony_dsp_columns, end)),
      [to] "i"(offsetof(struct parsimony_dsp_columns, out)),
      [outer0] "i"(offsetof(struct parsimony_dsp_columns, outer[0])),
      [outer1] "i"(offsetof(struct parsimony_dsp_columns, outer[1])),
      [outer2] "i"(offsetof(struct parsimony_dsp_columns, outer[2])),
      [middle01] "i"(offsetof(struct parsimony_dsp_columns, middle01)),
      [middle2n] "i"(offsetof(struct parsimony_dsp_columns, middle2_n)),
      [bias] "i"(offsetof(struct parsimony_dsp_columns, bias)),
      [multiplier] "i"(offsetof(struct parsimony_dsp_columns, multiplier)),
      [rounding] "i"(offsetof(struct parsimony_dsp_columns, rounding)),
      [channels] "i"(offsetof(struct parsimony_dsp_columns, channels))
    : "cc", "memory");
}
#endif

#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_STEP_ROWS                   \
  "ldrb %[a], [%[first]]\n\t"                 \
  "ldrb %[b], [%[first], %[bytes]]\n\t"       \
  "ldr %[four], [%[column]]\n\t"              \
  "add %[first], %[first], %[channels]\n\t"   \
  "orr %[a], %[a], %[b], lsl #8\n\t"          \
  "orr %[four], %[a], %[four], lsl #16\n\t"   \
  "str %[four], [%[column]], #4\n\t"
#endif

/* Two more rows into the columns; the zero point where they lie outside. */
PARSIMONY_INLINE void parsimony_take_rows(const struct parsimony_dsp_depthwise_3x3 *p, const int8_t *input,
                                          int32_t row,
                                          uint8_t *column, uint8_t *end)
{
  const int32_t channels = p->channels, bytes = p->input_width * channels;
  const int8_t *first = &p->input_zero_point, *second = first;
  int32_t step0 = 0, step1 = 0;

  if (row >= 0 && row < p->input_height) {
    first = input + row * bytes;
    step0 = channels;
  }
  if (row + 1 >= 0 && row + 1 < p->input_height) {
    second = input + (row + 1) * bytes;
    step1 = channels;
  }
#if defined(PARSIMONY_DSP_LOOPS)
  if (step0 != 0 && step1 != 0 && column != end) {
    uint32_t a, b, four;
    __asm__ volatile(
      "sub %[a], %[end], %[column]\n\t"
      "tst %[a], #4\n\t"
      "bne 2f\n\t"
      "1:\n\t" PARSIMONY_STEP_ROWS
      "2:\n\t" PARSIMONY_STEP_ROWS
      "cmp %[column], %[end]\n\t"
      "bne 1b\n\t"
      : [first] "+r"(first), [column] "+r"(column), [a] "=&r"(a), [b] "=&r"(b), [four] "=&r"(four)
      : [bytes] "r"(bytes), [channels] "r"(channels), [end] "r"(end)
      : "cc", "memory");
    return;
  }
#endif
  for (; column != end; column += 4) {
    uint32_t four = (uint32_t)parsimony_load_word((const int8_t *)column);
    four = (uint32_t)(uint8_t)*first | (uint32_t)(uint8_t)*second << 8 | four << 16;
    memcpy(column, &four, sizeof four);
    first += step0;
    second += step1;
  }
}

PARSIMONY_KERNEL void parsimony_dsp_depthwise_3x3(const void *params, const int8_t *input, int8_t *aux,
                                                  int8_t *output)
{
  const struct parsimony_dsp_depthwise_3x3 *const p = (const struct parsimony_dsp_depthwise_3x3 *)params;
  uint8_t *const columns = (uint8_t *)aux;
  const int32_t stride = p->stride;
  uint8_t *const inside = columns + 4 * p->pad_left;
  uint8_t *const last = columns + 4 * ((p->output_width - 1) * stride + 3);
  uint8_t *const beyond = last - inside > 4 * p->input_width ? inside + 4 * p->input_width : last;
  const int8_t *w = p->weights;
  struct parsimony_dsp_columns c;
  int32_t channel;

  parsimony_fill(columns, last, p->input_zero_point);
  c.columns = columns;
  c.end = last;
  c.channels = p->channels;
  c.zero_point = p->zero_point;
  for (channel = 0; channel < p->channels; ++channel, ++input, ++output, w += 9) {
    const int32_t n = p->shift[channel], out_row = p->output_width * p->channels;
    int32_t row = -p->pad_top - 2, left = p->output_height;

    c.outer[0] = parsimony_two_taps(w[0], w[1]);
    c.outer[1] = parsimony_two_taps(w[3], w[4]);
    c.outer[2] = parsimony_two_taps(w[6], w[7]);
    c.middle01 = parsimony_two_taps(w[2], w[5]);
    c.middle2_n = (int32_t)((uint32_t)w[8] << 17 | (uint8_t)n);
    c.bias = p->constant[2 * channel];
    c.multiplier = p->constant[2 * channel + 1];
    c.rounding = parsimony_rounding(p->zero_point, n & 31);
    c.out = output;
    while (left > 0) {
      row += 2;
      parsimony_take_rows(p, input, row, inside, beyond);
      if (row == -p->pad_top) {
        continue; /* two rows make no window */
      }
      c.below = left > 1 ? out_row : 0;
#if defined(PARSIMONY_DSP_LOOPS)
      if (n <= 0) {
        parsimony_any_columns(&c, stride);
      } else if (stride == 1) {
        parsimony_two_rows(&c);
      } else {
        parsimony_one_row(&c);
      }
#else
      parsimony_any_columns(&c, stride);
#endif
      c.out += stride == 1 ? 2 * out_row : out_row;
      left -= stride == 1 ? 2 : 1;
    }
  }
}
/* -- to here -- */
