/* SPDX-License-Identifier: 0BSD */
#include "common.h"
/* -- copied from here -- */
PARSIMONY_KERNEL void parsimony_run_steps(const struct parsimony_step *step, const struct parsimony_step *end,
                                          int8_t *arena)
{
  for (; step != end; ++step) {
    step->kernel(step->params, arena + 4 * step->input, arena + 4 * step->aux, arena + 4 * step->output);
  }
}
/* -- to here -- */
