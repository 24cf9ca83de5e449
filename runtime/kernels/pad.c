/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Input [height, width, channels] into output [output_height, output_width, output_channels] at (top, left, front),
 * the zero point all round. */
struct parsimony_pad {
  uint16_t height;
  uint16_t width;
  uint16_t channels;
  uint16_t output_height;
  uint16_t output_width;
  uint16_t output_channels;
  uint16_t top;
  uint16_t left;
  uint16_t front;
  int8_t zero_point;
};

PARSIMONY_KERNEL void parsimony_pad(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_pad *const p = (const struct parsimony_pad *)params;
  int32_t y, x, c;
  (void)aux;

  for (y = 0; y < p->output_height; ++y) {
    for (x = 0; x < p->output_width; ++x) {
      const int32_t inside = (uint32_t)(y - p->top) < p->height && (uint32_t)(x - p->left) < p->width;
      for (c = 0; c < p->output_channels; ++c) {
        *output++ = inside != 0 && (uint32_t)(c - p->front) < p->channels ? *input++ : p->zero_point;
      }
    }
  }
}
/* -- to here -- */
