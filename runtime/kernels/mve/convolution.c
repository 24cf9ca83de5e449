/* SPDX-License-Identifier: 0BSD */
#include "instructions.h"
/* -- copied from here -- */
/* A convolution of [height, width, channels] by [kernel_height, kernel_width] taps to four channels or more, two
 * pixels by four channels at a time; the last four channels may be some of those before, computed again. The pixels
 * run from the first to the last or from the last to the first: `x`, `y` is the window's corner of the one that is
 * computed first, `step_x` and `step_y` the way to the next. Without dilation a row of taps is one run; with it each
 * tap is one. The scratch holds the windows of both pixels, sixteen bytes of each by turns. */
struct parsimony_mve_convolution {
  const int8_t *weights;     /* [output_channels, depth] */
  const int32_t *bias;       /* [output_channels], the input's zero point folded in */
  const int32_t *multiplier; /* [output_channels] */
  const int8_t *shift;       /* [output_channels] */
  int32_t output;            /* [B] of the pixel that is computed first */
  int32_t output_step;       /* [B] to the next one */
  int32_t pixels;
  int16_t x;
  int16_t y;
  int16_t step_x;
  int16_t step_y;
  int16_t last_x; /* where a window still lies inside the input */
  int16_t last_y;
  uint16_t input_width;
  uint16_t input_height;
  uint16_t input_channels;
  uint16_t output_channels;
  uint16_t output_width;
  uint16_t depth;   /* taps times channels */
  uint8_t rows;     /* of taps */
  uint8_t runs;     /* in a row */
  uint8_t run_taps; /* in a run */
  uint8_t dilation_y;
  uint8_t dilation_x;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

/* Where byte `at` of a window lies. */
PARSIMONY_INLINE int8_t *parsimony_mve_place(int8_t *window, int32_t at)
{
  return window + 2 * at - (at & 15);
}

/* Copies `count` bytes to the window's byte `at` and those behind. */
PARSIMONY_KERNEL void parsimony_mve_lay(int8_t *window, int32_t at, const int8_t *from, int32_t count)
{
#if defined(PARSIMONY_MVE)
  int8_t *to = parsimony_mve_place(window, at);
  int32_t room = -at & 15; /* before the next sixteen bytes */
  if (room != 0) {
    room = room < count ? room : count;
    __asm__ volatile(
      "vctp.8 %[room]\n\t"
      "vpstt\n\t"
      "vldrbt.8 q0, [%[from]]\n\t"
      "vstrbt.8 q0, [%[to]]\n\t"
      :
      : [room] "r"(room), [from] "r"(from), [to] "r"(to)
      : "q0", "memory");
    from += room;
    to += room + 16;
    count -= room;
  }
  __asm__ volatile(
    "wlstp.8 lr, %[count], 2f\n\t"
    "1:\n\t"
    "vldrb.8 q0, [%[from]], #16\n\t"
    "vstrb.8 q0, [%[to]], #32\n\t"
    "letp lr, 1b\n\t"
    "2:\n\t"
    : [from] "+r"(from), [to] "+r"(to)
    : [count] "r"(count)
    : "q0", "lr", "cc", "memory");
#else
  for (; count > 0; --count, ++at) {
    *parsimony_mve_place(window, at) = *from++;
  }
#endif
}

/* The same for bytes of one value. */
PARSIMONY_KERNEL void parsimony_mve_fill(int8_t *window, int32_t at, int32_t value, int32_t count)
{
#if defined(PARSIMONY_MVE)
  int8_t *to = parsimony_mve_place(window, at);
  int32_t room = -at & 15;
  room = room < count ? room : count;
  __asm__ volatile(
    "vdup.8 q0, %[value]\n\t"
    "vctp.8 %[room]\n\t"
    "vpst\n\t"
    "vstrbt.8 q0, [%[to]]\n\t"
    "sub %[count], %[count], %[room]\n\t"
    "add %[to], %[to], %[begin]\n\t"
    "wlstp.8 lr, %[count], 2f\n\t"
    "1:\n\t"
    "vstrb.8 q0, [%[to]], #32\n\t"
    "letp lr, 1b\n\t"
    "2:\n\t"
    : [to] "+&r"(to), [count] "+&r"(count)
    : [value] "r"(value), [room] "r"(room), [begin] "r"((at & 15) != 0 ? room + 16 : 0)
    : "q0", "lr", "cc", "memory");
#else
  for (; count > 0; --count, ++at) {
    *parsimony_mve_place(window, at) = (int8_t)value;
  }
#endif
}

/* Copies the window at x, y; taps outside the input hold its zero point. */
PARSIMONY_KERNEL void parsimony_mve_gather(const struct parsimony_mve_convolution *p, const int8_t *input, int32_t y,
                                           int32_t x, int8_t *window)
{
  const int32_t channels = p->input_channels, row_bytes = p->input_width * channels;
  const int32_t run = p->run_taps * channels;
  int32_t row = y * row_bytes + x * channels; /* [B] of the first tap, which may lie outside */
  int32_t rows = p->rows, at = 0;

  if (y >= 0 && x >= 0 && y <= p->last_y && x <= p->last_x) {
#if defined(PARSIMONY_MVE)
    if (p->runs == 1 && (rows == 1 || (run & 15) == 0)) {
      const int8_t *from = input + row;
      __asm__ volatile(
        "1:\n\t"
        "dlstp.8 lr, %[run]\n\t"
        "2:\n\t"
        "vldrb.8 q0, [%[from]], #16\n\t"
        "vstrb.8 q0, [%[window]], #32\n\t"
        "letp lr, 2b\n\t"
        "add %[from], %[from], %[jump]\n\t"
        "subs %[rows], %[rows], #1\n\t"
        "bne 1b\n\t"
        : [from] "+r"(from), [window] "+r"(window), [rows] "+r"(rows)
        : [run] "r"(run), [jump] "r"(p->dilation_y * row_bytes - ((run + 15) & ~15))
        : "q0", "lr", "cc", "memory");
      return;
    }
#endif
    for (; rows > 0; --rows, row += p->dilation_y * row_bytes) {
      const int8_t *from = input + row;
      int32_t runs = p->runs;
      for (; runs > 0; --runs, at += run, from += p->dilation_x * channels) {
        parsimony_mve_lay(window, at, from, run);
      }
    }
    return;
  }
  for (; rows > 0; --rows, y += p->dilation_y, row += p->dilation_y * row_bytes) {
    const int32_t inside = y >= 0 && y < p->input_height;
    int32_t tap = x, runs = p->runs;
    for (; runs > 0; --runs, at += run, tap += p->dilation_x) {
      const int32_t first = tap < 0 ? -tap : 0; /* of the run's taps inside */
      const int32_t room = p->input_width - tap;
      const int32_t end = room < p->run_taps ? room : p->run_taps;
      if (!inside || first >= end) {
        parsimony_mve_fill(window, at, p->input_zero_point, run);
      } else {
        parsimony_mve_fill(window, at, p->input_zero_point, first * channels);
        parsimony_mve_lay(window, at + first * channels, input + row + (tap - x + first) * channels,
                          (end - first) * channels);
        parsimony_mve_fill(window, at + end * channels, p->input_zero_point, run - end * channels);
      }
    }
  }
}

/* One block of pixels. */
struct parsimony_mve_block {
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  const int8_t *windows;
  const int8_t *windows_end; /* behind the last whole sixteen bytes of both */
  int8_t *to;
  int32_t step; /* [B] from the first pixel to the second; 0: it is missing and overwritten */
  int32_t depth;
  int32_t tail;    /* what is left of the depth */
  int32_t channel; /* the next */
  int32_t last;    /* the last four channels begin here */
  int32_t zero_point;
  int32_t lowest;
  int32_t highest;
};

/* All channels of both pixels. */
PARSIMONY_INLINE void parsimony_mve_two_pixels(struct parsimony_mve_block *block)
{
#if defined(PARSIMONY_MVE) /* sums r0, r2, r4, r6 and r8, r10, r12, lr; rows of weights r1, r3, r7, r5 */
  register struct parsimony_mve_block *t __asm__("r0") = block;
  __asm__ volatile(
    "push {r0, r7}\n\t"
    "ldr r1, [r0, %[lowest]]\n\t"
    "ldr r2, [r0, %[highest]]\n\t"
    "vdup.32 q4, r1\n\t"
    "vdup.32 q5, r2\n\t"
    "1:\n\t"
    "ldr r9, [r0, %[channel]]\n\t"
    "ldr r1, [r0, %[weights]]\n\t"
    "ldr r11, [r0, %[depth]]\n\t"
    "ldr r8, [r0, %[bias]]\n\t"
    "mla r1, r9, r11, r1\n\t"
    "add r8, r8, r9, lsl #2\n\t"
    "add r3, r1, r11\n\t"
    "add r7, r3, r11\n\t"
    "add r5, r7, r11\n\t"
    "ldr r9, [r0, %[windows]]\n\t"
    "ldr r11, [r0, %[windows_end]]\n\t"
    "ldr r0, [r8]\n\t"
    "ldr r2, [r8, #4]\n\t"
    "ldr r4, [r8, #8]\n\t"
    "ldr r6, [r8, #12]\n\t"
    "mov r8, r0\n\t"
    "mov r10, r2\n\t"
    "mov r12, r4\n\t"
    "mov lr, r6\n\t"
    "cmp r9, r11\n\t"
    "beq 3f\n\t"
    "2:\n\t"
    "vldrb.8 q0, [r9], #32\n\t"
    "vldrb.8 q2, [r1], #16\n\t"
    "vmladava.s8 r0, q0, q2\n\t"
    "vldrb.8 q1, [r9, #-16]\n\t"
    "vmladava.s8 r8, q1, q2\n\t"
    "vldrb.8 q3, [r3], #16\n\t"
    "vmladava.s8 r2, q0, q3\n\t"
    "vmladava.s8 r10, q1, q3\n\t"
    "vldrb.8 q2, [r7], #16\n\t"
    "vmladava.s8 r4, q0, q2\n\t"
    "vmladava.s8 r12, q1, q2\n\t"
    "vldrb.8 q3, [r5], #16\n\t"
    "vmladava.s8 r6, q0, q3\n\t"
    "cmp r9, r11\n\t"
    "vmladava.s8 lr, q1, q3\n\t"
    "bne 2b\n\t"
    "3:\n\t"
    "ldr r11, [sp]\n\t"
    "ldr r11, [r11, %[tail]]\n\t"
    "cmp r11, #0\n\t"
    "beq 4f\n\t"
    "vctp.8 r11\n\t"
    "vldrb.8 q0, [r9]\n\t"
    "vldrb.8 q1, [r9, #16]\n\t"
    "vpstt\n\t"
    "vldrbt.8 q2, [r1]\n\t" /* zeros behind the weights */
    "vldrbt.8 q3, [r3]\n\t"
    "vmladava.s8 r0, q0, q2\n\t"
    "vmladava.s8 r8, q1, q2\n\t"
    "vmladava.s8 r2, q0, q3\n\t"
    "vmladava.s8 r10, q1, q3\n\t"
    "vpstt\n\t"
    "vldrbt.8 q2, [r7]\n\t"
    "vldrbt.8 q3, [r5]\n\t"
    "vmladava.s8 r4, q0, q2\n\t"
    "vmladava.s8 r12, q1, q2\n\t"
    "vmladava.s8 r6, q0, q3\n\t"
    "vmladava.s8 lr, q1, q3\n\t"
    "4:\n\t"
    "vmov q0[2], q0[0], r0, r4\n\t"
    "vmov q0[3], q0[1], r2, r6\n\t"
    "ldr r0, [sp]\n\t"
    "vmov q1[2], q1[0], r8, r12\n\t"
    "vmov q1[3], q1[1], r10, lr\n\t"
    "ldr r1, [r0, %[channel]]\n\t"
    "ldr r2, [r0, %[multiplier]]\n\t"
    "ldr r3, [r0, %[shift]]\n\t"
    "add r2, r2, r1, lsl #2\n\t"
    "add r3, r3, r1\n\t"
    "vldrw.32 q2, [r2]\n\t"
    "vldrb.s32 q3, [r3]\n\t"
    "ldr r4, [r0, %[zero_point]]\n\t"
    "ldr r5, [r0, %[to]]\n\t"
    "ldr r6, [r0, %[step]]\n\t"
    "add r5, r5, r1\n\t"
    "add r6, r6, r5\n\t"
    PARSIMONY_MVE_SCALE("q1", "q6", "q2", "q3", "r4", "q4", "q5")
    "vstrb.32 q1, [r6]\n\t"
    PARSIMONY_MVE_SCALE("q0", "q6", "q2", "q3", "r4", "q4", "q5")
    "vstrb.32 q0, [r5]\n\t"
    "ldr r2, [r0, %[last]]\n\t"
    "adds r3, r1, #4\n\t"
    "cmp r3, r2\n\t"
    "it gt\n\t"
    "movgt r3, r2\n\t"
    "str r3, [r0, %[channel]]\n\t"
    "cmp r1, r2\n\t"
    "bne 1b\n\t"
    "pop {r0, r7}\n\t"
    : "+r"(t)
    : [weights] "i"(offsetof(struct parsimony_mve_block, weights)),
      [bias] "i"(offsetof(struct parsimony_mve_block, bias)),
      [multiplier] "i"(offsetof(struct parsimony_mve_block, multiplier)),
      [shift] "i"(offsetof(struct parsimony_mve_block, shift)),
      [windows] "i"(offsetof(struct parsimony_mve_block, windows)),
      [windows_end] "i"(offsetof(struct parsimony_mve_block, windows_end)),
      [to] "i"(offsetof(struct parsimony_mve_block, to)), [step] "i"(offsetof(struct parsimony_mve_block, step)),
      [depth] "i"(offsetof(struct parsimony_mve_block, depth)),
      [tail] "i"(offsetof(struct parsimony_mve_block, tail)),
      [channel] "i"(offsetof(struct parsimony_mve_block, channel)),
      [last] "i"(offsetof(struct parsimony_mve_block, last)),
      [zero_point] "i"(offsetof(struct parsimony_mve_block, zero_point)),
      [lowest] "i"(offsetof(struct parsimony_mve_block, lowest)),
      [highest] "i"(offsetof(struct parsimony_mve_block, highest))
    : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "q3", "q4", "q5",
      "q6", "cc", "memory");
#else
  int32_t pixel, channel, i;
  for (pixel = block->step != 0 ? 1 : 0; pixel >= 0; --pixel) {
    for (channel = 0; channel < block->last + 4; ++channel) {
      const int8_t *const w = block->weights + channel * block->depth;
      uint32_t sum = (uint32_t)block->bias[channel];
      for (i = 0; i < block->depth; ++i) {
        sum += (uint32_t)(w[i] * block->windows[2 * i - (i & 15) + 16 * pixel]);
      }
      block->to[channel + pixel * block->step] =
        parsimony_requantise((int32_t)sum, block->multiplier[channel], block->shift[channel], block->zero_point,
                             block->lowest, block->highest);
    }
  }
#endif
}

PARSIMONY_KERNEL void parsimony_mve_convolution(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_mve_convolution *const p = (const struct parsimony_mve_convolution *)params;
  int32_t y = p->y, corner = p->x;
  int32_t in_row = p->output_width, pixels = p->pixels;
  struct parsimony_mve_block block;

  block.weights = p->weights;
  block.bias = p->bias;
  block.multiplier = p->multiplier;
  block.shift = p->shift;
  block.windows = aux;
  block.windows_end = aux + 2 * (p->depth & ~15);
  block.to = output + p->output;
  block.depth = p->depth;
  block.tail = p->depth & 15;
  block.last = p->output_channels - 4;
  block.zero_point = p->output_zero_point;
  block.lowest = p->lowest;
  block.highest = p->highest;
  for (; pixels > 0; pixels -= 2) {
    const int32_t count = pixels < 2 ? pixels : 2;
    int32_t pixel;

    for (pixel = 0; pixel < count; ++pixel) {
      parsimony_mve_gather(p, input, y, corner, aux + 16 * pixel);
      corner += p->step_x;
      if (--in_row == 0) {
        in_row = p->output_width;
        corner = p->x;
        y += p->step_y;
      }
    }
    block.channel = 0;
    block.step = count > 1 ? p->output_step : 0;
    parsimony_mve_two_pixels(&block);
    block.to += 2 * p->output_step;
  }
}
/* -- to here -- */
