/* SPDX-License-Identifier: 0BSD */
#include "instructions.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [..., output_width, channels], eight channels or more, any
 * kernel, pixel by pixel, sixteen channels at a time or, where there are fewer, eight; the last ones may be some of
 * those before, computed again. The pixels run from the first to the last or from the last to the first, as those of
 * parsimony_mve_convolution do. */
struct parsimony_mve_depthwise {
  const int8_t *weights;     /* [kernel_height, kernel_width, channels] */
  const int32_t *bias;       /* [channels] */
  const int32_t *multiplier; /* [channels] */
  const int8_t *shift;       /* [channels] */
  int32_t output;            /* [B] of the pixel that is computed first */
  int32_t output_step;       /* [B] to the next one */
  int32_t pixels;
  int16_t x; /* corner of its window */
  int16_t y;
  int16_t step_x;
  int16_t step_y;
  uint16_t input_width;
  uint16_t input_height;
  uint16_t channels;
  uint16_t output_width;
  uint8_t kernel_height;
  uint8_t kernel_width;
  uint8_t dilation_y;
  uint8_t dilation_x;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

/* Some channels of one pixel, from the taps that lie inside. */
struct parsimony_mve_taps {
  const struct parsimony_mve_depthwise *p;
  const int8_t *from; /* the first tap */
  const int8_t *weights;
  int8_t *to;
  int32_t rows;
  int32_t columns;
  int32_t step;         /* [B] from tap to tap */
  int32_t jump;         /* [B] more to the next row */
  int32_t channels;     /* [B] of the weights from tap to tap */
  int32_t weights_jump; /* [B] more to the next row */
  int32_t channel;
  int32_t together; /* 8 or 16 */
};

#if defined(PARSIMONY_MVE)
#define PARSIMONY_MVE_TAP(from, weights, even, odd) \
  "vldrb.s16 q0, " from "\n\t"                      \
  "vldrb.s16 q1, " weights "\n\t"                   \
  "vsub.i16 q0, q0, r9\n\t"                         \
  "vmullb.s16 q2, q0, q1\n\t"                       \
  "vmullt.s16 q3, q0, q1\n\t"                       \
  "vadd.i32 " even ", " even ", q2\n\t"             \
  "vadd.i32 " odd ", " odd ", q3\n\t"
/* Eight sums, of the even channels and of the odd; multipliers at r1, shifts at r2, output at r3. */
#define PARSIMONY_MVE_SCALE_EIGHT(even, odd)   \
  "vld20.32 {q0, q1}, [r1]\n\t"                \
  "vld21.32 {q0, q1}, [r1]!\n\t"               \
  "vshr.s32 q2, " even ", #31\n\t"             \
  "vshr.s32 q3, " odd ", #31\n\t"              \
  "vqrdmulh.s32 " even ", " even ", q0\n\t"    \
  "vqrdmulh.s32 " odd ", " odd ", q1\n\t"      \
  "vldrb.s16 q0, [r2], #8\n\t"                 \
  "vadd.i32 " even ", " even ", q2\n\t"        \
  "vadd.i32 " odd ", " odd ", q3\n\t"          \
  "vmovlb.s16 q1, q0\n\t"                      \
  "vmovlt.s16 q0, q0\n\t"                      \
  "vrshl.s32 " even ", " even ", q1\n\t"       \
  "vrshl.s32 " odd ", " odd ", q0\n\t"         \
  "vqmovnb.s32 " even ", " even "\n\t"         \
  "vqmovnt.s32 " even ", " odd "\n\t"          \
  "vdup.16 q0, r4\n\t"                         \
  "vdup.16 q1, r5\n\t"                         \
  "vqadd.s16 " even ", " even ", r6\n\t"       \
  "vmax.s16 " even ", " even ", q0\n\t"        \
  "vmin.s16 " even ", " even ", q1\n\t"        \
  "vstrb.16 " even ", [r3], #8\n\t"
#endif

PARSIMONY_INLINE void parsimony_mve_some_channels(struct parsimony_mve_taps *taps)
{
#if defined(PARSIMONY_MVE)
  register struct parsimony_mve_taps *t __asm__("r0") = taps;
  __asm__ volatile(
    "ldr r12, [r0, %[params]]\n\t"
    "ldr r10, [r0, %[channel]]\n\t"
    "ldr r11, [r0, %[together]]\n\t"
    "ldr r1, [r12, %[bias]]\n\t"
    "add r1, r1, r10, lsl #2\n\t"
    "vld20.32 {q4, q5}, [r1]\n\t"
    "vld21.32 {q4, q5}, [r1]!\n\t"
    "cmp r11, #8\n\t"
    "beq 1f\n\t"
    "vld20.32 {q6, q7}, [r1]\n\t"
    "vld21.32 {q6, q7}, [r1]\n\t"
    "1:\n\t"
    "ldr r3, [r0, %[rows]]\n\t"
    "ldr r1, [r0, %[from]]\n\t"
    "ldr r2, [r0, %[weights]]\n\t"
    "ldr r4, [r0, %[columns]]\n\t"
    "ldr r5, [r0, %[step]]\n\t"
    "ldr r6, [r0, %[jump]]\n\t"
    "ldr r8, [r0, %[channels]]\n\t"
    "ldrsb r9, [r12, %[input_zero_point]]\n\t"
    "cmp r3, #0\n\t"
    "beq 6f\n\t"
    "2:\n\t"
    "dls lr, r4\n\t"
    "cmp r11, #8\n\t"
    "beq 4f\n\t"
    "3:\n\t"
    PARSIMONY_MVE_TAP("[r1]", "[r2]", "q4", "q5")
    PARSIMONY_MVE_TAP("[r1, #8]", "[r2, #8]", "q6", "q7")
    "add r1, r1, r5\n\t"
    "add r2, r2, r8\n\t"
    "le lr, 3b\n\t"
    "b 5f\n\t"
    "4:\n\t"
    PARSIMONY_MVE_TAP("[r1]", "[r2]", "q4", "q5")
    "add r1, r1, r5\n\t"
    "add r2, r2, r8\n\t"
    "le lr, 4b\n\t"
    "5:\n\t"
    "ldr lr, [r0, %[weights_jump]]\n\t"
    "add r1, r1, r6\n\t"
    "add r2, r2, lr\n\t"
    "subs r3, r3, #1\n\t"
    "bne 2b\n\t"
    "6:\n\t"
    "ldr r1, [r12, %[multiplier]]\n\t"
    "ldr r2, [r12, %[shift]]\n\t"
    "ldr r3, [r0, %[to]]\n\t"
    "add r1, r1, r10, lsl #2\n\t"
    "add r2, r2, r10\n\t"
    "ldrsb r4, [r12, %[lowest]]\n\t"
    "ldrsb r5, [r12, %[highest]]\n\t"
    "ldrsb r6, [r12, %[output_zero_point]]\n\t"
    PARSIMONY_MVE_SCALE_EIGHT("q4", "q5")
    "cmp r11, #8\n\t"
    "beq 7f\n\t"
    PARSIMONY_MVE_SCALE_EIGHT("q6", "q7")
    "7:\n\t"
    : "+r"(t)
    : [params] "i"(offsetof(struct parsimony_mve_taps, p)), [from] "i"(offsetof(struct parsimony_mve_taps, from)),
      [weights] "i"(offsetof(struct parsimony_mve_taps, weights)), [to] "i"(offsetof(struct parsimony_mve_taps, to)),
      [rows] "i"(offsetof(struct parsimony_mve_taps, rows)),
      [columns] "i"(offsetof(struct parsimony_mve_taps, columns)),
      [step] "i"(offsetof(struct parsimony_mve_taps, step)), [jump] "i"(offsetof(struct parsimony_mve_taps, jump)),
      [channels] "i"(offsetof(struct parsimony_mve_taps, channels)),
      [weights_jump] "i"(offsetof(struct parsimony_mve_taps, weights_jump)),
      [channel] "i"(offsetof(struct parsimony_mve_taps, channel)),
      [together] "i"(offsetof(struct parsimony_mve_taps, together)),
      [bias] "i"(offsetof(struct parsimony_mve_depthwise, bias)),
      [multiplier] "i"(offsetof(struct parsimony_mve_depthwise, multiplier)),
      [shift] "i"(offsetof(struct parsimony_mve_depthwise, shift)),
      [input_zero_point] "i"(offsetof(struct parsimony_mve_depthwise, input_zero_point)),
      [output_zero_point] "i"(offsetof(struct parsimony_mve_depthwise, output_zero_point)),
      [lowest] "i"(offsetof(struct parsimony_mve_depthwise, lowest)),
      [highest] "i"(offsetof(struct parsimony_mve_depthwise, highest))
    : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "q3", "q4", "q5",
      "q6", "q7", "cc", "memory");
#else
  const struct parsimony_mve_depthwise *const p = taps->p;
  int8_t outputs[16];
  int32_t i, row, column;
  for (i = 0; i < taps->together; ++i) {
    const int32_t channel = taps->channel + i;
    const int8_t *from = taps->from + i, *w = taps->weights + i;
    int32_t sum = p->bias[channel];
    for (row = 0; row < taps->rows; ++row, from += taps->jump, w += taps->weights_jump) {
      for (column = 0; column < taps->columns; ++column, from += taps->step, w += taps->channels) {
        sum += (*from - p->input_zero_point) * *w;
      }
    }
    outputs[i] = parsimony_requantise(sum, p->multiplier[channel], p->shift[channel], p->output_zero_point,
                                      p->lowest, p->highest);
  }
  memcpy(taps->to, outputs, (uint32_t)taps->together);
#endif
}

/* The taps of one axis that lie inside: the first, and how many. */
PARSIMONY_INLINE int32_t parsimony_mve_first_tap(int32_t corner, int32_t dilation)
{
  int32_t first = 0;
  for (; corner < 0; corner += dilation) {
    ++first;
  }
  return first;
}

PARSIMONY_INLINE int32_t parsimony_mve_count_taps(int32_t corner, int32_t dilation, int32_t taps, int32_t first,
                                                  int32_t size)
{
  int32_t last = corner + (taps - 1) * dilation;
  for (; taps > first && last >= size; last -= dilation) {
    --taps;
  }
  return taps > first ? taps - first : 0;
}

PARSIMONY_KERNEL void parsimony_mve_depthwise(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_mve_depthwise *const p = (const struct parsimony_mve_depthwise *)params;
  const int32_t channels = p->channels, row_bytes = p->input_width * channels;
  int32_t y = p->y, x = p->x, in_row = p->output_width, pixels = p->pixels;
  struct parsimony_mve_taps taps;
  (void)aux;

  output += p->output;
  taps.p = p;
  taps.channels = channels;
  taps.step = p->dilation_x * channels;
  taps.together = channels < 16 ? 8 : 16;
  for (; pixels > 0; --pixels, output += p->output_step) {
    const int32_t top = parsimony_mve_first_tap(y, p->dilation_y);
    const int32_t left = parsimony_mve_first_tap(x, p->dilation_x);
    const int32_t last = channels - taps.together;
    int32_t at = (y + top * p->dilation_y) * row_bytes + (x + left * p->dilation_x) * channels; /* the first tap */
    int32_t tap = (top * p->kernel_width + left) * channels, channel = 0;

    taps.rows = parsimony_mve_count_taps(y, p->dilation_y, p->kernel_height, top, p->input_height);
    taps.columns = parsimony_mve_count_taps(x, p->dilation_x, p->kernel_width, left, p->input_width);
    if (taps.rows == 0 || taps.columns == 0) {
      taps.rows = at = tap = 0;
    }
    taps.jump = p->dilation_y * row_bytes - taps.columns * taps.step;
    taps.weights_jump = (p->kernel_width - taps.columns) * channels;
    for (;;) {
      taps.channel = channel;
      taps.from = input + at + channel;
      taps.weights = p->weights + tap + channel;
      taps.to = output + channel;
      parsimony_mve_some_channels(&taps);
      if (channel == last) {
        break;
      }
      channel = channel + taps.together < last ? channel + taps.together : last;
    }
    x += p->step_x;
    if (--in_row == 0) {
      in_row = p->output_width;
      x = p->x;
      y += p->step_y;
    }
  }
}
/* -- to here -- */
