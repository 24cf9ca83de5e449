#include "kernels/log_mel.c"

#include "parsimony/features/log_mel_kernel.h"

void parsimony_features_frame(const struct parsimony_features_tables *tables, const int16_t *samples, int16_t *scratch,
                              float *row)
{
  struct parsimony_log_mel p = {0};
  int32_t scale;
  p.window = tables->window;
  p.sine = tables->sine;
  p.weights = tables->weights;
  p.edges = tables->edges;
  p.frame = tables->frame;
  p.bands = tables->bands;
  p.fft = tables->fft;
  scale = parsimony_log_mel_window(&p, samples, scratch);
  scale = parsimony_log_mel_fft(&p, scratch, scale);
  parsimony_log_mel_bands(&p, scratch, scale, row);
}
