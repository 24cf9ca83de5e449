/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [rows, columns] plus second [columns], element by element; two tensors of one shape have one row. Both are
 * scaled by 2^20 and their multipliers first; subtraction has a negative sign. */
struct parsimony_add {
  int32_t first_multiplier;
  int32_t second_multiplier;
  int32_t multiplier;
  int32_t columns;
  uint16_t rows;
  int8_t first_shift;
  int8_t second_shift;
  int8_t shift;
  int8_t sign;
  int8_t input_zero_point;
  int8_t second_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_add(const void *params, const int8_t *input, int8_t *second, int8_t *output)
{
  const struct parsimony_add *const p = (const struct parsimony_add *)params;
  int32_t row;

  for (row = 0; row < p->rows; ++row) {
    int32_t column;
    for (column = 0; column < p->columns; ++column) {
      const int32_t a = (*input++ - p->input_zero_point) * (1 << 20);
      const int32_t b = (second[column] - p->second_zero_point) * (1 << 20);
      const int32_t sum = parsimony_scale(a, p->first_multiplier, p->first_shift) +
                          p->sign * parsimony_scale(b, p->second_multiplier, p->second_shift);
      *output++ = parsimony_requantise(sum, p->multiplier, p->shift, p->output_zero_point, p->lowest, p->highest);
    }
  }
}
/* -- to here -- */
