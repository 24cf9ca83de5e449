/* SPDX-License-Identifier: 0BSD */
#include "any_pair.h"
/* -- copied from here -- */
/* As parsimony_dsp_convolution_3, two pixels at a time: two thirds of the scratch for a few more instructions. */
#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_STEP_2                 \
  "ldr %[raw], [%[w]], #4\n\t"           \
  "ldr %[x], [%[from]], #4\n\t"          \
  "sxtb16 %[low], %[raw]\n\t"            \
  "smlad %[b0], %[x], %[raw], %[b0]\n\t" \
  "smlad %[a0], %[x], %[low], %[a0]\n\t" \
  "ldr %[x], [%[from]], #4\n\t"          \
  "smlad %[b1], %[x], %[raw], %[b1]\n\t" \
  "smlad %[a1], %[x], %[low], %[a1]\n\t"
#endif

PARSIMONY_KERNEL void parsimony_dsp_convolution_2(const void *params, const int8_t *input, int8_t *aux,
                                                  int8_t *output)
{
  const struct parsimony_dsp_convolution *const p = (const struct parsimony_dsp_convolution *)params;
  int32_t y = p->y, corner = p->x;
  int32_t in_row = p->output_width, pixels = p->pixels;
  const int32_t next = p->step_x * p->input_channels;
  int32_t point = (y * p->input_width + corner) * p->input_channels, out = p->output; /* [B] */

  for (; pixels > 0; pixels -= 2) {
    const int32_t count = pixels < 2 ? pixels : 2;
    struct parsimony_dsp_block block;
    int32_t pixel;

    if (p->points != 0) {
      parsimony_gather_points(input + point, p->input_channels, next, (uint8_t *)aux, 8, count);
      point += 2 * next;
    }
    for (pixel = p->points != 0 ? count : 0; pixel < count; ++pixel) {
      uint8_t *const window = (uint8_t *)aux + 4 * pixel;
      if ((p->input_channels & 3) == 0) {
        parsimony_gather_words(p, input, y, corner, window, 8);
      } else {
        parsimony_gather_bytes(p, input, y, corner, window, 8, aux + 4 * p->depth);
      }
      corner += p->step_x;
      if (--in_row == 0) {
        in_row = p->output_width;
        corner = p->x;
        y += p->step_y;
      }
    }
    block.w = p->weights;
    block.shift = p->shift;
    block.to = output + out;
    block.windows = (const uint8_t *)aux;
    block.bytes = 2 * p->depth;
    block.left = p->output_channels;
    block.step[0] = count > 1 ? p->output_step : 0;
    block.step[1] = count > 2 ? 2 * p->output_step : 0;
    block.zero_point = p->zero_point;
    out += 2 * p->output_step;
    while (block.left > 0) {
#if defined(PARSIMONY_DSP_LOOPS) /* all channels, or up to a pair that needs parsimony_any_pair */
      int32_t a0, a1, b0, b1, w, from, raw, low, x;
      struct parsimony_dsp_block *t = &block; /* the stack holds it, then: one register more */
      __asm__ volatile(
        "push {%[t]}\n\t"
        "ldr %[w], [%[t], %[weights]]\n\t"
        "1:\n\t"
        "ldr %[from], [%[t], %[windows]]\n\t"
        "ldr %[t], [%[t], %[bytes]]\n\t"
        "mov %[a0], #0\n\t"
        "mov %[b0], #0\n\t"
        "mov %[a1], #0\n\t"
        "mov %[b1], #0\n\t"
        "lsls %[x], %[t], #28\n\t" /* of the depth / 4: N its lowest bit, C the next */
        "add %[t], %[t], %[w]\n\t"
        "bmi 7f\n\t"
        "bcs 3f\n\t"
        "2:\n\t"
        PARSIMONY_STEP_2 PARSIMONY_STEP_2
        "8:\n\t"
        PARSIMONY_STEP_2 PARSIMONY_STEP_2
        "3:\n\t"
        PARSIMONY_STEP_2 PARSIMONY_STEP_2
        "9:\n\t"
        PARSIMONY_STEP_2 PARSIMONY_STEP_2
        "cmp %[w], %[t]\n\t"
        "bne 2b\n\t"
        "ldr %[t], [sp]\n\t"
        "ldr %[from], [%[t], %[shift]]\n\t"
        "ldrsb %[raw], [%[from]], #1\n\t"
        "ldrsb %[low], [%[from]], #1\n\t"
        "orrs %[x], %[raw], %[low]\n\t"
        "bmi 5f\n\t"
        "str %[from], [%[t], %[shift]]\n\t"
        "ldr %[x], [%[w]], #4\n\t"
        "sub %[b0], %[b0], %[a0]\n\t"
        "sub %[b1], %[b1], %[a1]\n\t"
        "add %[b0], %[x], %[b0], asr #7\n\t"
        "add %[b1], %[x], %[b1], asr #7\n\t"
        "ldr %[x], [%[w]], #4\n\t"
        "add %[a0], %[x], %[a0], lsl #1\n\t"
        "add %[a1], %[x], %[a1], lsl #1\n\t"
        "ldr %[x], [%[t], %[zero]]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[x], %[x], %[raw]\n\t"
        "asr %[x], %[x], #1\n\t"
        "smmlar %[t], %[a0], %[from], %[x]\n\t"
        "add %[t], %[t], %[a0], asr #31\n\t"
        "asr %[t], %[t], %[raw]\n\t"
        "ssat %[a0], #8, %[t]\n\t"
        "smmlar %[t], %[a1], %[from], %[x]\n\t"
        "add %[t], %[t], %[a1], asr #31\n\t"
        "asr %[t], %[t], %[raw]\n\t"
        "ssat %[a1], #8, %[t]\n\t"
        "ldr %[x], [sp]\n\t"
        "ldr %[x], [%[x], %[zero]]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[x], %[x], %[low]\n\t"
        "asr %[x], %[x], #1\n\t"
        "smmlar %[t], %[b0], %[from], %[x]\n\t"
        "add %[t], %[t], %[b0], asr #31\n\t"
        "asr %[t], %[t], %[low]\n\t"
        "ssat %[b0], #8, %[t]\n\t"
        "smmlar %[t], %[b1], %[from], %[x]\n\t"
        "add %[t], %[t], %[b1], asr #31\n\t"
        "asr %[t], %[t], %[low]\n\t"
        "ssat %[b1], #8, %[t]\n\t"
        "ldr %[t], [sp]\n\t"
        "ldr %[from], [%[t], %[to]]\n\t"
        "ldr %[x], [%[t], %[step1]]\n\t"
        "ldr %[raw], [%[t], %[left]]\n\t"
        "strb %[a1], [%[from], %[x]]\n\t"
        "strb %[a0], [%[from]], #1\n\t"
        "subs %[raw], %[raw], #2\n\t"
        "str %[raw], [%[t], %[left]]\n\t"
        "bmi 4f\n\t"
        "strb %[b1], [%[from], %[x]]\n\t"
        "strb %[b0], [%[from]], #1\n\t"
        "str %[from], [%[t], %[to]]\n\t"
        "bne 1b\n\t"
        "b 4f\n\t"
        "7:\n\t"
        "bcs 8b\n\t"
        "b 9b\n\t"
        "5:\n\t"
        "ldr %[x], [%[t], %[bytes]]\n\t"
        "sub %[w], %[w], %[x]\n\t"
        "4:\n\t"
        "str %[w], [%[t], %[weights]]\n\t"
        "add sp, sp, #4\n\t"
        : [a0] "=&r"(a0), [a1] "=&r"(a1), [b0] "=&r"(b0), [b1] "=&r"(b1), [w] "=&r"(w), [from] "=&r"(from), [raw]
          "=&r"(raw), [low] "=&r"(low), [x] "=&r"(x), [t] "+r"(t)
        : [weights] "i"(offsetof(struct parsimony_dsp_block, w)),
          [shift] "i"(offsetof(struct parsimony_dsp_block, shift)),
          [to] "i"(offsetof(struct parsimony_dsp_block, to)),
          [windows] "i"(offsetof(struct parsimony_dsp_block, windows)),
          [bytes] "i"(offsetof(struct parsimony_dsp_block, bytes)),
          [left] "i"(offsetof(struct parsimony_dsp_block, left)),
          [step1] "i"(offsetof(struct parsimony_dsp_block, step[0])),
          [zero] "i"(offsetof(struct parsimony_dsp_block, zero_point))
        : "cc", "memory");
      if (block.left <= 0) {
        break;
      }
#endif
      parsimony_any_pair(&block, 2);
    }
  }
}
/* -- to here -- */
