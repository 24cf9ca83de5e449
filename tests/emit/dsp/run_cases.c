/* Runs the kernels of runtime/kernels/dsp on the cases of cases.bin (case_file.hpp writes them) and compares bytes. */
#include <string.h>

#include "board.h"

#include "kernels/dsp/add.c"
#include "kernels/dsp/average_pool.c"
#include "kernels/dsp/clamp.c"
#include "kernels/dsp/convolution_2.c"
#include "kernels/dsp/convolution_3.c"
#include "kernels/dsp/convolution_small.c"
#include "kernels/dsp/depthwise.c"
#include "kernels/dsp/depthwise_3x3.c"
#include "kernels/dsp/depthwise_row.c"
#include "kernels/dsp/fully_connected.c"
#include "kernels/dsp/mean.c"

#define WORDS 98304
#define GUARD 8

static int32_t words[WORDS]; /* the packed weights */
static int8_t shifts[4096];
static int8_t bytes[65536]; /* weights that are read as bytes */
static union {
  int8_t bytes[1 << 18];
  int64_t alignment;
} memory;
static int8_t expected[1 << 18];

union every_params {
  struct parsimony_dsp_convolution convolution;
  struct parsimony_dsp_convolution_small convolution_small;
  struct parsimony_dsp_fully_connected fully_connected;
  struct parsimony_dsp_depthwise_3x3 depthwise_3x3;
  struct parsimony_dsp_depthwise depthwise;
  struct parsimony_dsp_depthwise_row depthwise_row;
  struct parsimony_dsp_add add;
  struct parsimony_dsp_pool pool;
  struct parsimony_dsp_mean mean;
  struct parsimony_dsp_clamp clamp;
};

typedef void (*kernel_function)(const void *, const int8_t *, int8_t *, int8_t *);

static const int32_t *number;
#define TAKE(type, field) params->type.field = *number++

static void convolution(union every_params *params)
{
  params->convolution.weights = (const uint32_t *)words;
  params->convolution.shift = shifts;
  TAKE(convolution, zero_point);
  TAKE(convolution, output);
  TAKE(convolution, output_step);
  TAKE(convolution, pixels);
  TAKE(convolution, x);
  TAKE(convolution, y);
  TAKE(convolution, step_x);
  TAKE(convolution, step_y);
  TAKE(convolution, last_x);
  TAKE(convolution, last_y);
  TAKE(convolution, input_width);
  TAKE(convolution, input_height);
  TAKE(convolution, input_channels);
  TAKE(convolution, output_channels);
  TAKE(convolution, output_width);
  TAKE(convolution, depth);
  TAKE(convolution, rows);
  TAKE(convolution, runs);
  TAKE(convolution, run_taps);
  TAKE(convolution, dilation_y);
  TAKE(convolution, dilation_x);
  TAKE(convolution, points);
  TAKE(convolution, input_zero_point);
}

static kernel_function prepare(int32_t kernel, union every_params *params)
{
  switch (kernel) {
  case 0:
    convolution(params);
    return parsimony_dsp_convolution_3;
  case 1:
    convolution(params);
    return parsimony_dsp_convolution_2;
  case 2:
    params->fully_connected.weights = (const uint32_t *)words;
    params->fully_connected.shift = shifts;
    TAKE(fully_connected, zero_point);
    TAKE(fully_connected, inputs);
    TAKE(fully_connected, outputs);
    return parsimony_dsp_fully_connected;
  case 3:
    params->depthwise_3x3.weights = bytes;
    params->depthwise_3x3.constant = words;
    params->depthwise_3x3.shift = shifts;
    TAKE(depthwise_3x3, zero_point);
    TAKE(depthwise_3x3, input_height);
    TAKE(depthwise_3x3, input_width);
    TAKE(depthwise_3x3, channels);
    TAKE(depthwise_3x3, output_height);
    TAKE(depthwise_3x3, output_width);
    TAKE(depthwise_3x3, stride);
    TAKE(depthwise_3x3, pad_top);
    TAKE(depthwise_3x3, pad_left);
    TAKE(depthwise_3x3, input_zero_point);
    return parsimony_dsp_depthwise_3x3;
  case 4:
    params->depthwise.weights = bytes;
    params->depthwise.constant = words;
    params->depthwise.shift = shifts;
    TAKE(depthwise, zero_point);
    TAKE(depthwise, input_height);
    TAKE(depthwise, input_width);
    TAKE(depthwise, channels);
    TAKE(depthwise, output_height);
    TAKE(depthwise, output_width);
    TAKE(depthwise, kernel_height);
    TAKE(depthwise, kernel_width);
    TAKE(depthwise, stride_y);
    TAKE(depthwise, stride_x);
    TAKE(depthwise, dilation_y);
    TAKE(depthwise, dilation_x);
    TAKE(depthwise, pad_top);
    TAKE(depthwise, pad_left);
    TAKE(depthwise, input_zero_point);
    return parsimony_dsp_depthwise;
  case 5:
    TAKE(add, offset);
    TAKE(add, second_offset);
    TAKE(add, second_multiplier);
    TAKE(add, multiplier);
    TAKE(add, elements);
    TAKE(add, zero_point);
    TAKE(add, second_shift);
    TAKE(add, shift);
    return parsimony_dsp_add;
  case 6:
    TAKE(pool, input_height);
    TAKE(pool, input_width);
    TAKE(pool, channels);
    TAKE(pool, output_height);
    TAKE(pool, output_width);
    TAKE(pool, kernel_height);
    TAKE(pool, kernel_width);
    TAKE(pool, stride_y);
    TAKE(pool, stride_x);
    TAKE(pool, pad_top);
    TAKE(pool, pad_left);
    return parsimony_dsp_average_pool;
  case 7:
    TAKE(mean, multiplier);
    TAKE(mean, pixels);
    TAKE(mean, channels);
    TAKE(mean, shift);
    TAKE(mean, input_zero_point);
    TAKE(mean, output_zero_point);
    return parsimony_dsp_mean;
  case 8:
    params->depthwise_row.weights = bytes;
    params->depthwise_row.constant = words;
    params->depthwise_row.shift = shifts;
    TAKE(depthwise_row, zero_point);
    TAKE(depthwise_row, input_length);
    TAKE(depthwise_row, channels);
    TAKE(depthwise_row, output_length);
    TAKE(depthwise_row, stride);
    TAKE(depthwise_row, pad_left);
    TAKE(depthwise_row, input_zero_point);
    return parsimony_dsp_depthwise_row;
  case 9:
    TAKE(clamp, elements);
    TAKE(clamp, lowest);
    TAKE(clamp, highest);
    return parsimony_dsp_clamp;
  default:
    params->convolution_small.weights = (const uint32_t *)words;
    params->convolution_small.shift = shifts;
    TAKE(convolution_small, input_height);
    TAKE(convolution_small, input_width);
    TAKE(convolution_small, input_channels);
    TAKE(convolution_small, output_height);
    TAKE(convolution_small, output_width);
    TAKE(convolution_small, output_channels);
    TAKE(convolution_small, kernel_height);
    TAKE(convolution_small, kernel_width);
    TAKE(convolution_small, stride_y);
    TAKE(convolution_small, stride_x);
    TAKE(convolution_small, dilation_y);
    TAKE(convolution_small, dilation_x);
    TAKE(convolution_small, pad_top);
    TAKE(convolution_small, pad_left);
    TAKE(convolution_small, input_zero_point);
    TAKE(convolution_small, output_zero_point);
    TAKE(convolution_small, reverse);
    return parsimony_dsp_convolution_small;
  }
}

static int has_guards(const int8_t *at)
{
  int i;
  for (i = 0; i < GUARD; ++i) {
    if (at[i] != 0x5A) {
      return 0;
    }
  }
  return 1;
}

int main(void)
{
  enum { KERNEL, KIND, ARENA, INPUT, AUX, OUTPUT, OUTPUT_BYTES, WORDS_AT, SHIFTS, BYTES, NUMBERS, HEADER };
  enum { PLAIN, TIMED, MEANT_TO_BREAK };
  const int file = board_open_to_read("cases.bin");
  int8_t *const arena = memory.bytes + GUARD;
  int32_t header[HEADER], numbers[32];
  uint32_t cases = 0, wrong = 0, broken = 0;

  while (file >= 0 && board_read(file, header, sizeof header) == sizeof header) {
    union every_params params;
    kernel_function kernel;
    uint32_t ticks;
    memset(&params, 0, sizeof params);
    memset(memory.bytes, 0x5A, (uint32_t)header[ARENA] + 2 * GUARD);
    (void)board_read(file, numbers, 4u * (uint32_t)header[NUMBERS]);
    (void)board_read(file, words, 4u * (uint32_t)header[WORDS_AT]);
    (void)board_read(file, shifts, (uint32_t)header[SHIFTS]);
    (void)board_read(file, bytes, (uint32_t)header[BYTES]);
    (void)board_read(file, arena, (uint32_t)header[ARENA]);
    (void)board_read(file, expected, (uint32_t)header[OUTPUT_BYTES]);
    number = numbers;
    kernel = prepare(header[KERNEL], &params);
    board_start_clock();
    kernel(&params, arena + header[INPUT], arena + header[AUX], arena + header[OUTPUT]);
    ticks = board_clock();
    if (header[KIND] == MEANT_TO_BREAK) {
      broken += memcmp(arena + header[OUTPUT], expected, (uint32_t)header[OUTPUT_BYTES]) != 0 ? 1u : 0u;
    } else if (memcmp(arena + header[OUTPUT], expected, (uint32_t)header[OUTPUT_BYTES]) != 0 ||
               !has_guards(memory.bytes) || !has_guards(arena + header[ARENA])) {
      board_print_number("wrong: case ", cases, "");
      board_print_number(" of kernel ", (uint32_t)header[KERNEL], "\n");
      ++wrong;
    }
    if (header[KIND] == TIMED) {
      board_print_number("ticks ", ticks, "\n");
    }
    ++cases;
  }
  board_print_number("broken ", broken, "\n");
  board_print_number("cases ", cases, "\n");
  return wrong != 0 || cases == 0;
}
