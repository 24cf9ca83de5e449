/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Output = table[input + 128], element by element. */
struct parsimony_table {
  const int8_t *table;
  int32_t elements;
};

PARSIMONY_KERNEL void parsimony_table(const void *params, const int8_t *input, int8_t *aux,
                                      int8_t *output)
{
  const struct parsimony_table *const p = (const struct parsimony_table *)params;
  int32_t i;
  (void)aux;

  for (i = 0; i < p->elements; ++i) {
    output[i] = p->table[input[i] + 128];
  }
}
/* -- to here -- */
