/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [input_length, input_channels], weights [output_channels, kernel, input_channels], output
 * [output_length, output_channels]. A window is one run of the input's bytes, cut off where it hangs over an
 * end: a padded tap holds the input's zero point and adds nothing. A fully connected layer is the case of one
 * position and one tap. */
struct parsimony_convolution_1d {
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  uint16_t input_length;
  uint16_t input_channels;
  uint16_t output_length;
  uint16_t output_channels;
  uint8_t kernel;
  uint8_t stride;
  uint8_t pad_before;
  int8_t input_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_convolution_1d(const void *params, const int8_t *input, int8_t *aux,
                                               int8_t *output)
{
  const struct parsimony_convolution_1d *const p = (const struct parsimony_convolution_1d *)params;
  const int32_t filter = p->kernel * p->input_channels;
  const int32_t zero_point = p->input_zero_point;
  int32_t first = -p->pad_before; /* input position under tap 0 */
  int32_t t;
  (void)aux;

  for (t = 0; t < p->output_length; ++t, first += p->stride) {
    const int32_t beyond = p->input_length - first;
    const int32_t end = beyond < p->kernel ? beyond : p->kernel;
    const int32_t begin = first < 0 ? -first : 0; /* taps begin ... end - 1 lie inside */
    const int32_t count = end > begin ? (end - begin) * p->input_channels : 0;
    const int8_t *const window = input + (count > 0 ? (first + begin) * p->input_channels : 0);
    int32_t from = count > 0 ? begin * p->input_channels : 0;
    int32_t channel;

    for (channel = 0; channel < p->output_channels; ++channel, from += filter) {
      const int8_t *const weights = p->weights + from;
      int32_t sum = p->bias[channel];
      int32_t i;
      for (i = 0; i < count; ++i) {
        sum += (window[i] - zero_point) * weights[i];
      }
      *output++ = parsimony_requantise(sum, p->multiplier[channel], p->shift[channel], p->output_zero_point,
                                       p->lowest, p->highest);
    }
  }
}
/* -- to here -- */
