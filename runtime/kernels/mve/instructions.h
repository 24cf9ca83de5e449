/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_MVE_INSTRUCTIONS_H
#define PARSIMONY_KERNELS_MVE_INSTRUCTIONS_H
#include <stddef.h>
#include <string.h>

#include "../requantise.h"
/* -- copied from here -- */
/* The vector extension of Cortex-M55; beside each loop for it the same in C for any other core. Weights, biases,
 * multipliers and shifts lie as the portable kernels have them, every shift -1 ... -31. */
#if defined(__ARM_FEATURE_MVE) && defined(__GNUC__)
#define PARSIMONY_MVE
/* Four accumulators in `acc`, their multipliers and shifts to int8, rounded twice: the doubling high multiplication
 * rounds half up as VQRDMULH does for a multiplier that is not negative, and below zero the half of the division by
 * a power of two is one less. `zero` is a register, `tmp` is overwritten. */
#define PARSIMONY_MVE_SCALE(acc, tmp, multiplier, shift, zero, lowest, highest) \
  "vshr.s32 " tmp ", " acc ", #31\n\t"                                          \
  "vqrdmulh.s32 " acc ", " acc ", " multiplier "\n\t"                           \
  "vadd.i32 " acc ", " acc ", " tmp "\n\t"                                      \
  "vrshl.s32 " acc ", " acc ", " shift "\n\t"                                   \
  "vadd.i32 " acc ", " acc ", " zero "\n\t"                                     \
  "vmax.s32 " acc ", " acc ", " lowest "\n\t"                                   \
  "vmin.s32 " acc ", " acc ", " highest "\n\t"
#endif
/* -- to here -- */
#endif
