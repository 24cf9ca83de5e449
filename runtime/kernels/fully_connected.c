/* SPDX-License-Identifier: 0BSD */
#include "requantise.h"
/* -- copied from here -- */
/* Input [inputs], weights [outputs, inputs], output [outputs]; four outputs at a time straight from the input. The
 * zero point is folded into the bias. */
struct parsimony_fully_connected {
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  int32_t inputs;
  uint16_t outputs;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_fully_connected(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_fully_connected *const p = (const struct parsimony_fully_connected *)params;
  const int8_t *weights = p->weights;
  int32_t channel = 0;
  (void)aux;

  while (channel < p->outputs) {
    const int32_t rows = p->outputs - channel >= 4 ? 4 : 1;
    const int32_t pitch = rows == 4 ? p->inputs : 0;
    const int8_t *const second = weights + pitch;
    const int8_t *const third = second + pitch;
    const int8_t *const fourth = third + pitch;
    int32_t sums[4] = {0, 0, 0, 0};
    int32_t row, i;
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    for (i = p->inputs - 1; i >= 0; --i) {
      const int32_t x = input[i];
      sum0 += x * weights[i];
      sum1 += x * second[i];
      sum2 += x * third[i];
      sum3 += x * fourth[i];
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
    for (row = 0; row < rows; ++row, ++channel, weights += p->inputs) {
      output[channel] = parsimony_requantise(sums[row] + p->bias[channel], p->multiplier[channel], p->shift[channel],
                                             p->output_zero_point, p->lowest, p->highest);
    }
  }
}
/* -- to here -- */
