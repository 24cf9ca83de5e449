/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_DSP_REQUANTISE_ANY_H
#define PARSIMONY_KERNELS_DSP_REQUANTISE_ANY_H
#include "instructions.h"
/* -- copied from here -- */
/* parsimony_requantise_twice by any byte n. */
PARSIMONY_KERNEL int32_t parsimony_requantise_any(int32_t twice, int32_t multiplier, int32_t n, int32_t zero_point)
{
  return parsimony_requantise(twice >> 1, multiplier, n > 0 ? -n : n + 64, zero_point >> 1, -128, 127);
}
/* -- to here -- */
#endif
