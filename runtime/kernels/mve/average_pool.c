/* SPDX-License-Identifier: 0BSD */
#include "sum_pixels.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [output_height, output_width, channels]: the mean of the taps
 * that lie inside, rounded half away from zero. */
struct parsimony_mve_pool {
  uint16_t input_height;
  uint16_t input_width;
  uint16_t channels;
  uint16_t output_height;
  uint16_t output_width;
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint8_t stride_y;
  uint8_t stride_x;
  uint8_t pad_top;
  uint8_t pad_left;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_mve_average_pool(const void *params, const int8_t *input, int8_t *aux,
                                                 int8_t *output)
{
  const struct parsimony_mve_pool *const p = (const struct parsimony_mve_pool *)params;
  const int32_t channels = p->channels, row_bytes = p->input_width * channels;
  int32_t out_y, out_x;
  (void)aux;

  for (out_y = 0; out_y < p->output_height; ++out_y) {
    const int32_t corner_y = out_y * p->stride_y - p->pad_top;
    const int32_t top = corner_y > 0 ? corner_y : 0;
    const int32_t bottom = corner_y + p->kernel_height;
    for (out_x = 0; out_x < p->output_width; ++out_x) {
      const int32_t corner_x = out_x * p->stride_x - p->pad_left;
      const int32_t left = corner_x > 0 ? corner_x : 0;
      const int32_t right = corner_x + p->kernel_width;
      const int8_t *from = input + top * row_bytes + left * channels;
      int32_t size[4], sums[8], channel, taps;

      size[0] = (bottom < p->input_height ? bottom : p->input_height) - top;
      size[1] = (right < p->input_width ? right : p->input_width) - left;
      size[2] = channels;
      size[3] = row_bytes;
      taps = size[0] * size[1];
      for (channel = 0; channel < channels; channel += 8, from += 8) {
        const int32_t count = channels - channel < 8 ? channels - channel : 8;
        int32_t i;
        parsimony_mve_sum_pixels(from, size, count, sums);
        for (i = 0; i < count; ++i) {
          const int32_t half = taps >> 1;
          int32_t mean = (sums[i] + (sums[i] > 0 ? half : -half)) / taps;
          mean = mean > p->lowest ? mean : p->lowest;
          *output++ = (int8_t)(mean < p->highest ? mean : p->highest);
        }
      }
    }
  }
}
/* -- to here -- */
