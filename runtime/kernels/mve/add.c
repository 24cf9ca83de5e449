/* SPDX-License-Identifier: 0BSD */
#include "instructions.h"
/* -- copied from here -- */
/* Output = input + aux, element by element. TFLite scales both by 2^20 and by factors of which that of the first, the
 * larger scale's, is exactly a half. */
struct parsimony_mve_add {
  int32_t offset;            /* -zero point of the first * 2^19 */
  int32_t second_offset;     /* -zero point of the second * 2^20 */
  int32_t second_multiplier; /* INT32_MAX with the shift -1 is exactly a half */
  int32_t multiplier;
  uint32_t elements;
  int8_t second_shift; /* -1 ... -31 */
  int8_t shift;
  int8_t output_zero_point;
  int8_t lowest;
  int8_t highest;
};

PARSIMONY_KERNEL void parsimony_mve_add(const void *params, const int8_t *input, int8_t *aux, int8_t *output)
{
  const struct parsimony_mve_add *const p = (const struct parsimony_mve_add *)params;
#if defined(PARSIMONY_MVE)
  register const struct parsimony_mve_add *t __asm__("r0") = p;
  register const int8_t *first __asm__("r1") = input;
  register const int8_t *second __asm__("r2") = aux;
  register int8_t *to __asm__("r3") = output;
  __asm__ volatile(
    "ldrsb r4, [r0, %[lowest]]\n\t"
    "ldrsb r5, [r0, %[highest]]\n\t"
    "vdup.32 q4, r4\n\t"
    "vdup.32 q5, r5\n\t"
    "vmov.i32 q3, #0x80000\n\t"
    "vmov.i32 q6, #0x100000\n\t"
    "ldr lr, [r0, %[elements]]\n\t"
    "ldr r4, [r0, %[offset]]\n\t"
    "ldr r5, [r0, %[second_offset]]\n\t"
    "ldr r6, [r0, %[second_multiplier]]\n\t"
    "ldr r8, [r0, %[multiplier]]\n\t"
    "ldrsb r9, [r0, %[second_shift]]\n\t"
    "ldrsb r10, [r0, %[shift]]\n\t"
    "ldrsb r11, [r0, %[zero_point]]\n\t"
    "dlstp.32 lr, lr\n\t"
    "1:\n\t"
    "vldrb.s32 q1, [r2], #4\n\t"
    "vldrb.s32 q0, [r1], #4\n\t"
    "vmlas.s32 q1, q6, r5\n\t"
    "vmlas.s32 q0, q3, r4\n\t"
    "vshr.s32 q2, q1, #31\n\t"
    "vqrdmulh.s32 q1, q1, r6\n\t"
    "vadd.i32 q1, q1, q2\n\t"
    "vrshl.s32 q1, r9\n\t"
    "vadd.i32 q0, q0, q1\n\t"
    "vshr.s32 q2, q0, #31\n\t"
    "vqrdmulh.s32 q0, q0, r8\n\t"
    "vadd.i32 q0, q0, q2\n\t"
    "vrshl.s32 q0, r10\n\t"
    "vadd.i32 q0, q0, r11\n\t"
    "vmax.s32 q0, q0, q4\n\t"
    "vmin.s32 q0, q0, q5\n\t"
    "vstrb.32 q0, [r3], #4\n\t"
    "letp lr, 1b\n\t"
    : "+r"(t), "+r"(first), "+r"(second), "+r"(to)
    : [offset] "i"(offsetof(struct parsimony_mve_add, offset)),
      [second_offset] "i"(offsetof(struct parsimony_mve_add, second_offset)),
      [second_multiplier] "i"(offsetof(struct parsimony_mve_add, second_multiplier)),
      [multiplier] "i"(offsetof(struct parsimony_mve_add, multiplier)),
      [elements] "i"(offsetof(struct parsimony_mve_add, elements)),
      [second_shift] "i"(offsetof(struct parsimony_mve_add, second_shift)),
      [shift] "i"(offsetof(struct parsimony_mve_add, shift)),
      [zero_point] "i"(offsetof(struct parsimony_mve_add, output_zero_point)),
      [lowest] "i"(offsetof(struct parsimony_mve_add, lowest)),
      [highest] "i"(offsetof(struct parsimony_mve_add, highest))
    : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "lr", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "cc", "memory");
#else
  const int8_t *const end = input + p->elements;
  while (input != end) {
    const int32_t second = *aux++ * (1 << 20) + p->second_offset;
    const int32_t first = *input++ * (1 << 19) + p->offset;
    const int32_t sum = first + parsimony_scale(second, p->second_multiplier, p->second_shift);
    *output++ = parsimony_requantise(sum, p->multiplier, p->shift, p->output_zero_point, p->lowest, p->highest);
  }
#endif
}
/* -- to here -- */
