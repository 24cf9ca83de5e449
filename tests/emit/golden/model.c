/* SPDX-License-Identifier: 0BSD */
/* Emitted by Parsimony 0.1.0, model 9ed99b6dab80c11fa62d98f5251fdb5d5a8c607d2de1f4c2bfd9599ec75ef296 */
/* Command line: parsimony export --name tiny */
#include "model.h"

#include <stddef.h>
#include <string.h>

/* Define these to put code or weights into a section: __attribute__((section(".itcm"))). */
#ifndef TINY_CODE
#define TINY_CODE
#endif
#ifndef TINY_WEIGHTS
#define TINY_WEIGHTS
#endif
#define PARSIMONY_CODE TINY_CODE

/* ---- kernels ---- */

/* A kernel is one function of one size: never inlined, cloned or specialised for its arguments. */
#if defined(__GNUC__) && !defined(__clang__)
#define PARSIMONY_KERNEL PARSIMONY_CODE static __attribute__((noinline, noclone, noipa))
#define PARSIMONY_INLINE static inline __attribute__((always_inline, unused))
#elif defined(__clang__)
#define PARSIMONY_KERNEL PARSIMONY_CODE static __attribute__((noinline))
#define PARSIMONY_INLINE static inline __attribute__((always_inline, unused))
#else
#define PARSIMONY_KERNEL PARSIMONY_CODE static
#define PARSIMONY_INLINE static inline
#endif

/* One operator of the network: output = kernel(params, input, aux), each at an offset into the arena in words of
 * 4 bytes; aux is a second input or the kernel's scratch. */
#if defined(PARSIMONY_WIDE_STEPS)
typedef uint32_t parsimony_offset;
#else
typedef uint16_t parsimony_offset;
#endif
struct parsimony_step {
  void (*kernel)(const void *params, const int8_t *input, int8_t *aux, int8_t *output);
  const void *params;
  parsimony_offset input;
  parsimony_offset aux;
  parsimony_offset output;
};

/* An int32 accumulator to int8: clamp(x * multiplier * 2^(shift - 31) + zero_point), rounded once, half up, or twice as
 * TFLite's reference kernels do: a doubling high multiplication, half up, then a division by a power of two, half away
 * from zero. The multiplier is not negative, shift is -31 ... 30, |x| * 2^shift < 1.5 * 2^30 (2^30 for shift -31:
 * the emitter has checked), so that adding the half cannot overflow. */
#if defined(PARSIMONY_ROUNDS_ONCE)
PARSIMONY_INLINE int32_t parsimony_scale(int32_t x, int32_t multiplier, int32_t shift)
{
  const int32_t right = 31 - shift;
  return (int32_t)(((int64_t)x * multiplier + ((int64_t)1 << (right - 1))) >> right);
}
#else
PARSIMONY_INLINE int32_t parsimony_scale(int32_t x, int32_t multiplier, int32_t shift)
{
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = left - shift;
  const int64_t product = (int64_t)(int32_t)((uint32_t)x << left) * multiplier;
  const int32_t high = (int32_t)((product + ((int64_t)1 << 30)) >> 31);
  const int32_t half = (int32_t)(((uint32_t)1 << right) >> 1);
  return (high + half - (int32_t)((uint32_t)(high & shift) >> 31)) >> right; /* one less if both are negative */
}
#endif
PARSIMONY_INLINE int8_t parsimony_requantise(int32_t x, int32_t multiplier, int32_t shift, int32_t zero_point,
                                             int32_t lowest, int32_t highest)
{
  int32_t above = parsimony_scale(x, multiplier, shift) + (zero_point - lowest); /* the lowest */
  above = above > 0 ? above : 0;
  above = above < highest - lowest ? above : highest - lowest;
  return (int8_t)(above + lowest);
}

PARSIMONY_INLINE int32_t parsimony_to_int8(int32_t value)
{
#if defined(__ARM_FEATURE_SAT) && defined(__GNUC__)
  int32_t saturated;
  __asm__("ssat %0, #8, %1" : "=r"(saturated) : "r"(value));
  return saturated;
#else
  return value < -128 ? -128 : value > 127 ? 127 : value;
#endif
}

/* parsimony_requantise over the whole of int8 for shifts of -1 ... -22, which are most, in half the instructions: the
 * halves and the zero point are added by the multiplication. `twice_zero` is 2 * zp + 1. Where x is negative the half
 * to round by is one less; where the product rounds to 0, that changes nothing. */
PARSIMONY_INLINE int8_t parsimony_requantise_quick(int32_t x, int32_t multiplier, int32_t shift, int32_t twice_zero)
{
#if defined(PARSIMONY_ROUNDS_ONCE)
  return (int8_t)parsimony_to_int8(parsimony_scale(x, multiplier, shift) + ((twice_zero - 1) >> 1));
#else
  const int32_t right = -1 - shift;
  const int64_t added = (int64_t)(int32_t)((uint32_t)twice_zero << right);
  const int64_t sum = (int64_t)x * multiplier + ((int64_t)((uint64_t)added << 31) | ((int64_t)1 << 30));
  return (int8_t)parsimony_to_int8((int32_t)((sum - (int64_t)((uint32_t)x & 0x80000000u)) >> 32) >> right);
#endif
}

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

/* Input [rows, columns] times second [columns], element by element; two tensors of one shape have one row. */
struct parsimony_multiply {
  int32_t multiplier;
  int32_t columns;
  uint16_t rows;
  int8_t shift;
  int8_t input_zero_point;
  int8_t second_zero_point;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_multiply(const void *params, const int8_t *input, int8_t *second,
                                         int8_t *output)
{
  const struct parsimony_multiply *const p = (const struct parsimony_multiply *)params;
  int32_t row;

  for (row = 0; row < p->rows; ++row) {
    int32_t column;
    for (column = 0; column < p->columns; ++column) {
      const int32_t product = (*input++ - p->input_zero_point) * (second[column] - p->second_zero_point);
      *output++ = parsimony_requantise(product, p->multiplier, p->shift, p->output_zero_point, p->lowest,
                                       p->highest);
    }
  }
}

/* Output = table[input + 128], element by element. */
struct parsimony_table {
  const int8_t *table;
  int32_t elements;
};

PARSIMONY_KERNEL void parsimony_table(const void *params, const int8_t *input, int8_t *aux,
                                      int8_t *output)
{
  const struct parsimony_table *const p = (const struct parsimony_table *)params;
  int32_t i;
  (void)aux;

  for (i = 0; i < p->elements; ++i) {
    output[i] = p->table[input[i] + 128];
  }
}

PARSIMONY_KERNEL void parsimony_run_steps(const struct parsimony_step *step, const struct parsimony_step *end,
                                          int8_t *arena)
{
  for (; step != end; ++step) {
    step->kernel(step->params, arena + 4 * step->input, arena + 4 * step->aux, arena + 4 * step->output);
  }
}

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

/* ---- constants ---- */

/* Normalisation of the training data; divisor = standard deviation * input scale. */
static const float input_mean[2] = {
  0.5f, -9.80665016f
};
static const float input_divisor[2] = {
  0.100000001f, 0.25f
};
static const struct parsimony_quantize_values input_normalisation = {
  .mean = input_mean, .divisor = input_divisor, .length = 6, .channels = 2, .zero_point = -3
};

/* conv: convolution */
static const int8_t conv_weights[20] TINY_WEIGHTS = {
  -127, -90, -53, -16, 21, 58, 95, -123, -86, -49, -12, 25, 62, 99, -119, -82, -45, -8
};
static const int32_t conv_bias[3] TINY_WEIGHTS = {
  -70, 30, 130
};
static const int32_t conv_multiplier[3] TINY_WEIGHTS = {
  1374389504, 1374389504, 1832519296
};
static const int8_t conv_shift[4] TINY_WEIGHTS = {
  -5, -6, -7
};
static const struct parsimony_convolution_1d conv_params = {
  .weights = conv_weights, .bias = conv_bias,
  .multiplier = conv_multiplier, .shift = conv_shift,
  .input_length = 6, .input_channels = 2,
  .output_length = 3, .output_channels = 3,
  .kernel = 3, .stride = 2, .pad_before = 1,
  .input_zero_point = -3,
  .output_zero_point = -20,
  .lowest = -20, .highest = 127,
};

/* depthwise: depthwise_convolution */
static const int8_t depthwise_weights[12] TINY_WEIGHTS = {
  -127, -90, -53, -16, 21, 58, 95, -123, -86
};
static const int32_t depthwise_bias[3] TINY_WEIGHTS = {
  -70, 30, 130
};
static const int32_t depthwise_multiplier[3] TINY_WEIGHTS = {
  1374389504, 1374389504, 1832519296
};
static const int8_t depthwise_shift[4] TINY_WEIGHTS = {
  -6, -7, -8
};
static const struct parsimony_depthwise_1d depthwise_params = {
  .weights = depthwise_weights, .bias = depthwise_bias,
  .multiplier = depthwise_multiplier, .shift = depthwise_shift,
  .input_length = 3, .channels = 3, .output_length = 3,
  .kernel = 3, .stride = 1, .pad_before = 1,
  .input_zero_point = -20,
  .output_zero_point = -20,
  .lowest = -128, .highest = 127,
};

/* squeeze: mean */
static const struct parsimony_mean squeeze_params = {
  .multiplier = 715827882,
  .length = 3, .channels = 3,
  .shift = 0,
  .input_zero_point = -20,
  .output_zero_point = -20,
  .lowest = -128, .highest = 127,
};

/* excite: fully_connected */
static const int8_t excite_weights[12] TINY_WEIGHTS = {
  -127, -90, -53, -16, 21, 58, 95, -123, -86
};
static const int32_t excite_bias[3] TINY_WEIGHTS = {
  -70, 30, 130
};
static const int32_t excite_multiplier[3] TINY_WEIGHTS = {
  1374389504, 1374389504, 1832519296
};
static const int8_t excite_shift[4] TINY_WEIGHTS = {
  -5, -6, -7
};
static const struct parsimony_convolution_1d excite_params = {
  .weights = excite_weights, .bias = excite_bias,
  .multiplier = excite_multiplier, .shift = excite_shift,
  .input_length = 1, .input_channels = 3,
  .output_length = 1, .output_channels = 3,
  .kernel = 1, .stride = 1, .pad_before = 0,
  .input_zero_point = -20,
  .output_zero_point = -20,
  .lowest = -128, .highest = 127,
};

/* gate: table */
static const int8_t gate_table[256] TINY_WEIGHTS = {
  -64, -63, -63, -62, -62, -61, -61, -60, -60, -59, -59, -58, -58, -57, -57, -56, -56, -55,
  -55, -54, -54, -53, -53, -52, -52, -51, -51, -50, -50, -49, -49, -48, -48, -47, -47, -46,
  -46, -45, -45, -44, -44, -43, -43, -42, -42, -41, -41, -40, -40, -39, -39, -38, -38, -37,
  -37, -36, -36, -35, -35, -34, -34, -33, -33, -32, -32, -31, -31, -30, -30, -29, -29, -28,
  -28, -27, -27, -26, -26, -25, -25, -24, -24, -23, -23, -22, -22, -21, -21, -20, -20, -19,
  -19, -18, -18, -17, -17, -16, -16, -15, -15, -14, -14, -13, -13, -12, -12, -11, -11, -10,
  -10, -9, -9, -8, -8, -7, -7, -6, -6, -5, -5, -4, -4, -3, -3, -2, -2, -1, -1, 0, 0, 0, 0, 1,
  1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10,
  11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17, 17, 18, 18,
  18, 19, 19, 19, 20, 20, 20, 21, 21, 21, 22, 22, 22, 23, 23, 23, 24, 24, 24, 25, 25, 25, 26,
  26, 26, 27, 27, 27, 28, 28, 28, 29, 29, 29, 30, 30, 30, 31, 31, 31, 32, 32, 32, 33, 33, 33,
  34, 34, 34, 35, 35, 35, 36, 36, 36, 37, 37, 37, 38, 38, 38, 39, 39, 39, 40, 40, 40, 41, 41,
  41, 42, 42
};
static const struct parsimony_table gate_params = {
  .table = gate_table, .elements = 3
};

/* scale: multiply */
static const struct parsimony_multiply scale_params = {
  .multiplier = 1717986944,
  .columns = 3, .rows = 3,
  .shift = -4,
  .input_zero_point = -20,
  .second_zero_point = -20,
  .output_zero_point = -20,
  .lowest = -128, .highest = 127,
};

/* pool: mean */
static const struct parsimony_mean pool_params = {
  .multiplier = 715827882,
  .length = 3, .channels = 3,
  .shift = 0,
  .input_zero_point = -20,
  .output_zero_point = -20,
  .lowest = -128, .highest = 127,
};

/* classifier: fully_connected */
static const int8_t classifier_weights[8] TINY_WEIGHTS = {
  -127, -90, -53, -16, 21, 58
};
static const int32_t classifier_bias[2] TINY_WEIGHTS = {
  -70, 30
};
static const int32_t classifier_multiplier[2] TINY_WEIGHTS = {
  1374389504, 1374389504
};
static const int8_t classifier_shift[4] TINY_WEIGHTS = {
  -5, -6
};
static const struct parsimony_convolution_1d classifier_params = {
  .weights = classifier_weights, .bias = classifier_bias,
  .multiplier = classifier_multiplier, .shift = classifier_shift,
  .input_length = 1, .input_channels = 3,
  .output_length = 1, .output_channels = 2,
  .kernel = 1, .stride = 1, .pad_before = 0,
  .input_zero_point = -20,
  .output_zero_point = -20,
  .lowest = -128, .highest = 127,
};

/* ---- the network ---- */

/* In order of execution; @: offset in the arena [B]. */
static const struct parsimony_step steps[8] = {
  /* 0 conv: x s8[6, 2] @0, w s8[3, 3, 2], -> conv_out s8[3, 3] @12, scratch 0 B */
  {parsimony_convolution_1d, &conv_params, 0u, 0u, 3u},
  /* 1 depthwise: conv_out s8[3, 3] @12, w s8[3, 3], -> depthwise_out s8[3, 3] @0, scratch 0 B */
  {parsimony_depthwise_1d, &depthwise_params, 3u, 0u, 0u},
  /* 2 squeeze: depthwise_out s8[3, 3] @0, -> squeeze_out s8[3] @12, scratch 0 B */
  {parsimony_mean, &squeeze_params, 0u, 0u, 3u},
  /* 3 excite: squeeze_out s8[3] @12, w s8[3, 3], -> excite_out s8[3] @16, scratch 0 B */
  {parsimony_convolution_1d, &excite_params, 3u, 0u, 4u},
  /* 4 gate: excite_out s8[3] @16, -> gate_out s8[3] @12, scratch 0 B */
  {parsimony_table, &gate_params, 4u, 0u, 3u},
  /* 5 scale: depthwise_out s8[3, 3] @0, gate_out s8[3] @12, -> scale_out s8[3, 3] @0, scratch 0 B */
  {parsimony_multiply, &scale_params, 0u, 3u, 0u},
  /* 6 pool: scale_out s8[3, 3] @0, -> pool_out s8[3] @0, scratch 0 B */
  {parsimony_mean, &pool_params, 0u, 0u, 0u},
  /* 7 classifier: pool_out s8[3] @0, w s8[2, 3], -> classifier_out s8[2] @4, scratch 0 B */
  {parsimony_convolution_1d, &classifier_params, 0u, 0u, 1u},
};

TINY_CODE int8_t *tiny_input(void *arena)
{
  return (int8_t *)arena + 0u;
}

TINY_CODE const int8_t *tiny_output(const void *arena)
{
  return (const int8_t *)arena + 4u;
}

TINY_CODE void tiny_quantize_input(const float *raw, int8_t *input)
{
  parsimony_quantize_values(&input_normalisation, raw, input);
}

TINY_CODE int tiny_invoke(void *arena)
{
  if (arena == NULL || ((uintptr_t)arena & (TINY_ARENA_ALIGN - 1u)) != 0u) {
    return -1;
  }
  parsimony_run_steps(steps, steps + TINY_STEPS, (int8_t *)arena);
  return 0;
}

TINY_CODE int tiny_run(const int8_t *input, int8_t *output, void *arena)
{
  if (arena == NULL || ((uintptr_t)arena & (TINY_ARENA_ALIGN - 1u)) != 0u) {
    return -1;
  }
  memcpy(tiny_input(arena), input, TINY_INPUT_BYTES);
  (void)tiny_invoke(arena);
  memcpy(output, tiny_output(arena), TINY_OUTPUT_BYTES);
  return 0;
}

TINY_CODE int tiny_invoke_from(void *arena, int step)
{
  if (arena == NULL || ((uintptr_t)arena & (TINY_ARENA_ALIGN - 1u)) != 0u) {
    return -1;
  }
  if (step < 0 || step >= TINY_STEPS) {
    return -1;
  }
  parsimony_run_steps(steps + step, steps + step + 1, (int8_t *)arena);
  return step + 1 < TINY_STEPS ? step + 1 : 0;
}

static const uint32_t selftest_hashes[4] = {
  3696913889u, 3656855843u, 3696913889u, 3680136270u
};

TINY_CODE int tiny_selftest(void *arena)
{
  if (arena == NULL || ((uintptr_t)arena & (TINY_ARENA_ALIGN - 1u)) != 0u) {
    return -1;
  }
  for (uint32_t test = 0; test < 4u; ++test) {
    int8_t *const input = tiny_input(arena);
    const int8_t *const output = tiny_output(arena);
    uint32_t random = test, hash = 2166136261u;
    for (uint32_t i = 0; i < TINY_INPUT_BYTES; ++i) {
      random = random * 1664525u + 1013904223u;
      input[i] = (int8_t)((int32_t)(random >> 24) - 128);
    }
    (void)tiny_invoke(arena);
    for (uint32_t i = 0; i < TINY_OUTPUT_BYTES; ++i) {
      hash = (hash ^ (uint8_t)output[i]) * 16777619u;
    }
    if (hash != selftest_hashes[test]) {
      return (int)test + 1;
    }
  }
  return 0;
}

