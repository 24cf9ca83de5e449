/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [rows, columns] times second [columns], element by element; two tensors of one shape have one row. */
struct parsimony_multiply {
  int32_t multiplier;
  int32_t columns;
  uint16_t rows;
  int8_t shift;
  int8_t input_zero_point;
  int8_t second_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_multiply(const void *params, const int8_t *input, int8_t *second,
                                         int8_t *output)
{
  const struct parsimony_multiply *const p = (const struct parsimony_multiply *)params;
  int32_t row;

  for (row = 0; row < p->rows; ++row) {
    int32_t column;
    for (column = 0; column < p->columns; ++column) {
      const int32_t product = (*input++ - p->input_zero_point) * (second[column] - p->second_zero_point);
      *output++ = parsimony_requantise(product, p->multiplier, p->shift, p->output_zero_point, p->lowest,
                                       p->highest);
    }
  }
}
/* -- to here -- */
