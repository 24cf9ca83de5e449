/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
/* Raw [length, channels] in sensor units to int8: round((x - mean) / divisor) + zero_point, clamped. One float
 * subtraction and one division, held apart by volatile so that no compiler contracts them, divides by way of a
 * reciprocal or drops the test for NaN (which becomes the zero point); rounded half away from zero in integers. */
struct parsimony_quantize_values {
  const float *mean;
  const float *divisor;
  int32_t length;
  int32_t channels;
  int32_t zero_point;
};

PARSIMONY_KERNEL void parsimony_quantize_values(const struct parsimony_quantize_values *p, const float *raw,
                                               int8_t *input)
{
  int32_t t;

  for (t = 0; t < p->length; ++t) {
    int32_t channel;
    for (channel = 0; channel < p->channels; ++channel) {
      volatile float divisor = p->divisor[channel];
      volatile float value = *raw++ - p->mean[channel];
      union {
        float real;
        uint32_t bits;
      } scaled;
      int32_t y = 0;

      value = value / divisor;
      scaled.real = value;
      if ((scaled.bits & 0x7fffffffu) <= 0x7f800000u) { /* no NaN */
        if ((scaled.bits & 0x7fffffffu) < 0x44000000u) { /* |value| < 512, doubling is exact */
          const int32_t twice = (int32_t)(scaled.real + scaled.real);
          y = (twice + (twice >= 0 ? 1 : -1)) / 2;
        } else {
          y = (scaled.bits & 0x80000000u) != 0u ? -512 : 512;
        }
      }
      y += p->zero_point;
      y = y < -128 ? -128 : y;
      y = y > 127 ? 127 : y;
      *input++ = (int8_t)y;
    }
  }
}
/* -- to here -- */
