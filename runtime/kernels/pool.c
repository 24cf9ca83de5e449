/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Input [input_height, input_width, channels], output [output_height, output_width, channels]: the mean of the taps
 * inside the input, rounded half away from zero, or their maximum. A pixel at a time, from the first to the last. */
struct parsimony_pool {
  uint16_t input_height;
  uint16_t input_width;
  uint16_t channels;
  uint16_t output_height;
  uint16_t output_width;
  uint8_t kernel_height;
  uint8_t kernel_width;
  uint8_t stride_y;
  uint8_t stride_x;
  uint8_t pad_top;
  uint8_t pad_left;
  int8_t lowest;
  int8_t highest;
  uint8_t maximum;
};

PARSIMONY_KERNEL void parsimony_pool(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_pool *const p = (const struct parsimony_pool *)params;
  const int32_t channels = p->channels;
  int32_t row = 0;
  (void)aux;

  do {
    const int32_t top = row * p->stride_y - p->pad_top;
    const int32_t y0 = top < 0 ? 0 : top;
    const int32_t y1 = top + p->kernel_height < p->input_height ? top + p->kernel_height : p->input_height;
    int32_t column = 0;
    do {
      const int32_t left = column * p->stride_x - p->pad_left;
      const int32_t x0 = left < 0 ? 0 : left;
      const int32_t x1 = left + p->kernel_width < p->input_width ? left + p->kernel_width : p->input_width;
      const int8_t *const first = input + (y0 * p->input_width + x0) * channels;
      int32_t channel = 0;
      do {
        const int8_t *line = first + channel;
        int32_t sum = 0, most = -128, y = y1 - y0, taps = 0;
        do {
          const int8_t *at = line;
          int32_t x = x1 - x0;
          taps += x;
          do {
            if (p->maximum != 0u) {
              most = *at > most ? *at : most;
            } else {
              sum += *at;
            }
            at += channels;
          } while (--x != 0);
          line += p->input_width * channels;
        } while (--y != 0);
        sum = p->maximum != 0u ? most : (sum > 0 ? sum + taps / 2 : sum - taps / 2) / taps;
        sum = sum < p->lowest ? p->lowest : sum;
        sum = sum > p->highest ? p->highest : sum;
        *output++ = (int8_t)sum;
      } while (++channel != channels);
    } while (++column != p->output_width);
  } while (++row != p->output_height);
}
/* -- to here -- */
