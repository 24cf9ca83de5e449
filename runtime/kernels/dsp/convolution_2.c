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

PARSIMONY_KERNEL void parsimony_dsp_convolution_2(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_convolution *const p = (const struct parsimony_dsp_convolution *)params;
  int8_t *out = output + p->output;
  int32_t y = p->y, corner = p->x;
  int32_t in_row = p->output_width, pixels = p->pixels;

  for (; pixels > 0; pixels -= 2) {
    const int32_t count = pixels < 2 ? pixels : 2;
    struct parsimony_dsp_block block;
    int32_t pixel;

    for (pixel = 0; pixel < count; ++pixel) {
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
    block.to = out;
    block.windows = (const uint8_t *)aux;
    block.bytes = 2 * p->depth;
    block.left = p->output_channels;
    block.step[0] = count > 1 ? p->output_step : 0;
    block.step[1] = count > 2 ? 2 * p->output_step : 0;
    block.zero_point = p->zero_point;
    out += 2 * p->output_step;
    while (block.left > 0) {
#if defined(PARSIMONY_DSP_LOOPS) /* all channels, or up to a pair that needs parsimony_any_pair */
      int32_t a0, a1, b0, b1, w, from, raw, low, x, end;
      __asm__ volatile(
        "ldr %[w], %[weights]\n\t"
        "1:\n\t"
        "ldr %[end], %[bytes]\n\t"
        "ldr %[from], %[windows]\n\t"
        "mov %[a0], #0\n\t"
        "mov %[b0], #0\n\t"
        "mov %[a1], #0\n\t"
        "mov %[b1], #0\n\t"
        "tst %[end], #8\n\t"
        "add %[end], %[end], %[w]\n\t"
        "bne 3f\n\t"
        "2:\n\t"
        PARSIMONY_STEP_2 PARSIMONY_STEP_2
        "3:\n\t"
        PARSIMONY_STEP_2 PARSIMONY_STEP_2
        "cmp %[w], %[end]\n\t"
        "bne 2b\n\t"
        "ldr %[from], %[shift]\n\t"
        "ldrsb %[raw], [%[from]], #1\n\t"
        "ldrsb %[low], [%[from]], #1\n\t"
        "orrs %[x], %[raw], %[low]\n\t"
        "bmi 5f\n\t"
        "str %[from], %[shift]\n\t"
        "ldr %[x], [%[w]], #4\n\t"
        "sub %[b0], %[b0], %[a0]\n\t"
        "sub %[b1], %[b1], %[a1]\n\t"
        "add %[b0], %[x], %[b0], asr #7\n\t"
        "add %[b1], %[x], %[b1], asr #7\n\t"
        "ldr %[x], [%[w]], #4\n\t"
        "add %[a0], %[x], %[a0], lsl #1\n\t"
        "add %[a1], %[x], %[a1], lsl #1\n\t"
        "ldr %[x], %[zero]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[x], %[x], %[raw]\n\t"
        "asr %[x], %[x], #1\n\t"
        "smmlar %[end], %[a0], %[from], %[x]\n\t"
        "add %[end], %[end], %[a0], asr #31\n\t"
        "asr %[end], %[end], %[raw]\n\t"
        "ssat %[a0], #8, %[end]\n\t"
        "smmlar %[end], %[a1], %[from], %[x]\n\t"
        "add %[end], %[end], %[a1], asr #31\n\t"
        "asr %[end], %[end], %[raw]\n\t"
        "ssat %[a1], #8, %[end]\n\t"
        "ldr %[x], %[zero]\n\t"
        "ldr %[from], [%[w]], #4\n\t"
        "lsl %[x], %[x], %[low]\n\t"
        "asr %[x], %[x], #1\n\t"
        "smmlar %[end], %[b0], %[from], %[x]\n\t"
        "add %[end], %[end], %[b0], asr #31\n\t"
        "asr %[end], %[end], %[low]\n\t"
        "ssat %[b0], #8, %[end]\n\t"
        "smmlar %[end], %[b1], %[from], %[x]\n\t"
        "add %[end], %[end], %[b1], asr #31\n\t"
        "asr %[end], %[end], %[low]\n\t"
        "ssat %[b1], #8, %[end]\n\t"
        "ldr %[from], %[to]\n\t"
        "ldr %[x], %[step1]\n\t"
        "ldr %[raw], %[left]\n\t"
        "strb %[a1], [%[from], %[x]]\n\t"
        "strb %[a0], [%[from]], #1\n\t"
        "subs %[raw], %[raw], #2\n\t"
        "str %[raw], %[left]\n\t"
        "bmi 4f\n\t"
        "strb %[b1], [%[from], %[x]]\n\t"
        "strb %[b0], [%[from]], #1\n\t"
        "str %[from], %[to]\n\t"
        "bne 1b\n\t"
        "b 4f\n\t"
        "5:\n\t"
        "ldr %[x], %[bytes]\n\t"
        "sub %[w], %[w], %[x]\n\t"
        "4:\n\t"
        "str %[w], %[weights]\n\t"
        : [a0] "=&r"(a0), [a1] "=&r"(a1), [b0] "=&r"(b0), [b1] "=&r"(b1), [w] "=&r"(w), [from] "=&r"(from), [raw] "=&r"(raw), [low] "=&r"(low), [x] "=&r"(x), [end] "=&r"(end),
          [weights] "+m"(block.w), [shift] "+m"(block.shift), [to] "+m"(block.to), [left] "+m"(block.left)
        : [windows] "m"(block.windows), [bytes] "m"(block.bytes), [zero] "m"(block.zero_point), [step1] "m"(block.step[0])
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
