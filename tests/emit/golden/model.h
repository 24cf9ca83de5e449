/* SPDX-License-Identifier: 0BSD */
/* Emitted by Parsimony 0.1.0, model 9ed99b6dab80c11fa62d98f5251fdb5d5a8c607d2de1f4c2bfd9599ec75ef296 */
/* Command line: parsimony export --name tiny */
#ifndef TINY_MODEL_H
#define TINY_MODEL_H

#include <stdint.h>

/* All the RAM that the network needs but the stack: input, output, activations, scratch [B]. */
#define TINY_ARENA_BYTES 24u
#define TINY_ARENA_ALIGN 4u
/* Operators that a run goes through: the steps of _invoke_from. */
#define TINY_STEPS 8

/* real = scale * (q - zero point), [length, channels] with the channels of one time step together. */
#define TINY_INPUT_BYTES 12u
#define TINY_INPUT_LENGTH 6u
#define TINY_INPUT_CHANNELS 2u
#define TINY_INPUT_SCALE 0.100000001f
#define TINY_INPUT_ZERO_POINT (-3)
#define TINY_OUTPUT_BYTES 2u
#define TINY_OUTPUT_LENGTH 1u
#define TINY_OUTPUT_CHANNELS 2u
#define TINY_OUTPUT_SCALE 0.0500000007f
#define TINY_OUTPUT_ZERO_POINT (-20)

/* An initialiser: static const char *const names[] = TINY_CLASS_NAMES; */
#define TINY_CLASSES 2u
#define TINY_CLASS_NAMES \
  { \
    "still", \
    "\"odd\" name\?\?", \
  }

#define TINY_MODEL_HASH "9ed99b6dab80c11fa62d98f5251fdb5d5a8c607d2de1f4c2bfd9599ec75ef296"

#ifdef __cplusplus
extern "C" {
#endif

/* static tiny_Arena arena; ... tiny_invoke(&arena) */
typedef union {
  int8_t bytes[TINY_ARENA_BYTES];
  int32_t align;
} tiny_Arena;

/* Where the int8 input goes: fill it before each run, a run destroys it. */
int8_t *tiny_input(void *arena);

/* raw: [length, channels] in sensor units. input: where to, of any alignment, inside an arena or not. */
void tiny_quantize_input(const float *raw, int8_t *input);

/* One inference. 0, or -1: arena null or misaligned. Re-entrant: all that changes is in the arena. */
int tiny_invoke(void *arena);

/* The result of a run; valid until the input is filled again. */
const int8_t *tiny_output(const void *arena);

/* Copies in, invokes, copies out; input and output of any alignment, outside the arena. */
int tiny_run(const int8_t *input, int8_t *output, void *arena);

/* Runs one step: the number of the next, 0 after the last; -1: no such step, or arena null or misaligned. */
/* step = 0; while ((step = tiny_invoke_from(arena, step)) > 0) feed_the_watchdog(); */
int tiny_invoke_from(void *arena, int step);

/* Four made-up inputs against the results known at build time: 0, or the number of the first that differs. */
int tiny_selftest(void *arena);

#ifdef __cplusplus
}
#endif

#endif
