/* SPDX-License-Identifier: 0BSD */
#include "sum_pixels.h"
/* -- copied from here -- */
/* Input [pixels, channels], output [channels]: the mean over all pixels; 1 / pixels is in the multiplier. */
struct parsimony_mve_mean {
  int32_t multiplier;
  uint16_t pixels;
  uint16_t channels;
  int8_t shift;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_mve_mean(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_mve_mean *const p = (const struct parsimony_mve_mean *)params;
  int32_t size[4], sums[8], left;
  (void)aux;

  size[0] = 1;
  size[1] = p->pixels;
  size[2] = p->channels;
  size[3] = 0;
  for (left = p->channels; left > 0; left -= 8, input += 8) {
    const int32_t count = left < 8 ? left : 8;
    int32_t i;
    parsimony_mve_sum_pixels(input, size, count, sums);
    for (i = 0; i < count; ++i) {
      *output++ = parsimony_requantise(sums[i] - p->pixels * p->input_zero_point, p->multiplier, p->shift,
                                       p->output_zero_point, p->lowest, p->highest);
    }
  }
}
/* -- to here -- */
