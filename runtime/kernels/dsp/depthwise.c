/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [output_height, output_width, channels], any kernel, one
 * channel after the other: so the output may lie where the input does. The scratch holds the rows under the window,
 * bytes side by side with the zero point around them, in a ring. */
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

PARSIMONY_INLINE int32_t parsimony_load_half(const uint8_t *from)
{
  uint16_t half;
  memcpy(&half, from, sizeof half);
  return half;
}

/* A row of at least four outputs, stride 1 or 2, dilation 1: from the last four to the first, four at a time.
 * Neighbours at stride 1 share the pairs of their bytes. */
struct parsimony_dsp_line {
  const uint8_t *rows; /* [B] from `from` to the rows under the window, two bytes each */
  const uint8_t *rows_end;
  const int8_t *w;
  int32_t taps;       /* in a row, rounded up to a multiple of 4 */
  const int8_t *from; /* the last four's first tap in the ring */
  int8_t *to;         /* the last four's first output */
  int32_t left;       /* outputs before these four */
  int32_t channels;
  int32_t stride;
  int32_t bias;
  int32_t multiplier;
  int32_t rounding;
  int32_t n;
};

PARSIMONY_INLINE void parsimony_four_by_four(struct parsimony_dsp_line *line)
{
#if defined(PARSIMONY_DSP_LOOPS)
  int32_t a, c, d, outer, inner, x, y;
  const int8_t *at, *w, *end;
  const uint8_t *rows;
  struct parsimony_dsp_line *b = line; /* the stack holds it, then: one register more */
  __asm__ volatile(
    "push {%[b]}\n\t"
    "1:\n\t"
    "ldr %[rows], [%[b], %[table]]\n\t"
    "ldr %[w], [%[b], %[weights]]\n\t"
    "mov %[a], #0\n\t"
    "mov %[b], #0\n\t"
    "mov %[c], #0\n\t"
    "mov %[d], #0\n\t"
    "2:\n\t"
    "ldr %[x], [sp]\n\t"
    "ldrh %[at], [%[rows]], #2\n\t"
    "ldr %[y], [%[x], %[from]]\n\t"
    "ldr %[end], [%[x], %[taps]]\n\t"
    "ldr %[x], [%[x], %[stride]]\n\t"
    "add %[at], %[at], %[y]\n\t"
    "add %[end], %[w], %[end]\n\t"
    "cmp %[x], #1\n\t"
    "bne 5f\n\t"
    "3:\n\t"
    "ldr %[inner], [%[w]], #4\n\t"
    "ldr %[y], [%[at]]\n\t"
    "sxtb16 %[outer], %[inner]\n\t"
    "sxtb16 %[inner], %[inner], ror #8\n\t"
    "sxtb16 %[x], %[y]\n\t"
    "sxtb16 %[y], %[y], ror #8\n\t"
    "smlad %[a], %[x], %[outer], %[a]\n\t"
    "smlad %[a], %[y], %[inner], %[a]\n\t"
    "smlad %[b], %[y], %[outer], %[b]\n\t"
    "ldr %[y], [%[at], #2]\n\t"
    "sxtb16 %[x], %[y]\n\t"
    "sxtb16 %[y], %[y], ror #8\n\t"
    "smlad %[b], %[x], %[inner], %[b]\n\t"
    "smlad %[c], %[x], %[outer], %[c]\n\t"
    "smlad %[c], %[y], %[inner], %[c]\n\t"
    "smlad %[d], %[y], %[outer], %[d]\n\t"
    "ldr %[y], [%[at], #4]!\n\t"
    "cmp %[w], %[end]\n\t"
    "sxtb16 %[y], %[y]\n\t"
    "smlad %[d], %[y], %[inner], %[d]\n\t"
    "bne 3b\n\t"
    "6:\n\t"
    "ldr %[x], [sp]\n\t"
    "ldr %[y], [%[x], %[stop]]\n\t"
    "cmp %[rows], %[y]\n\t"
    "bne 2b\n\t"
    "ldr %[y], [%[x], %[bias]]\n\t"
    "ldr %[outer], [%[x], %[multiplier]]\n\t"
    "ldr %[inner], [%[x], %[rounding]]\n\t"
    "ldr %[at], [%[x], %[shift]]\n\t"
    "ldr %[w], [%[x], %[to]]\n\t"
    "ldr %[end], [%[x], %[channels]]\n\t"
    "add %[a], %[y], %[a], lsl #1\n\t"
    "add %[b], %[y], %[b], lsl #1\n\t"
    "add %[c], %[y], %[c], lsl #1\n\t"
    "add %[d], %[y], %[d], lsl #1\n\t"
    "smmlar %[y], %[a], %[outer], %[inner]\n\t"
    "add %[y], %[y], %[a], asr #31\n\t"
    "asr %[y], %[y], %[at]\n\t"
    "ssat %[y], #8, %[y]\n\t"
    "strb %[y], [%[w]]\n\t"
    "add %[w], %[w], %[end]\n\t"
    "smmlar %[y], %[b], %[outer], %[inner]\n\t"
    "add %[y], %[y], %[b], asr #31\n\t"
    "asr %[y], %[y], %[at]\n\t"
    "ssat %[y], #8, %[y]\n\t"
    "strb %[y], [%[w]]\n\t"
    "add %[w], %[w], %[end]\n\t"
    "smmlar %[y], %[c], %[outer], %[inner]\n\t"
    "add %[y], %[y], %[c], asr #31\n\t"
    "asr %[y], %[y], %[at]\n\t"
    "ssat %[y], #8, %[y]\n\t"
    "strb %[y], [%[w]]\n\t"
    "add %[w], %[w], %[end]\n\t"
    "smmlar %[y], %[d], %[outer], %[inner]\n\t"
    "add %[y], %[y], %[d], asr #31\n\t"
    "asr %[y], %[y], %[at]\n\t"
    "ssat %[y], #8, %[y]\n\t"
    "strb %[y], [%[w]]\n\t"
    "mov %[b], %[x]\n\t"
    "ldr %[a], [%[b], %[left]]\n\t"
    "ldr %[c], [%[b], %[from]]\n\t"
    "ldr %[d], [%[b], %[to]]\n\t"
    "cmp %[a], #0\n\t"
    "beq 4f\n\t"
    "cmp %[a], #4\n\t"
    "ite ge\n\t"
    "movge %[x], #4\n\t"
    "movlt %[x], %[a]\n\t"
    "sub %[a], %[a], %[x]\n\t"
    "ldr %[y], [%[b], %[stride]]\n\t"
    "mls %[c], %[x], %[y], %[c]\n\t"
    "mls %[d], %[x], %[end], %[d]\n\t"
    "str %[a], [%[b], %[left]]\n\t"
    "str %[c], [%[b], %[from]]\n\t"
    "str %[d], [%[b], %[to]]\n\t"
    "b 1b\n\t"
    "5:\n\t"
    "ldr %[inner], [%[w]], #4\n\t"
    "ldr %[y], [%[at]]\n\t"
    "sxtb16 %[outer], %[inner]\n\t"
    "sxtb16 %[inner], %[inner], ror #8\n\t"
    "sxtb16 %[x], %[y]\n\t"
    "sxtb16 %[y], %[y], ror #8\n\t"
    "smlad %[a], %[x], %[outer], %[a]\n\t"
    "smlad %[a], %[y], %[inner], %[a]\n\t"
    "ldr %[y], [%[at], #2]\n\t"
    "sxtb16 %[x], %[y]\n\t"
    "sxtb16 %[y], %[y], ror #8\n\t"
    "smlad %[b], %[x], %[outer], %[b]\n\t"
    "smlad %[b], %[y], %[inner], %[b]\n\t"
    "ldr %[y], [%[at], #4]\n\t"
    "sxtb16 %[x], %[y]\n\t"
    "sxtb16 %[y], %[y], ror #8\n\t"
    "smlad %[c], %[x], %[outer], %[c]\n\t"
    "smlad %[c], %[y], %[inner], %[c]\n\t"
    "ldr %[y], [%[at], #6]\n\t"
    "sxtb16 %[x], %[y]\n\t"
    "sxtb16 %[y], %[y], ror #8\n\t"
    "smlad %[d], %[x], %[outer], %[d]\n\t"
    "smlad %[d], %[y], %[inner], %[d]\n\t"
    "add %[at], %[at], #4\n\t"
    "cmp %[w], %[end]\n\t"
    "bne 5b\n\t"
    "b 6b\n\t"
    "4:\n\t"
    "add sp, sp, #4\n\t"
    : [a] "=&r"(a), [b] "+r"(b), [c] "=&r"(c), [d] "=&r"(d), [outer] "=&r"(outer), [inner] "=&r"(inner),
      [x] "=&r"(x), [y] "=&r"(y), [at] "=&r"(at), [w] "=&r"(w), [end] "=&r"(end), [rows] "=&r"(rows)
    : [table] "i"(offsetof(struct parsimony_dsp_line, rows)),
      [stop] "i"(offsetof(struct parsimony_dsp_line, rows_end)),
      [weights] "i"(offsetof(struct parsimony_dsp_line, w)),
      [taps] "i"(offsetof(struct parsimony_dsp_line, taps)),
      [from] "i"(offsetof(struct parsimony_dsp_line, from)), [to] "i"(offsetof(struct parsimony_dsp_line, to)),
      [left] "i"(offsetof(struct parsimony_dsp_line, left)),
      [channels] "i"(offsetof(struct parsimony_dsp_line, channels)),
      [stride] "i"(offsetof(struct parsimony_dsp_line, stride)),
      [bias] "i"(offsetof(struct parsimony_dsp_line, bias)),
      [multiplier] "i"(offsetof(struct parsimony_dsp_line, multiplier)),
      [rounding] "i"(offsetof(struct parsimony_dsp_line, rounding)),
      [shift] "i"(offsetof(struct parsimony_dsp_line, n))
    : "cc", "memory");
#else
  for (;;) {
    const int32_t step = line->left < 4 ? line->left : 4;
    const int8_t *w = line->w;
    const uint8_t *rows = line->rows;
    int32_t sums[4] = {0, 0, 0, 0}, i;
    for (; rows != line->rows_end; rows += 2) {
      const int8_t *at = line->from + parsimony_load_half(rows), *const end = w + line->taps;
      for (; w != end; w += 4, at += 4) {
        const int32_t four = parsimony_load_word(w);
        for (i = 0; i < 4; ++i) {
          const int32_t x = parsimony_load_word(at + i * line->stride);
          sums[i] = parsimony_smlad(parsimony_sxtb16(x), parsimony_sxtb16(four), sums[i]);
          sums[i] = parsimony_smlad(parsimony_sxtb16_odd(x), parsimony_sxtb16_odd(four), sums[i]);
        }
      }
    }
    for (i = 0; i < 4; ++i) {
      line->to[i * line->channels] = (int8_t)parsimony_requantise_twice(line->bias + 2 * sums[i], line->multiplier,
                                                                        line->rounding, line->n);
    }
    if (line->left == 0) {
      break;
    }
    line->left -= step;
    line->from -= step * line->stride;
    line->to -= step * line->channels;
  }
#endif
}

/* Twice the sum of one output, any stride and dilation. */
PARSIMONY_INLINE int32_t parsimony_one_output(const struct parsimony_dsp_depthwise *p, const int8_t *ring,
                                              const uint8_t *rows, const int8_t *w, int32_t bias)
{
  const uint8_t *const end = rows + 2 * p->kernel_height;
  int32_t sum = 0;

  for (; rows != end; rows += 2) {
    const int8_t *at = ring + parsimony_load_half(rows);
    int32_t taps = p->kernel_width;
    const int8_t *const next = w + ((taps + 3) & ~3);
    if (p->dilation_x == 1) {
      for (; w != next; w += 4, at += 4) {
        const int32_t weights = parsimony_load_word(w), x = parsimony_load_word(at);
        sum = parsimony_smlad(parsimony_sxtb16(x), parsimony_sxtb16(weights), sum);
        sum = parsimony_smlad(parsimony_sxtb16_odd(x), parsimony_sxtb16_odd(weights), sum);
      }
    }
    for (; w != next && taps > 0; --taps, ++w, at += p->dilation_x) {
      sum += *at * *w;
    }
    w = next;
  }
  return bias + 2 * sum;
}

PARSIMONY_KERNEL void parsimony_dsp_depthwise(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_depthwise *const p = (const struct parsimony_dsp_depthwise *)params;
  const int32_t fours = (p->output_width + 3) & ~3;
  const int32_t width = ((fours - 1) * p->stride_x + (p->kernel_width - 1) * p->dilation_x + 11) & ~3;
  const int32_t span = (p->kernel_height - 1) * p->dilation_y + 1, ring_bytes = width * span;
  const int32_t channels = p->channels, row_bytes = p->input_width * channels;
  const int32_t room = width - p->pad_left;
  const int32_t inside = p->input_width < room ? p->input_width : room;
  const int32_t together = p->stride_x <= 2 && p->dilation_x == 1 && p->output_width >= 4;
  uint8_t *const rows = (uint8_t *)aux + ring_bytes; /* where the window's rows are in the ring */
  struct parsimony_dsp_line line;
  int32_t channel;

  line.rows = rows;
  line.rows_end = rows + 2 * p->kernel_height;
  line.w = p->weights;
  line.taps = (p->kernel_width + 3) & ~3;
  line.channels = channels;
  line.stride = p->stride_x;

  parsimony_fill((uint8_t *)aux, rows, p->input_zero_point);
  for (channel = 0; channel < channels; ++channel, ++input, ++output) {
    const int32_t n = p->shift[channel];
    int8_t *out = output;
    int32_t next = -p->pad_top; /* the row that is copied next */
    int32_t slot = 0;           /* its place in the ring [B] */
    int32_t fresh = span, y;

    line.bias = p->constant[2 * channel];
    line.multiplier = p->constant[2 * channel + 1];
    line.rounding = parsimony_rounding(p->zero_point, n & 31);
    line.n = n;
    for (y = 0; y < p->output_height; ++y) {
      int32_t x, at;
      for (; fresh > 0; --fresh, ++next) {
        int8_t *to = aux + slot + p->pad_left, *const end = to + inside;
        const int32_t exists = next >= 0 && next < p->input_height, step = exists ? channels : 0;
        const int8_t *from = exists ? input + next * row_bytes : &p->input_zero_point;
        for (; to != end; from += step) {
          *to++ = *from;
        }
        slot = slot + width < ring_bytes ? slot + width : 0;
      }
      for (at = slot, x = 0; x < p->kernel_height; ++x) {
        const uint16_t half = (uint16_t)at;
        memcpy(rows + 2 * x, &half, sizeof half);
        at += p->dilation_y * width;
        at = at < ring_bytes ? at : at - ring_bytes;
      }
      if (together && n > 0) {
        line.left = p->output_width - 4;
        line.from = aux + line.left * p->stride_x;
        line.to = out + line.left * channels;
        parsimony_four_by_four(&line);
        out += p->output_width * channels;
      } else {
        for (x = 0; x < p->output_width; ++x, out += channels) {
          const int32_t sum = parsimony_one_output(p, aux + x * p->stride_x, rows, line.w, line.bias);
          *out = (int8_t)parsimony_requantise_any(sum, line.multiplier, n, p->zero_point);
        }
      }
      fresh = p->stride_y < span ? p->stride_y : span;
      next += p->stride_y - fresh;
    }
    line.w += p->kernel_height * line.taps;
  }
}
/* -- to here -- */
