/* SPDX-License-Identifier: 0BSD */
/* The golden vectors: every output byte must be the reference interpreter's. */
#include "golden.h"

#include <string.h>

#include "board.h"
#include "network.h"

#define GUARD 16u

static union {
  int8_t bytes[NETWORK_ARENA_BYTES + 2 * GUARD];
  int64_t alignment;
} memory;
static int8_t input[NETWORK_INPUT_BYTES + 1], output[NETWORK_OUTPUT_BYTES + 1];
static float raw[NETWORK_INPUT_BYTES];

static int check(int good, const char *what)
{
  if (!good) {
    board_print("wrong: ");
    board_print(what);
    board_print("\n");
  }
  return good ? 0 : 1;
}

static int guards_are_whole(void)
{
  uint32_t i;
  for (i = 0; i < GUARD; ++i) {
    if (memory.bytes[i] != 0x5A || memory.bytes[GUARD + NETWORK_ARENA_BYTES + i] != 0x5A) {
      return 0;
    }
  }
  return 1;
}

#if defined(NETWORK_SAMPLES)
static int16_t samples[NETWORK_SAMPLES];

/* Made-up sound, as a whole and frame by frame. */
static int check_features(int8_t *arena)
{
  uint32_t random = 1, i;
  int wrong = 0;
  for (i = 0; i < NETWORK_SAMPLES; ++i) {
    random = random * 1664525u + 1013904223u;
    samples[i] = (int16_t)((int32_t)(random >> 16) - 32768);
  }
  wrong += check(network_features(arena, samples) == 0, "_features failed");
  wrong += check(memcmp(network_input(arena), golden_features[0], NETWORK_INPUT_BYTES) == 0, "_features");
  for (i = 0; i < NETWORK_FRAMES; ++i) {
    (void)network_features_frame(arena, samples + i * NETWORK_HOP_SAMPLES, input + 1);
    wrong += check(memcmp(input + 1, golden_features[0] + i * NETWORK_BANDS, NETWORK_BANDS) == 0, "_features_frame");
  }
  wrong += check(memcmp(network_input(arena), golden_features[0], NETWORK_INPUT_BYTES) == 0,
                 "_features_frame leaves the input alone");
  wrong += check(network_features(arena + 1, samples) == -1, "_features takes a misaligned arena");
  return wrong;
}
#endif

/* The network one step at a time, as with a watchdog. */
static int run_by_steps(void *arena)
{
  int steps = 0, step = 0;
  do {
    step = network_invoke_from(arena, step);
    ++steps;
  } while (step > 0);
  return step == 0 && steps == NETWORK_STEPS;
}

int main(void)
{
  int8_t *const arena = memory.bytes + GUARD;
  uint32_t number;
  int wrong = 0;

  memset(&memory, 0x5A, sizeof memory);
  for (number = 0; number < GOLDEN_CASES; ++number) {
    memcpy(network_input(arena), golden_inputs[number], NETWORK_INPUT_BYTES);
    wrong += check(network_invoke(arena) == 0, "_invoke failed");
    wrong += check(memcmp(network_output(arena), golden_outputs[number], NETWORK_OUTPUT_BYTES) == 0, "_invoke");

    memcpy(network_input(arena), golden_inputs[number], NETWORK_INPUT_BYTES);
    wrong += check(run_by_steps(arena), "_invoke_from failed");
    wrong += check(memcmp(network_output(arena), golden_outputs[number], NETWORK_OUTPUT_BYTES) == 0, "_invoke_from");

    memcpy(input + 1, golden_inputs[number], NETWORK_INPUT_BYTES); /* _run takes any alignment */
    wrong += check(network_run(input + 1, output + 1, arena) == 0, "_run failed");
    wrong += check(memcmp(output + 1, golden_outputs[number], NETWORK_OUTPUT_BYTES) == 0, "_run");
  }
  for (number = 0; number < GOLDEN_RAW_CASES; ++number) {
    memcpy(raw, golden_raw[number], sizeof raw); /* the floats' bits: NaN and infinities too */
    network_quantize_input(raw, input);
    wrong += check(memcmp(input, golden_quantized[number], NETWORK_INPUT_BYTES) == 0, "_quantize_input");
  }
#if defined(NETWORK_SAMPLES)
  wrong += check_features(arena);
#endif
  wrong += check(network_selftest(arena) == 0, "_selftest");
  wrong += check(network_invoke_from(arena, NETWORK_STEPS) == -1, "_invoke_from takes a step beyond the last");
  wrong += check(network_invoke(0) == -1, "_invoke takes no arena");
  wrong += check(network_invoke(arena + 1) == -1, "_invoke takes a misaligned arena");
  wrong += check(guards_are_whole(), "bytes beside the arena were written");
  board_print_number("golden vectors: ", GOLDEN_CASES, wrong == 0 ? " cases, all right\n" : " cases\n");
  return wrong != 0;
}
