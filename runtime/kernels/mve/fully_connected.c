/* SPDX-License-Identifier: 0BSD */
#include "instructions.h"
/* -- copied from here -- */
/* Input [inputs], output [outputs], four outputs at a time, the last one to four by themselves. */
struct parsimony_mve_fully_connected {
  const int8_t *weights;     /* [outputs, inputs] */
  const int32_t *bias;       /* [outputs], the input's zero point folded in */
  const int32_t *multiplier; /* [outputs] */
  const int8_t *shift;       /* [outputs] */
  uint16_t inputs;
  uint16_t outputs;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

/* The next outputs. */
struct parsimony_mve_rows {
  const int8_t *weights;
  const int32_t *bias;
  const int32_t *multiplier;
  const int8_t *shift;
  const int8_t *input;
  int8_t *to;
  int32_t inputs;
  int32_t left;
  int32_t zero_point;
  int32_t lowest;
  int32_t highest;
};

PARSIMONY_INLINE void parsimony_mve_four_rows(struct parsimony_mve_rows *rows)
{
#if defined(PARSIMONY_MVE) /* sums r0, r2, r4, r6; rows of weights r1, r3, r7, r5: those missing are the last again */
  register struct parsimony_mve_rows *t __asm__("r0") = rows;
  __asm__ volatile(
    "push {r0, r7}\n\t"
    "ldr r8, [r0, %[left]]\n\t"
    "ldr r1, [r0, %[weights]]\n\t"
    "ldr r11, [r0, %[inputs]]\n\t"
    "ldr r9, [r0, %[input]]\n\t"
    "mov r3, r1\n\t"
    "cmp r8, #1\n\t"
    "it gt\n\t"
    "addgt r3, r3, r11\n\t"
    "mov r7, r3\n\t"
    "cmp r8, #2\n\t"
    "it gt\n\t"
    "addgt r7, r7, r11\n\t"
    "mov r5, r7\n\t"
    "cmp r8, #3\n\t"
    "it gt\n\t"
    "addgt r5, r5, r11\n\t"
    "mov r0, #0\n\t"
    "mov r2, #0\n\t"
    "mov r4, #0\n\t"
    "mov r6, #0\n\t"
    "dlstp.8 lr, r11\n\t"
    "1:\n\t"
    "vldrb.8 q0, [r9], #16\n\t"
    "vldrb.8 q1, [r1], #16\n\t"
    "vmladava.s8 r0, q0, q1\n\t"
    "vldrb.8 q2, [r3], #16\n\t"
    "vmladava.s8 r2, q0, q2\n\t"
    "vldrb.8 q1, [r7], #16\n\t"
    "vmladava.s8 r4, q0, q1\n\t"
    "vldrb.8 q2, [r5], #16\n\t"
    "vmladava.s8 r6, q0, q2\n\t"
    "letp lr, 1b\n\t"
    "vmov q0[2], q0[0], r0, r4\n\t"
    "vmov q0[3], q0[1], r2, r6\n\t"
    "ldr r0, [sp]\n\t"
    "vctp.32 r8\n\t"
    "ldr r1, [r0, %[bias]]\n\t"
    "ldr r2, [r0, %[multiplier]]\n\t"
    "ldr r3, [r0, %[shift]]\n\t"
    "ldr r4, [r0, %[lowest]]\n\t"
    "ldr r5, [r0, %[highest]]\n\t"
    "vpsttt\n\t"
    "vldrwt.32 q1, [r1]\n\t"
    "vldrwt.32 q2, [r2]\n\t"
    "vldrbt.s32 q3, [r3]\n\t"
    "vadd.i32 q0, q0, q1\n\t"
    "vdup.32 q4, r4\n\t"
    "vdup.32 q5, r5\n\t"
    "ldr r1, [r0, %[zero_point]]\n\t"
    "ldr r2, [r0, %[to]]\n\t"
    PARSIMONY_MVE_SCALE("q0", "q1", "q2", "q3", "r1", "q4", "q5")
    "vpst\n\t"
    "vstrbt.32 q0, [r2]\n\t"
    "pop {r0, r7}\n\t"
    : "+r"(t)
    : [weights] "i"(offsetof(struct parsimony_mve_rows, weights)), [bias] "i"(offsetof(struct parsimony_mve_rows, bias)),
      [multiplier] "i"(offsetof(struct parsimony_mve_rows, multiplier)),
      [shift] "i"(offsetof(struct parsimony_mve_rows, shift)), [input] "i"(offsetof(struct parsimony_mve_rows, input)),
      [to] "i"(offsetof(struct parsimony_mve_rows, to)), [inputs] "i"(offsetof(struct parsimony_mve_rows, inputs)),
      [left] "i"(offsetof(struct parsimony_mve_rows, left)),
      [zero_point] "i"(offsetof(struct parsimony_mve_rows, zero_point)),
      [lowest] "i"(offsetof(struct parsimony_mve_rows, lowest)),
      [highest] "i"(offsetof(struct parsimony_mve_rows, highest))
    : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r11", "lr", "q0", "q1", "q2", "q3", "q4", "q5", "cc", "memory");
#else
  int8_t four[4];
  int32_t row, i;
  for (row = 0; row < 4 && row < rows->left; ++row) {
    const int8_t *const w = rows->weights + row * rows->inputs;
    uint32_t sum = (uint32_t)rows->bias[row];
    for (i = 0; i < rows->inputs; ++i) {
      sum += (uint32_t)(w[i] * rows->input[i]);
    }
    four[row] = parsimony_requantise((int32_t)sum, rows->multiplier[row], rows->shift[row], rows->zero_point,
                                     rows->lowest, rows->highest);
  }
  memcpy(rows->to, four, (uint32_t)row);
#endif
}

PARSIMONY_KERNEL void parsimony_mve_fully_connected(const void *params, const int8_t *input, int8_t *aux,
                                                    int8_t *output)
{
  const struct parsimony_mve_fully_connected *const p = (const struct parsimony_mve_fully_connected *)params;
  struct parsimony_mve_rows rows;
  (void)aux;

  rows.weights = p->weights;
  rows.bias = p->bias;
  rows.multiplier = p->multiplier;
  rows.shift = p->shift;
  rows.input = input;
  rows.to = output;
  rows.inputs = p->inputs;
  rows.zero_point = p->output_zero_point;
  rows.lowest = p->lowest;
  rows.highest = p->highest;
  for (rows.left = p->outputs; rows.left > 0; rows.left -= 4) {
    parsimony_mve_four_rows(&rows);
    rows.weights += 4 * rows.inputs;
    rows.bias += 4;
    rows.multiplier += 4;
    rows.shift += 4;
    rows.to += 4;
  }
}
/* -- to here -- */
