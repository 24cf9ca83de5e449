#ifndef PARSIMONY_FEATURES_LOG_MEL_KERNEL_H
#define PARSIMONY_FEATURES_LOG_MEL_KERNEL_H
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/* As struct parsimony_log_mel of runtime/kernels/log_mel.c. */
struct parsimony_features_tables {
  const uint16_t *window, *sine, *weights, *edges;
  uint16_t frame, bands, fft;
};

/* One frame by the functions of runtime/kernels/log_mel.c. samples: [frame]; scratch: [fft]; row: [bands]. */
void parsimony_features_frame(const struct parsimony_features_tables *tables, const int16_t *samples, int16_t *scratch,
                              float *row);

#ifdef __cplusplus
}
#endif
#endif
