/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [rows, columns] plus constants [columns], which are scaled already; sign is -1 where the input is what is
 * subtracted. */
struct parsimony_add_constant {
  const int32_t *constant;
  int32_t input_multiplier;
  int32_t multiplier;
  int32_t rows;
  int32_t columns;
  int8_t input_shift;
  int8_t shift;
  int8_t sign;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_add_constant(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_add_constant *const p = (const struct parsimony_add_constant *)params;
  int32_t row;
  (void)aux;

  for (row = 0; row < p->rows; ++row) {
    int32_t column;
    for (column = 0; column < p->columns; ++column) {
      const int32_t x = (*input++ - p->input_zero_point) * (1 << 20);
      const int32_t sum = p->sign * parsimony_scale(x, p->input_multiplier, p->input_shift) + p->constant[column];
      *output++ = parsimony_requantise(sum, p->multiplier, p->shift, p->output_zero_point, p->lowest, p->highest);
    }
  }
}
/* -- to here -- */
