/* SPDX-License-Identifier: 0BSD */
#include "requantise_any.h"
/* -- copied from here -- */
/* Input [input_length, channels], output [output_length, channels], at most four taps, stride 1 or 2, one channel
 * after the other: so the output may lie where the input does. The scratch holds a channel's bytes side by side,
 * the zero point around them: a word is a window. */
struct parsimony_dsp_depthwise_row {
  const int8_t *weights;   /* [channels, 4], zeros behind the last tap */
  const int32_t *constant; /* [channels, 2]: twice the bias, the multiplier */
  const int8_t *shift;     /* [channels] */
  int32_t zero_point;      /* of the output, times 2, plus 1 */
  uint16_t input_length;
  uint16_t channels;
  uint16_t output_length;
  uint8_t stride;
  uint8_t pad_left;
  int8_t input_zero_point;
};

#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_ROW_OF_WINDOWS(stride)                                                                          \
  __asm__ volatile(                                                                                              \
    "push {%[x]}\n\t"                                                                                            \
    "1:\n\t"                                                                                                     \
    "ldr %[y], [%[at]], #" stride "\n\t"                                                                         \
    "sxtb16 %[x], %[y]\n\t"                                                                                      \
    "sxtb16 %[y], %[y], ror #8\n\t"                                                                              \
    "smlad %[x], %[x], %[outer], %[bias]\n\t"                                                                    \
    "smlad %[x], %[y], %[inner], %[x]\n\t"                                                                       \
    "smmlar %[y], %[x], %[multiplier], %[rounding]\n\t"                                                          \
    "add %[y], %[y], %[x], asr #31\n\t"                                                                          \
    "asr %[y], %[y], %[n]\n\t"                                                                                   \
    "ssat %[y], #8, %[y]\n\t"                                                                                    \
    "ldr %[x], [sp]\n\t"                                                                                         \
    "strb %[y], [%[out]]\n\t"                                                                                    \
    "add %[out], %[out], %[channels]\n\t"                                                                        \
    "cmp %[at], %[x]\n\t"                                                                                        \
    "bne 1b\n\t"                                                                                                 \
    "add sp, sp, #4\n\t"                                                                                         \
    : [at] "+r"(at), [out] "+r"(out), [x] "+r"(x), [y] "=&r"(y)                                                  \
    : [outer] "r"(outer), [inner] "r"(inner), [bias] "r"(bias), [multiplier] "r"(multiplier),                    \
      [rounding] "r"(rounding), [n] "r"(n), [channels] "r"(channels)                                             \
    : "cc", "memory")
#endif

PARSIMONY_KERNEL void parsimony_dsp_depthwise_row(const void *params, const int8_t *input, int8_t *aux,
                                                  int8_t *output)
{
  const struct parsimony_dsp_depthwise_row *const p = (const struct parsimony_dsp_depthwise_row *)params;
  const int32_t stride = p->stride, channels = p->channels;
  const int32_t room = (p->output_length - 1) * stride + 4 - p->pad_left; /* the scratch behind the left padding */
  int8_t *const inside = aux + p->pad_left;
  int8_t *const beyond = inside + (p->input_length < room ? p->input_length : room);
  const int8_t *const end = aux + p->output_length * stride;
  int32_t channel;

  parsimony_fill((uint8_t *)aux, (uint8_t *)aux + ((room + p->pad_left + 3) & ~3), p->input_zero_point);
  for (channel = 0; channel < channels; ++channel) {
    const int32_t weights = parsimony_load_word(p->weights + 4 * channel), n = p->shift[channel];
    const int32_t bias = p->constant[2 * channel], multiplier = p->constant[2 * channel + 1];
    const int32_t outer = parsimony_twice_lanes(parsimony_sxtb16(weights));
    const int32_t inner = parsimony_twice_lanes(parsimony_sxtb16_odd(weights));
    const int32_t rounding = parsimony_rounding(p->zero_point, n & 31);
    const int8_t *from = input + channel, *at = aux;
    int8_t *out = output + channel, *to = inside;

    for (; to != beyond; from += channels) {
      *to++ = *from;
    }
#if defined(PARSIMONY_DSP_LOOPS)
    if (n > 0) {
      const int8_t *x = end; /* the stack holds it, then: one register more */
      int32_t y;
      if (stride == 1) {
        PARSIMONY_ROW_OF_WINDOWS("1");
      } else {
        PARSIMONY_ROW_OF_WINDOWS("2");
      }
    }
#endif
    for (; at != end; at += stride, out += channels) {
      const int32_t x = parsimony_load_word(at);
      const int32_t twice = parsimony_smlad(parsimony_sxtb16_odd(x), inner,
                                            parsimony_smlad(parsimony_sxtb16(x), outer, bias));
      *out = (int8_t)(n > 0 ? parsimony_requantise_twice(twice, multiplier, rounding, n)
                            : parsimony_requantise_any(twice, multiplier, n, p->zero_point));
    }
  }
}
/* -- to here -- */
