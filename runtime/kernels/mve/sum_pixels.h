/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_MVE_SUM_PIXELS_H
#define PARSIMONY_KERNELS_MVE_SUM_PIXELS_H
#include "instructions.h"
/* -- copied from here -- */
/* Sums of `count` channels, at most eight, over [rows, columns] pixels into `sums`. At most 256 pixels are added in
 * 16 bits. */
PARSIMONY_KERNEL void parsimony_mve_sum_pixels(const int8_t *from, const int32_t size[4], int32_t count, int32_t *sums)
{
  const int32_t rows = size[0], columns = size[1], channels = size[2], row_bytes = size[3];
  int32_t row, column, i;

#if defined(PARSIMONY_MVE)
  if (rows * columns <= 256 && rows > 0 && columns > 0) {
    int32_t left = rows;
    __asm__ volatile(
      "vctp.16 %[count]\n\t"
      "vmov.i32 q0, #0\n\t"
      "1:\n\t"
      "dls lr, %[columns]\n\t"
      "2:\n\t"
      "vpst\n\t"
      "vldrbt.s16 q1, [%[from]]\n\t" /* zeros behind the last channel */
      "add %[from], %[from], %[channels]\n\t"
      "vadd.i16 q0, q0, q1\n\t"
      "le lr, 2b\n\t"
      "add %[from], %[from], %[jump]\n\t"
      "subs %[left], %[left], #1\n\t"
      "bne 1b\n\t"
      "vmovlb.s16 q1, q0\n\t"
      "vmovlt.s16 q2, q0\n\t"
      "vst20.32 {q1, q2}, [%[sums]]\n\t"
      "vst21.32 {q1, q2}, [%[sums]]\n\t"
      : [from] "+r"(from), [left] "+r"(left)
      : [count] "r"(count), [columns] "r"(columns), [channels] "r"(channels),
        [jump] "r"(row_bytes - columns * channels), [sums] "r"(sums)
      : "lr", "q0", "q1", "q2", "cc", "memory");
    return;
  }
#endif
  for (i = 0; i < count; ++i) {
    sums[i] = 0;
  }
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
