/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [rows, columns] times constants [columns]. */
struct parsimony_multiply_constant {
  const int8_t *constant;
  int32_t multiplier;
  int32_t rows;
  int32_t columns;
  int8_t shift;
  int8_t input_zero_point;
  int8_t constant_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_multiply_constant(const void *params, const int8_t *input, int8_t *aux,
                                                  int8_t *output)
{
  const struct parsimony_multiply_constant *const p = (const struct parsimony_multiply_constant *)params;
  int32_t row;
  (void)aux;

  for (row = 0; row < p->rows; ++row) {
    int32_t column;
    for (column = 0; column < p->columns; ++column) {
      const int32_t product = (*input++ - p->input_zero_point) * (p->constant[column] - p->constant_zero_point);
      *output++ = parsimony_requantise(product, p->multiplier, p->shift, p->output_zero_point, p->lowest,
                                       p->highest);
    }
  }
}
/* -- to here -- */
