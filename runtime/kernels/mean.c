/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [length, channels], output [channels]: the mean over length (all positions of two axes); 1 / length is in the
 * multiplier. */
struct parsimony_mean {
  int32_t multiplier;
  uint16_t length;
  uint16_t channels;
  int8_t shift;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_mean(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_mean *const p = (const struct parsimony_mean *)params;
  const int32_t count = p->length * p->channels;
  int32_t channel;
  (void)aux;

  for (channel = 0; channel < p->channels; ++channel) {
    int32_t sum = -p->length * p->input_zero_point;
    int32_t at;
    for (at = channel; at < count; at += p->channels) {
      sum += input[at];
    }
    *output++ = parsimony_requantise(sum, p->multiplier, p->shift, p->output_zero_point, p->lowest, p->highest);
  }
}
/* -- to here -- */
