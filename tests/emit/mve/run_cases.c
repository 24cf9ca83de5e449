/* Runs the kernels of runtime/kernels/mve on the cases of cases.bin (case_file.hpp writes them) and compares bytes. */
#include <string.h>

#include "board.h"

#include "kernels/mve/add.c"
#include "kernels/mve/average_pool.c"
#include "kernels/mve/convolution.c"
#include "kernels/mve/depthwise.c"
#include "kernels/mve/fully_connected.c"
#include "kernels/mve/mean.c"

#define GUARD 8

static int32_t words[4096]; /* biases, then multipliers */
static int8_t shifts[4096];
static int8_t bytes[65536]; /* weights */
static union {
  int8_t bytes[1 << 18];
  int64_t alignment;
} memory;
static int8_t expected[1 << 18];

union every_params {
  struct parsimony_mve_convolution convolution;
  struct parsimony_mve_fully_connected fully_connected;
  struct parsimony_mve_depthwise depthwise;
  struct parsimony_mve_add add;
  struct parsimony_mve_pool pool;
  struct parsimony_mve_mean mean;
};

typedef void (*kernel_function)(const void *, const int8_t *, int8_t *, int8_t *);

static const int32_t *number;
#define TAKE(type, field) params->type.field = *number++
#define POINT(type, channels)                   \
  params->type.weights = bytes;                 \
  params->type.bias = words;                    \
  params->type.multiplier = words + (channels); \
  params->type.shift = shifts

static kernel_function prepare(int32_t kernel, int32_t channels, union every_params *params)
{
  switch (kernel) {
  case 0:
    POINT(convolution, channels);
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
    TAKE(convolution, input_zero_point);
    TAKE(convolution, output_zero_point);
    TAKE(convolution, lowest);
    TAKE(convolution, highest);
    return parsimony_mve_convolution;
  case 1:
    POINT(fully_connected, channels);
    TAKE(fully_connected, inputs);
    TAKE(fully_connected, outputs);
    TAKE(fully_connected, output_zero_point);
    TAKE(fully_connected, lowest);
    TAKE(fully_connected, highest);
    return parsimony_mve_fully_connected;
  case 2:
    POINT(depthwise, channels);
    TAKE(depthwise, output);
    TAKE(depthwise, output_step);
    TAKE(depthwise, pixels);
    TAKE(depthwise, x);
    TAKE(depthwise, y);
    TAKE(depthwise, step_x);
    TAKE(depthwise, step_y);
    TAKE(depthwise, input_width);
    TAKE(depthwise, input_height);
    TAKE(depthwise, channels);
    TAKE(depthwise, output_width);
    TAKE(depthwise, kernel_height);
    TAKE(depthwise, kernel_width);
    TAKE(depthwise, dilation_y);
    TAKE(depthwise, dilation_x);
    TAKE(depthwise, input_zero_point);
    TAKE(depthwise, output_zero_point);
    TAKE(depthwise, lowest);
    TAKE(depthwise, highest);
    return parsimony_mve_depthwise;
  case 3:
    TAKE(add, offset);
    TAKE(add, second_offset);
    TAKE(add, second_multiplier);
    TAKE(add, multiplier);
    TAKE(add, elements);
    TAKE(add, second_shift);
    TAKE(add, shift);
    TAKE(add, output_zero_point);
    TAKE(add, lowest);
    TAKE(add, highest);
    return parsimony_mve_add;
  case 4:
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
    TAKE(pool, lowest);
    TAKE(pool, highest);
    return parsimony_mve_average_pool;
  default:
    TAKE(mean, multiplier);
    TAKE(mean, pixels);
    TAKE(mean, channels);
    TAKE(mean, shift);
    TAKE(mean, input_zero_point);
    TAKE(mean, output_zero_point);
    TAKE(mean, lowest);
    TAKE(mean, highest);
    return parsimony_mve_mean;
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
  enum { MEANT_TO_BREAK = 2 };
  const int file = board_open_to_read("cases.bin");
  int8_t *const arena = memory.bytes + GUARD;
  int32_t header[HEADER], numbers[32];
  uint32_t cases = 0, wrong = 0, broken = 0;

  while (file >= 0 && board_read(file, header, sizeof header) == sizeof header) {
    union every_params params;
    kernel_function kernel;
    memset(&params, 0, sizeof params);
    memset(memory.bytes, 0x5A, (uint32_t)header[ARENA] + 2 * GUARD);
    (void)board_read(file, numbers, 4u * (uint32_t)header[NUMBERS]);
    (void)board_read(file, words, 4u * (uint32_t)header[WORDS_AT]);
    (void)board_read(file, shifts, (uint32_t)header[SHIFTS]);
    (void)board_read(file, bytes, (uint32_t)header[BYTES]);
    (void)board_read(file, arena, (uint32_t)header[ARENA]);
    (void)board_read(file, expected, (uint32_t)header[OUTPUT_BYTES]);
    number = numbers;
    kernel = prepare(header[KERNEL], header[SHIFTS], &params);
    kernel(&params, arena + header[INPUT], arena + header[AUX], arena + header[OUTPUT]);
    if (header[KIND] == MEANT_TO_BREAK) {
      broken += memcmp(arena + header[OUTPUT], expected, (uint32_t)header[OUTPUT_BYTES]) != 0 ? 1u : 0u;
    } else if (memcmp(arena + header[OUTPUT], expected, (uint32_t)header[OUTPUT_BYTES]) != 0 ||
               !has_guards(memory.bytes) || !has_guards(arena + header[ARENA])) {
      board_print_number("wrong: case ", cases, "");
      board_print_number(" of kernel ", (uint32_t)header[KERNEL], "\n");
      ++wrong;
    }
    ++cases;
  }
  board_print_number("broken ", broken, "\n");
  board_print_number("cases ", cases, "\n");
  return wrong != 0 || cases == 0;
}
