/* SPDX-License-Identifier: 0BSD */
/* Emitted by Parsimony 0.1.0, model 9ed99b6dab80c11fa62d98f5251fdb5d5a8c607d2de1f4c2bfd9599ec75ef296 */
/* Command line: parsimony export --name tiny */
/* The network under names that do not depend on its prefix, for the test programs. */
#ifndef NETWORK_H
#define NETWORK_H

#include "model.h"

#define NETWORK_ARENA_BYTES TINY_ARENA_BYTES
#define NETWORK_INPUT_BYTES TINY_INPUT_BYTES
#define NETWORK_OUTPUT_BYTES TINY_OUTPUT_BYTES
#define NETWORK_STEPS TINY_STEPS
#define network_input tiny_input
#define network_quantize_input tiny_quantize_input
#define network_invoke tiny_invoke
#define network_output tiny_output
#define network_run tiny_run
#define network_invoke_from tiny_invoke_from
#define network_selftest tiny_selftest

#endif
