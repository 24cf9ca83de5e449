/* SPDX-License-Identifier: 0BSD */
#include "instructions.h"
/* -- copied from here -- */
/* Output = input + aux, element by element, in TFLite's arithmetic with a left shift of 20. The input is the one with
 * the larger scale: its factor of a half is exact, its term a shift. A factor of a half for the other, too, is
 * (2^31 - 1) / 2^31 and a right shift of 1: as exact below 2^30. */
struct parsimony_dsp_add {
  int32_t offset;        /* minus the input's zero point, times 2^20 */
  int32_t second_offset; /* minus the other's zero point, times 2^21 */
  int32_t second_multiplier;
  int32_t multiplier; /* of the sum */
  uint32_t elements;
  uint8_t second_shift; /* to the right, 1 ... 31 */
  uint8_t shift;        /* to the right, 1 ... 31 */
  int8_t zero_point;    /* of the output */
};

PARSIMONY_KERNEL void parsimony_dsp_add(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_add *const p = (const struct parsimony_dsp_add *)params;
  const int32_t offset = p->offset, second_offset = p->second_offset;
  const int32_t second_multiplier = p->second_multiplier, multiplier = p->multiplier;
  const int32_t second_shift = p->second_shift, shift = p->shift, zero_point = p->zero_point;
  const int32_t second_rounding = (int32_t)(1u << second_shift >> 1), rounding = (int32_t)(1u << shift >> 1);
  const int8_t *const end = input + p->elements;

  while (input != end) {
    const int32_t second = second_offset + (int32_t)((uint32_t)*aux++ << 21);
    int32_t x = parsimony_smmlar(second, second_multiplier, second_rounding) + (second >> 31);
    x = offset + (int32_t)((uint32_t)*input++ << 20) + ((x >> second_shift) * 2);
    x = (parsimony_smmlar(x, multiplier, rounding) + (x >> 31)) >> shift;
    *output++ = (int8_t)parsimony_saturate(x + zero_point);
  }
}
/* -- to here -- */
