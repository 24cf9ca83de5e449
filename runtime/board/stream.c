/* SPDX-License-Identifier: 0BSD */
/* Runs the rows of inputs.bin to outputs.bin, those of raw.bin to quantized.bin and, where the network has a front end,
 * the sounds of samples.bin to features.bin, and says what it took. */
#include <string.h>

#include "board.h"
#include "network.h"

#define GUARD 16u

static union {
  int8_t bytes[NETWORK_ARENA_BYTES + 2 * GUARD];
  int64_t alignment;
} memory;
static int8_t *const arena = memory.bytes + GUARD;
static int8_t row[NETWORK_INPUT_BYTES];
static float raw[NETWORK_INPUT_BYTES];

static int fail(const char *what)
{
  board_print("error ");
  board_print(what);
  board_print("\n");
  return 1;
}

/* One run with the stack painted, one with the clock on. */
static void measure(void)
{
  uint32_t pointer;
  memcpy(network_input(arena), row, sizeof row);
  pointer = board_stack_pointer();
  board_paint_stack();
  (void)network_invoke(arena);
  board_print_number("stack ", board_stack_used(pointer), "\n");

  memcpy(network_input(arena), row, sizeof row);
  board_start_clock();
  (void)network_invoke(arena);
  board_print_number("ticks ", board_clock(), "\n");
}

static int run_inputs(void)
{
  const int from = board_open_to_read("inputs.bin");
  const int to = board_open_to_write("outputs.bin");
  uint32_t number = 0;
  if (from < 0 || to < 0) {
    return fail("inputs.bin or outputs.bin cannot be opened");
  }
  for (; board_read(from, row, sizeof row) == sizeof row; ++number) {
    if (number == 0) {
      measure();
    }
    memcpy(network_input(arena), row, sizeof row);
    if (network_invoke(arena) != 0 || board_write(to, network_output(arena), NETWORK_OUTPUT_BYTES) != 0) {
      return fail("_invoke or writing failed");
    }
  }
  board_close(from);
  board_close(to);
  board_print_number("inputs ", number, "\n");
  return 0;
}

static int run_raw(void)
{
  const int from = board_open_to_read("raw.bin");
  const int to = board_open_to_write("quantized.bin");
  uint32_t number = 0;
  if (from < 0 || to < 0) {
    return fail("raw.bin or quantized.bin cannot be opened");
  }
  for (; board_read(from, raw, sizeof raw) == sizeof raw; ++number) {
    network_quantize_input(raw, row);
    if (board_write(to, row, sizeof row) != 0) {
      return fail("writing failed");
    }
  }
  board_close(from);
  board_close(to);
  board_print_number("raw ", number, "\n");
  return 0;
}

#if defined(NETWORK_SAMPLES)
static int16_t samples[NETWORK_SAMPLES];

static void measure_features(void)
{
  const uint32_t pointer = board_stack_pointer();
  board_paint_stack();
  (void)network_features(arena, samples);
  board_print_number("features_stack ", board_stack_used(pointer), "\n");
  board_start_clock();
  (void)network_features(arena, samples);
  board_print_number("features_ticks ", board_clock(), "\n");
}

static int run_samples(void)
{
  const int from = board_open_to_read("samples.bin");
  const int to = board_open_to_write("features.bin");
  uint32_t number = 0;
  if (from < 0 || to < 0) {
    return fail("samples.bin or features.bin cannot be opened");
  }
  for (; board_read(from, samples, sizeof samples) == sizeof samples; ++number) {
    if (number == 0) {
      measure_features();
    }
    if (network_features(arena, samples) != 0 || board_write(to, network_input(arena), NETWORK_INPUT_BYTES) != 0) {
      return fail("_features or writing failed");
    }
  }
  board_close(from);
  board_close(to);
  board_print_number("sounds ", number, "\n");
  return 0;
}
#else
static int run_samples(void)
{
  return 0;
}
#endif

int main(void)
{
  uint32_t i;
  board_print_number("arena ", NETWORK_ARENA_BYTES, "\n");
  memset(&memory, 0x5A, sizeof memory);
  if (run_inputs() != 0 || run_raw() != 0 || run_samples() != 0) {
    return 1;
  }
  for (i = 0; i < GUARD; ++i) {
    if (memory.bytes[i] != 0x5A || memory.bytes[GUARD + NETWORK_ARENA_BYTES + i] != 0x5A) {
      return fail("bytes beside the arena were written");
    }
  }
  board_print("done\n");
  return 0;
}
