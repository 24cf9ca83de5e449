/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_DSP_SUM_PIXELS_H
#define PARSIMONY_KERNELS_DSP_SUM_PIXELS_H
#include "instructions.h"
/* -- copied from here -- */
/* Sums of `count` channels, at most four, over [rows, columns] pixels into `sums`. Four channels and at most 256
 * pixels are added lane by lane, in 16 bits. */
PARSIMONY_KERNEL void parsimony_sum_pixels(const int8_t *from, const int32_t size[4], int32_t count, int32_t *sums)
{
  const int32_t rows = size[0], columns = size[1], channels = size[2], row_bytes = size[3];
  int32_t row, column, i;

  if (count == 4 && rows * columns <= 256) {
    int32_t even = 0, odd = 0;
    for (row = 0; row < rows; ++row, from += row_bytes) {
      const int8_t *at = from;
      for (column = 0; column < columns; ++column, at += channels) {
        const int32_t word = parsimony_load_word(at);
        even = parsimony_sxtab16(word, even);
        odd = parsimony_sxtab16_odd(word, odd);
      }
    }
    sums[0] = (int16_t)even;
    sums[1] = (int16_t)odd;
    sums[2] = even >> 16;
    sums[3] = odd >> 16;
    return;
  }
  sums[0] = sums[1] = sums[2] = sums[3] = 0;
  for (row = 0; row < rows; ++row, from += row_bytes) {
    const int8_t *at = from;
    for (column = 0; column < columns; ++column, at += channels) {
      for (i = 0; i < count; ++i) {
        sums[i] += at[i];
      }
    }
  }
}
/* -- to here -- */
#endif
