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

/* What a window of `count` bytes, not none, gives to four channels; to one where filters lie 0 bytes apart. */
PARSIMONY_KERNEL void parsimony_sum_channels(int32_t *sums, const int8_t *window, int32_t count, int32_t zero_point,
                                             const int8_t *weights, int32_t filter)
{
#if !defined(__thumb__) || defined(__thumb2__)
  const int8_t *const end = window + count;
  const int8_t *w0 = weights, *w1 = w0 + filter, *w2 = w1 + filter, *w3 = w2 + filter;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  do {
    const int32_t x = *window++ - zero_point;
    s0 += x * *w0++;
    s1 += x * *w1++;
    s2 += x * *w2++;
    s3 += x * *w3++;
  } while (window != end);
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
#else /* ARMv6-M has registers for one */
  int32_t *const end = sums + (filter != 0 ? 4 : 1);
  for (; sums != end; ++sums, weights += filter) {
    int32_t sum = 0;
    int32_t i = count;
    while (--i >= 0) {
#if defined(__GNUC__)
      __asm__("" : "+l"(i)); /* stays an index: signed bytes are loaded by base and index only */
#endif
      sum += (window[i] - zero_point) * weights[i];
    }
    *sums = sum;
  }
#endif
}

PARSIMONY_KERNEL void parsimony_convolution_1d(const void *params, const int8_t *input, int8_t *aux,
                                               int8_t *output)
{
  const struct parsimony_convolution_1d *const p = (const struct parsimony_convolution_1d *)params;
  const int32_t filter = p->kernel * p->input_channels;
  int32_t first = -p->pad_before; /* input position under tap 0 */
  int32_t positions = p->output_length;
  (void)aux;

  for (; positions > 0; --positions, first += p->stride) {
    const int32_t beyond = p->input_length - first;
    const int32_t end = beyond < p->kernel ? beyond : p->kernel;
    const int32_t begin = first < 0 ? -first : 0; /* taps begin ... end - 1, one at least, lie inside */
    const int32_t count = (end - begin) * p->input_channels;
    const int8_t *const window = input + (first + begin) * p->input_channels;
    int32_t from = begin * p->input_channels;
    int32_t channel = 0;

    do {
      const int32_t four = p->output_channels - channel >= 4;
      const int32_t apart = four != 0 ? filter : 0;
      int32_t left = four != 0 ? 4 : 1;
      int32_t sums[4];
      const int32_t *sum = sums;
      parsimony_sum_channels(sums, window, count, p->input_zero_point, p->weights + from, apart);
      for (; left > 0; --left, ++channel, from += filter) {
        *output++ = parsimony_requantise(p->bias[channel] + *sum++, p->multiplier[channel], p->shift[channel],
                                         p->output_zero_point, p->lowest, p->highest);
      }
    } while (channel < p->output_channels);
  }
}
/* -- to here -- */
