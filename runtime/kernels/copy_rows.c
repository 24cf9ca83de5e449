/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Rows of the input into a wider output: one part of a concatenation. The arena's offset of the output is that of the
 * part's first byte, in bytes beyond the step's word. */
struct parsimony_copy_rows {
  int32_t rows;
  int32_t row_bytes;
  int32_t output_pitch;
  int32_t begin;
};

PARSIMONY_KERNEL void parsimony_copy_rows(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_copy_rows *const p = (const struct parsimony_copy_rows *)params;
  int32_t row;
  (void)aux;
  output += p->begin;

  for (row = 0; row < p->rows; ++row, output += p->output_pitch) {
    int32_t i;
    for (i = 0; i < p->row_bytes; ++i) {
      output[i] = *input++;
    }
  }
}
/* -- to here -- */
