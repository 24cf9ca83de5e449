/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* The convolution for least flash: input [input_height, input_width, input_channels], weights [output_channels,
 * kernel_height, kernel_width, input_channels] packed as those of parsimony_dsp_convolution_3, output [output_height,
 * output_width, output_channels]. Two pixels' windows are copied to aux, word by word side by side, taps outside the
 * input as its zero point; then all their outputs are computed, two channels at a time, so that the output may follow
 * behind what is still to be read, from the first pixel on or, in reverse, from the last. */
struct parsimony_dsp_convolution_small {
  const uint32_t *weights;
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
  uint8_t reverse;
};

/* The window of a pixel to every second word from `to` on. */
PARSIMONY_KERNEL void parsimony_gather_small(const struct parsimony_dsp_convolution_small *p, const int8_t *input,
                                             int32_t pixel, int8_t *to)
{
  const int32_t row = pixel / p->output_width;
  const int32_t left = (pixel - row * p->output_width) * p->stride_x - p->pad_left;
  int32_t y = row * p->stride_y - p->pad_top, ky = p->kernel_height;

  do {
    int32_t x = left, kx = p->kernel_width;
    do {
      const int8_t *from = &p->input_zero_point;
      int32_t channels = p->input_channels, step = 0;
      if ((uint32_t)y < p->input_height && (uint32_t)x < p->input_width) {
        from = input + (y * p->input_width + x) * channels;
        step = 1;
        if ((channels & 3) == 0) {
          for (; channels != 0; channels -= 4, from += 4, to += 8) {
            memcpy(to, from, 4);
          }
        }
      }
      for (; channels != 0; --channels, from += step) {
        *to++ = *from;
        to += ((uintptr_t)to & 3) == 0 ? 4 : 0;
      }
      x += p->dilation_x;
    } while (--kx != 0);
    y += p->dilation_y;
  } while (--ky != 0);
}

/* What remains to be done for two pixels. */
struct parsimony_dsp_pairs {
  const uint32_t *w;
  const int8_t *shift;
  int8_t *to;
  const int8_t *windows;
  int32_t bytes; /* of one pair's weights */
  int32_t left;  /* channels */
  int32_t other; /* [B] from the first pixel to the second; 0: it is missing and overwritten */
  int32_t zero_point;
};

/* The next two channels in plain C: any shift, and exact where the sums of both in one are not. */
PARSIMONY_KERNEL void parsimony_next_pair(struct parsimony_dsp_pairs *pairs)
{
  const uint32_t *const constants = pairs->w + (pairs->bytes >> 2);
  int32_t channel = pairs->left > 1 ? 1 : 0, pixel, i;

  do {
    for (pixel = 1; pixel >= 0; --pixel) {
      const int8_t *from = pairs->windows + 4 * pixel;
      const uint32_t *w = pairs->w;
      uint32_t sum = 0;
      do {
        for (i = 0; i < 4; ++i) {
          const int32_t both = (int16_t)(w[i & 1] >> (i & 2) * 8), low = (int8_t)both;
          sum += (uint32_t)(from[i] * (channel != 0 ? (int8_t)((both - low) >> 8) : low));
        }
        from += 8;
        w += 2;
      } while (w != constants);
      pairs->to[channel + pixel * pairs->other] = (int8_t)parsimony_requantise_any(
        (int32_t)(constants[1 - channel] + 2u * sum), (int32_t)constants[2 + channel], pairs->shift[channel],
        pairs->zero_point);
    }
  } while (--channel >= 0);
  pairs->w = constants + 4;
  pairs->shift += 2;
  pairs->to += 2;
  pairs->left -= 2;
}

#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_HALF_STEP_SMALL(turned)       \
  "ldr %[raw], [%[w]], #4\n\t"                  \
  "sxtb16 %[low], %[raw]\n\t"                   \
  "sxtb16 %[x], %[word0]" turned "\n\t"         \
  "smlad %[b0], %[x], %[raw], %[b0]\n\t"        \
  "smlad %[a0], %[x], %[low], %[a0]\n\t"        \
  "sxtb16 %[x], %[word1]" turned "\n\t"         \
  "smlad %[b1], %[x], %[raw], %[b1]\n\t"        \
  "smlad %[a1], %[x], %[low], %[a1]\n\t"
#define PARSIMONY_STEP_SMALL       \
  "ldr %[word0], [%[from]], #4\n\t" \
  "ldr %[word1], [%[from]], #4\n\t" \
  PARSIMONY_HALF_STEP_SMALL("")    \
  PARSIMONY_HALF_STEP_SMALL(", ror #8")
/* Twice the accumulator in `sum` to int8. */
#define PARSIMONY_REQUANTISE_SMALL(sum, shift)       \
  "smmlar %[t], %[" sum "], %[from], %[x]\n\t"       \
  "add %[t], %[t], %[" sum "], asr #31\n\t"          \
  "asrs %[t], %[t], %[" shift "]\n\t"                \
  "ssat %[" sum "], #8, %[t]\n\t"
/* Both pixels' of one channel. */
#define PARSIMONY_REQUANTISE_TWO_SMALL(channel, shift) \
  "ldr %[x], [%[word0], %[zero]]\n\t"                  \
  "ldr %[from], [%[w]], #4\n\t"                        \
  "lsls %[x], %[x], %[" shift "]\n\t"                  \
  "asrs %[x], %[x], #1\n\t"                            \
  PARSIMONY_REQUANTISE_SMALL(channel "0", shift)       \
  PARSIMONY_REQUANTISE_SMALL(channel "1", shift)

/* All pairs, or up to one that needs parsimony_next_pair. */
PARSIMONY_INLINE void parsimony_quick_pairs(struct parsimony_dsp_pairs *t) /* the stack holds t, then */
{
  int32_t a0, a1, b0, b1, w, from, raw, low, x, word0, word1;
  __asm__ volatile(
    "push {%[t]}\n\t"
    "ldr %[w], [%[t], %[weights]]\n\t"
    "1:\n\t"
    "ldr %[t], [sp]\n\t"
    "ldr %[from], [%[t], %[windows]]\n\t"
    "ldr %[t], [%[t], %[bytes]]\n\t"
    "movs %[a0], #0\n\t"
    "movs %[b0], #0\n\t"
    "movs %[a1], #0\n\t"
    "movs %[b1], #0\n\t"
    "tst %[t], #8\n\t" /* whether the depth is an odd number of fours */
    "add %[t], %[t], %[w]\n\t"
    "bne 3f\n\t"
    "2:\n\t" PARSIMONY_STEP_SMALL
    "3:\n\t" PARSIMONY_STEP_SMALL
    "cmp %[w], %[t]\n\t"
    "bne 2b\n\t"
    "ldr %[word0], [sp]\n\t"
    "ldr %[from], [%[word0], %[shift]]\n\t"
    "ldrsb %[raw], [%[from]], #1\n\t"
    "ldrsb %[low], [%[from]], #1\n\t"
    "orrs %[x], %[raw], %[low]\n\t"
    "bmi 5f\n\t"
    "str %[from], [%[word0], %[shift]]\n\t"
    "ldr %[x], [%[w]], #4\n\t"
    "subs %[b0], %[b0], %[a0]\n\t"
    "subs %[b1], %[b1], %[a1]\n\t"
    "add %[b0], %[x], %[b0], asr #7\n\t"
    "add %[b1], %[x], %[b1], asr #7\n\t"
    "ldr %[x], [%[w]], #4\n\t"
    "add %[a0], %[x], %[a0], lsl #1\n\t"
    "add %[a1], %[x], %[a1], lsl #1\n\t"
    PARSIMONY_REQUANTISE_TWO_SMALL("a", "raw")
    PARSIMONY_REQUANTISE_TWO_SMALL("b", "low")
    "ldr %[from], [%[word0], %[to]]\n\t"
    "ldr %[x], [%[word0], %[other]]\n\t"
    "ldr %[raw], [%[word0], %[left]]\n\t"
    "strb %[a1], [%[from], %[x]]\n\t"
    "strb %[a0], [%[from]], #1\n\t"
    "subs %[raw], %[raw], #2\n\t"
    "str %[raw], [%[word0], %[left]]\n\t"
    "bmi 4f\n\t"
    "strb %[b1], [%[from], %[x]]\n\t"
    "strb %[b0], [%[from]], #1\n\t"
    "str %[from], [%[word0], %[to]]\n\t"
    "bne 1b\n\t"
    "b 4f\n\t"
    "5:\n\t"
    "ldr %[x], [%[word0], %[bytes]]\n\t"
    "subs %[w], %[w], %[x]\n\t"
    "4:\n\t"
    "str %[w], [%[word0], %[weights]]\n\t"
    "add sp, sp, #4\n\t"
    : [a0] "=&r"(a0), [a1] "=&r"(a1), [b0] "=&r"(b0), [b1] "=&r"(b1), [word1] "=&r"(word1), [w] "=&l"(w),
      [from] "=&l"(from), [raw] "=&l"(raw), [low] "=&l"(low), [x] "=&l"(x), [word0] "=&l"(word0), [t] "+l"(t)
    : [weights] "i"(offsetof(struct parsimony_dsp_pairs, w)),
      [shift] "i"(offsetof(struct parsimony_dsp_pairs, shift)), [to] "i"(offsetof(struct parsimony_dsp_pairs, to)),
      [windows] "i"(offsetof(struct parsimony_dsp_pairs, windows)),
      [bytes] "i"(offsetof(struct parsimony_dsp_pairs, bytes)),
      [left] "i"(offsetof(struct parsimony_dsp_pairs, left)),
      [other] "i"(offsetof(struct parsimony_dsp_pairs, other)),
      [zero] "i"(offsetof(struct parsimony_dsp_pairs, zero_point))
    : "cc", "memory");
}
#endif

PARSIMONY_KERNEL void parsimony_dsp_convolution_small(const void *params, const int8_t *input, int8_t *aux,
                                                      int8_t *output)
{
  const struct parsimony_dsp_convolution_small *const p = (const struct parsimony_dsp_convolution_small *)params;
  const int32_t depth = p->kernel_height * p->kernel_width * p->input_channels;
  const int32_t next = p->reverse != 0u ? -1 : 1;
  int32_t left = p->output_height * p->output_width;
  int32_t pixel = p->reverse != 0u ? left - 1 : 0;
  struct parsimony_dsp_pairs pairs;

  pairs.windows = aux;
  pairs.bytes = (depth + 3) >> 2 << 3;
  pairs.zero_point = 2 * p->output_zero_point + 1;
  do {
    const int32_t step = left > 1 ? next : 0;
    parsimony_gather_small(p, input, pixel, aux);
    parsimony_gather_small(p, input, pixel + step, aux + 4);
    pairs.w = p->weights;
    pairs.shift = p->shift;
    pairs.left = p->output_channels;
    pairs.to = output + pixel * pairs.left;
    pairs.other = step * pairs.left;
    do {
#if defined(PARSIMONY_DSP_LOOPS)
      parsimony_quick_pairs(&pairs);
      if (pairs.left <= 0) {
        break;
      }
#endif
      parsimony_next_pair(&pairs);
    } while (pairs.left > 0);
    pixel += 2 * next;
    left -= 2;
  } while (left > 0);
}
/* -- to here -- */
