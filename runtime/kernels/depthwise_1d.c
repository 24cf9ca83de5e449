/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [input_length, channels], weights [kernel, channels], output [output_length, channels]; taps that hang
 * over an end of the input add nothing. */
struct parsimony_depthwise_1d {
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  uint16_t input_length;
  uint16_t channels;
  uint16_t output_length;
  uint8_t kernel;
  uint8_t stride;
  uint8_t pad_before;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_depthwise_1d(const void *params, const int8_t *input, int8_t *aux,
                                             int8_t *output)
{
  const struct parsimony_depthwise_1d *const p = (const struct parsimony_depthwise_1d *)params;
  const int32_t channels = p->channels;
  int32_t first = -p->pad_before; /* input position under tap 0 */
  int32_t positions = p->output_length;
  (void)aux;

  for (; positions > 0; --positions, first += p->stride) {
    const int32_t beyond = p->input_length - first;
    const int32_t end = beyond < p->kernel ? beyond : p->kernel;
    const int32_t begin = first < 0 ? -first : 0; /* taps begin ... end - 1, one at least, lie inside */
    const int8_t *const window = input + (first + begin) * channels;
    const int8_t *const weights = p->weights + begin * channels;
    const int32_t last = (end - begin - 1) * channels;
    int32_t channel = 0;

    do {
      int32_t at = last + channel;
      int32_t sum = p->bias[channel];
      do {
        sum += (window[at] - p->input_zero_point) * weights[at];
        at -= channels;
      } while (at >= 0);
      *output++ = parsimony_requantise(sum, p->multiplier[channel], p->shift[channel], p->output_zero_point,
                                       p->lowest, p->highest);
    } while (++channel < channels);
  }
}
/* -- to here -- */
