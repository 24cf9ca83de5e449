/* SPDX-License-Identifier: 0BSD */
#include "instructions.h"
/* -- copied from here -- */
/* Output = input + aux, element by element, in TFLite's arithmetic with a left shift of 20. The input is the one
 * with the larger scale: its factor of a half is exact, its term a shift. A factor of a half for the other, too, is
 * (2^31 - 1) / 2^31 and a right shift of 1: as exact below 2^30. */
struct parsimony_dsp_add {
  int32_t offset;        /* minus the input's zero point, times 2^20 */
  int32_t second_offset; /* minus the other's zero point, times 2^21 */
  int32_t second_multiplier;
  int32_t multiplier; /* of the sum */
  int32_t elements;
  int32_t zero_point;   /* of the output, times 2, plus 1 */
  uint8_t second_shift; /* to the right, 1 ... 31 */
  uint8_t shift;        /* to the right, 1 ... 22 */
};

#if defined(PARSIMONY_DSP_LOOPS)
#define PARSIMONY_STEP_ADD                                 \
  "ldrsb %[x], [%[aux]], #1\n\t"                           \
  "ldr %[t], [sp]\n\t"                                     \
  "add %[x], %[second_offset], %[x], lsl #21\n\t"          \
  "smmlar %[t], %[x], %[second_multiplier], %[t]\n\t"      \
  "add %[t], %[t], %[x], asr #31\n\t"                      \
  "ldrsb %[x], [%[input]], #1\n\t"                         \
  "asr %[t], %[t], %[second_shift]\n\t"                    \
  "add %[x], %[offset], %[x], lsl #20\n\t"                 \
  "add %[x], %[x], %[t], lsl #1\n\t"                       \
  "smmlar %[t], %[x], %[multiplier], %[rounding]\n\t"      \
  "add %[t], %[t], %[x], asr #31\n\t"                      \
  "asr %[t], %[t], %[shift]\n\t"                           \
  "ssat %[t], #8, %[t]\n\t"                                \
  "strb %[t], [%[output]], #1\n\t"
#endif

PARSIMONY_KERNEL void parsimony_dsp_add(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_add *const p = (const struct parsimony_dsp_add *)params;
  const int32_t offset = p->offset, second_offset = p->second_offset;
  const int32_t second_multiplier = p->second_multiplier, multiplier = p->multiplier;
  const int32_t second_shift = p->second_shift, shift = p->shift;
  const int32_t second_rounding = parsimony_rounding(1, second_shift);
  const int32_t rounding = parsimony_rounding(p->zero_point, shift);
  const int8_t *const end = input + p->elements;
#if defined(PARSIMONY_DSP_LOOPS)
  int32_t x = (int32_t)(intptr_t)end, t = second_rounding;
  __asm__ volatile(
    "push {%[x]}\n\t" /* at [sp, #4] */
    "push {%[t]}\n\t" /* at [sp] */
    "sub %[t], %[x], %[input]\n\t"
    "tst %[t], #1\n\t"
    "bne 2f\n\t"
    "1:\n\t" PARSIMONY_STEP_ADD
    "2:\n\t" PARSIMONY_STEP_ADD
    "ldr %[t], [sp, #4]\n\t"
    "cmp %[input], %[t]\n\t"
    "bne 1b\n\t"
    "add sp, sp, #8\n\t"
    : [input] "+r"(input), [aux] "+r"(aux), [output] "+r"(output), [x] "+r"(x), [t] "+r"(t)
    : [offset] "r"(offset), [second_offset] "r"(second_offset), [second_multiplier] "r"(second_multiplier),
      [multiplier] "r"(multiplier), [rounding] "r"(rounding), [second_shift] "r"(second_shift), [shift] "r"(shift)
    : "cc", "memory");
#else
  while (input != end) {
    const int32_t second = second_offset + (int32_t)((uint32_t)*aux++ << 21);
    int32_t x = parsimony_smmlar(second, second_multiplier, second_rounding) + (second >> 31);
    x = offset + (int32_t)((uint32_t)*input++ << 20) + (x >> second_shift) * 2;
    *output++ = (int8_t)parsimony_requantise_twice(x, multiplier, rounding, shift);
  }
#endif
}
/* -- to here -- */
