/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_DSP_ANY_PAIR_H
#define PARSIMONY_KERNELS_DSP_ANY_PAIR_H
#include "gather.h"
/* -- copied from here -- */
/* What remains to be done for one block of pixels. */
struct parsimony_dsp_block {
  const uint32_t *w;
  const int8_t *shift;
  int8_t *to;
  const uint8_t *windows; /* [depth / 2, pixels] words */
  int32_t bytes;          /* of one pair's weights */
  int32_t left;           /* channels */
  int32_t step[2];        /* [B] from the first pixel to the second and third; 0: it is missing and overwritten */
  int32_t zero_point;
};

/* The next two channels in plain C, any shift and any depth. */
PARSIMONY_KERNEL void parsimony_any_pair(struct parsimony_dsp_block *block, int32_t pixels)
{
  const uint32_t *const constants = block->w + (block->bytes >> 2);
  int32_t pixel, i;

  for (pixel = pixels - 1; pixel >= 0; --pixel) {
    const uint8_t *from = block->windows + 4 * pixel;
    const uint32_t *w = block->w;
    int8_t *const to = block->to + (pixel > 0 ? block->step[pixel - 1] : 0);
    uint32_t sums[2] = {0, 0};

    for (; w != constants; ++w, from += 4 * pixels) {
      int32_t lanes = 0;
      memcpy(&lanes, from, sizeof lanes);
      for (i = 0; i < 32; i += 16) {
        const int32_t both = (int16_t)(*w >> i), low = (int8_t)both, x = (int16_t)((uint32_t)lanes >> i);
        sums[0] += (uint32_t)(x * low);
        sums[1] += (uint32_t)(x * (int8_t)((both - low) >> 8));
      }
    }
    for (i = block->left > 1 ? 1 : 0; i >= 0; --i) {
      to[i] = (int8_t)parsimony_requantise_any((int32_t)(w[1 - i] + 2 * sums[i]), (int32_t)w[2 + i], block->shift[i],
                                               block->zero_point);
    }
  }
  block->w = constants + 4;
  block->shift += 2;
  block->to += 2;
  block->left -= 2;
}
/* -- to here -- */
#endif
