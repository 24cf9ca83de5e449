/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Input [rows, columns], output [rows]: the index of the first largest of each row, less 128. */
struct parsimony_argmax {
  int32_t rows;
  int32_t columns;
};

PARSIMONY_KERNEL void parsimony_argmax(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_argmax *const p = (const struct parsimony_argmax *)params;
  int32_t row;
  (void)aux;

  for (row = 0; row < p->rows; ++row, input += p->columns) {
    int32_t best = 0;
    int32_t column;
    for (column = 1; column < p->columns; ++column) {
      best = input[column] > input[best] ? column : best;
    }
    output[row] = (int8_t)(best - 128);
  }
}
/* -- to here -- */
