/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [inputs], weights [outputs, inputs] as packed below, output [outputs]: four outputs at a time, the last one
 * to three by themselves. Weight words as in parsimony_dsp_convolution_3, for each two depths those of the block's
 * first pair and of its second; after a block's words twice its biases, of each pair the second first, and its
 * multipliers. Up to three bytes behind the input are read, and meet weights of zero. */
struct parsimony_dsp_fully_connected {
  const uint32_t *weights;
  const int8_t *shift; /* [outputs], a 1 for the missing one of the last pair */
  int32_t zero_point;  /* of the output, times 2, plus 1 */
  uint16_t inputs;     /* rounded up to a multiple of 4 */
  uint16_t outputs;
};

#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_PAIR(a, b, x)                    \
  "ldr %[raw], [%[w]], #4\n\t"                     \
  "sxtb16 %[low], %[raw]\n\t"                      \
  "smlad %[" b "], %[" x "], %[raw], %[" b "]\n\t" \
  "smlad %[" a "], %[" x "], %[low], %[" a "]\n\t"
#define PARSIMONY_STEP_FULL        \
  "ldr %[odd], [%[from]], #4\n\t"  \
  "sxtb16 %[x], %[odd]\n\t"        \
  PARSIMONY_PAIR("a0", "b0", "x")  \
  PARSIMONY_PAIR("a1", "b1", "x")  \
  "sxtb16 %[x], %[odd], ror #8\n\t" \
  PARSIMONY_PAIR("a0", "b0", "x")  \
  PARSIMONY_PAIR("a1", "b1", "x")
#endif

/* What remains to be done. */
struct parsimony_dsp_rows {
  const uint32_t *w;
  const int8_t *shift;
  const int8_t *input;
  const int8_t *end; /* of the input */
  int8_t *to;
  int32_t bytes; /* of the weights of a block of four */
  int32_t left;  /* outputs */
  int32_t zero_point;
};

/* The next block, of one or two pairs, in plain C, any shift and any depth. */
PARSIMONY_KERNEL void parsimony_any_rows(struct parsimony_dsp_rows *rows)
{
  const int32_t pairs = rows->left > 2 ? 2 : 1, inputs = (int32_t)(rows->end - rows->input);
  const uint32_t *const constants = rows->w + pairs * (inputs >> 1);
  int32_t channel;

  for (channel = 0; channel < 2 * pairs && rows->left > 0; ++channel, --rows->left) {
    const int32_t pair = channel >> 1, odd = channel & 1;
    const int32_t multiplier = (int32_t)constants[2 * pairs + channel];
    uint32_t sum = 0;
    int32_t k;
    for (k = 0; k < inputs; ++k) {
      const uint32_t word = rows->w[((k >> 2) * 2 + (k & 1)) * pairs + pair];
      const int32_t both = (int16_t)((k & 2) != 0 ? word >> 16 : word), low = (int8_t)both;
      sum += (uint32_t)(rows->input[k] * (odd != 0 ? (int8_t)((both - low) >> 8) : low));
    }
    *rows->to++ = (int8_t)parsimony_requantise_any((int32_t)(constants[2 * pair + 1 - odd] + 2 * sum), multiplier,
                                                   *rows->shift++, rows->zero_point);
  }
  rows->w = constants + 4 * pairs;
}

PARSIMONY_KERNEL void parsimony_dsp_fully_connected(const void *params, const int8_t *input, int8_t *aux,
                                                    int8_t *output)
{
  const struct parsimony_dsp_fully_connected *const p = (const struct parsimony_dsp_fully_connected *)params;
  struct parsimony_dsp_rows rows;
  (void)aux;

  rows.w = p->weights;
  rows.shift = p->shift;
  rows.input = input;
  rows.end = input + p->inputs;
  rows.to = output;
  rows.bytes = 4 * p->inputs;
  rows.left = p->outputs;
  rows.zero_point = p->zero_point;
  while (rows.left > 0) {
#if defined(PARSIMONY_DSP_LOOPS) /* all blocks of four, or up to one that needs parsimony_any_rows */
    if (rows.left >= 4) {
      int32_t a0, b0, a1, b1, w, from, raw, low, x, odd, end;
      struct parsimony_dsp_rows *t = &rows; /* the stack holds it, then: one register more */
      __asm__ volatile(
        "push {%[t]}\n\t"
        "ldr %[w], [%[t], %[weights]]\n\t"
        "1:\n\t"
        "ldr %[from], [%[t], %[input]]\n\t"
        "ldr %[end], [%[t], %[stop]]\n\t"
        "mov %[a0], #0\n\t"
        "mov %[b0], #0\n\t"
        "mov %[a1], #0\n\t"
        "mov %[b1], #0\n\t"
        "sub %[x], %[end], %[from]\n\t"
        "tst %[x], #4\n\t"
        "bne 3f\n\t"
        "2:\n\t"
        PARSIMONY_STEP_FULL
        "3:\n\t"
        PARSIMONY_STEP_FULL
        "cmp %[from], %[end]\n\t"
        "bne 2b\n\t"
        "ldr %[from], [%[t], %[shift]]\n\t"
        "ldrsb %[raw], [%[from]], #1\n\t"
        "ldrsb %[low], [%[from]], #1\n\t"
        "ldrsb %[x], [%[from]], #1\n\t"
        "ldrsb %[odd], [%[from]], #1\n\t"
        "orr %[end], %[raw], %[low]\n\t"
        "orr %[end], %[end], %[x]\n\t"
        "orrs %[end], %[end], %[odd]\n\t"
        "bmi 5f\n\t"
        "str %[from], [%[t], %[shift]]\n\t"
        "ldr %[end], [%[w]], #4\n\t"
        "sub %[b0], %[b0], %[a0]\n\t"
        "add %[b0], %[end], %[b0], asr #7\n\t"
        "ldr %[end], [%[w]], #4\n\t"
        "add %[a0], %[end], %[a0], lsl #1\n\t"
        "ldr %[end], [%[w]], #4\n\t"
        "sub %[b1], %[b1], %[a1]\n\t"
        "add %[b1], %[end], %[b1], asr #7\n\t"
        "ldr %[end], [%[w]], #4\n\t"
        "add %[a1], %[end], %[a1], lsl #1\n\t"
        "ldr %[end], [%[t], %[zero]]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[end], %[end], %[raw]\n\t"
        "asr %[end], %[end], #1\n\t"
        "smmlar %[t], %[a0], %[from], %[end]\n\t"
        "add %[t], %[t], %[a0], asr #31\n\t"
        "asr %[t], %[t], %[raw]\n\t"
        "ssat %[a0], #8, %[t]\n\t"
        "ldr %[t], [sp]\n\t"
        "ldr %[end], [%[t], %[zero]]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[end], %[end], %[low]\n\t"
        "asr %[end], %[end], #1\n\t"
        "smmlar %[t], %[b0], %[from], %[end]\n\t"
        "add %[t], %[t], %[b0], asr #31\n\t"
        "asr %[t], %[t], %[low]\n\t"
        "ssat %[b0], #8, %[t]\n\t"
        "ldr %[t], [sp]\n\t"
        "ldr %[end], [%[t], %[zero]]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[end], %[end], %[x]\n\t"
        "asr %[end], %[end], #1\n\t"
        "smmlar %[t], %[a1], %[from], %[end]\n\t"
        "add %[t], %[t], %[a1], asr #31\n\t"
        "asr %[t], %[t], %[x]\n\t"
        "ssat %[a1], #8, %[t]\n\t"
        "ldr %[t], [sp]\n\t"
        "ldr %[end], [%[t], %[zero]]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[end], %[end], %[odd]\n\t"
        "asr %[end], %[end], #1\n\t"
        "smmlar %[t], %[b1], %[from], %[end]\n\t"
        "add %[t], %[t], %[b1], asr #31\n\t"
        "asr %[t], %[t], %[odd]\n\t"
        "ssat %[b1], #8, %[t]\n\t"
        "ldr %[t], [sp]\n\t"
        "ldr %[from], [%[t], %[to]]\n\t"
        "ldr %[x], [%[t], %[left]]\n\t"
        "strb %[a0], [%[from]], #1\n\t"
        "strb %[b0], [%[from]], #1\n\t"
        "strb %[a1], [%[from]], #1\n\t"
        "strb %[b1], [%[from]], #1\n\t"
        "sub %[x], %[x], #4\n\t"
        "str %[from], [%[t], %[to]]\n\t"
        "str %[x], [%[t], %[left]]\n\t"
        "cmp %[x], #4\n\t"
        "bge 1b\n\t"
        "b 4f\n\t"
        "5:\n\t"
        "ldr %[end], [%[t], %[bytes]]\n\t"
        "sub %[w], %[w], %[end]\n\t"
        "4:\n\t"
        "str %[w], [%[t], %[weights]]\n\t"
        "add sp, sp, #4\n\t"
        : [a0] "=&r"(a0), [b0] "=&r"(b0), [a1] "=&r"(a1), [b1] "=&r"(b1), [w] "=&r"(w), [from] "=&r"(from), [raw]
          "=&r"(raw), [low] "=&r"(low), [x] "=&r"(x), [odd] "=&r"(odd), [end] "=&r"(end), [t] "+r"(t)
        : [weights] "i"(offsetof(struct parsimony_dsp_rows, w)),
          [shift] "i"(offsetof(struct parsimony_dsp_rows, shift)),
          [input] "i"(offsetof(struct parsimony_dsp_rows, input)),
          [stop] "i"(offsetof(struct parsimony_dsp_rows, end)),
          [to] "i"(offsetof(struct parsimony_dsp_rows, to)),
          [bytes] "i"(offsetof(struct parsimony_dsp_rows, bytes)),
          [left] "i"(offsetof(struct parsimony_dsp_rows, left)),
          [zero] "i"(offsetof(struct parsimony_dsp_rows, zero_point))
        : "cc", "memory");
      if (rows.left <= 0) {
        break;
      }
    }
#endif
    parsimony_any_rows(&rows);
  }
}
/* -- to here -- */
