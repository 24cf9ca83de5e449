/* SPDX-License-Identifier: 0BSD */
#include "../common.h"
/* -- copied from here -- */
/* Output = input between lowest and highest, element by element: behind a kernel that knows only the whole int8. */
struct parsimony_dsp_clamp {
  uint32_t elements;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_dsp_clamp(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_dsp_clamp *const p = (const struct parsimony_dsp_clamp *)params;
  const int32_t lowest = p->lowest, highest = p->highest;
  const int8_t *const end = input + p->elements;
  (void)aux;

  for (; input != end; ++input, ++output) {
    const int32_t at_least = *input < lowest ? lowest : *input;
    *output = (int8_t)(at_least > highest ? highest : at_least);
  }
}
/* -- to here -- */
