/* SPDX-License-Identifier: 0BSD */
#ifndef PARSIMONY_KERNELS_COMMON_H
#define PARSIMONY_KERNELS_COMMON_H
#include <stdint.h>
#ifndef PARSIMONY_CODE
#define PARSIMONY_CODE
#endif
/* -- copied from here -- */
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
/* -- to here -- */
#endif
