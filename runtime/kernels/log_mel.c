/* SPDX-License-Identifier: 0BSD */
#include "quantize_values.c"
/* -- copied from here -- */
/* Sound to log-mel features, in integers (docs/audio.md has the arithmetic in words):
 *   a frame's samples times a Hann window, scaled by a power of two so that the largest has 14 bits
 *   -> FFT of 16 bits whose stages halve or quarter when their values could leave 16 bits
 *   -> |X|^2 in 32 bits -> triangles over the mel scale, summed in 64 bits -> log2 by table.
 * A feature is 256 log2 of a band's energy in squares of a sample's unit, 0 where that is below 1. */
struct parsimony_log_mel {
  const uint16_t *window;  /* its first half, the other mirrors it; Q15 */
  const uint16_t *sine;    /* [fft / 4 + 1] of 2 pi k / fft; Q15 */
  const uint16_t *weights; /* of each bin from edges[0] on: its share of the band that rises there; Q15 */
  const uint16_t *edges;   /* [bands + 2]: between edges[j] and edges[j + 1] band j rises and band j - 1 falls */
  const struct parsimony_quantize_values *normalisation; /* of one frame */
  uint32_t input;   /* where in the arena the network's input lies */
  uint32_t scratch; /* and 2 fft + 4 bands bytes */
  uint16_t frames;
  uint16_t frame; /* samples of it, at most fft */
  uint16_t hop;
  uint16_t bands;
  uint16_t fft; /* a power of two */
};

/* The leading bits of a magnitude: x, or -1 - x below 0. */
PARSIMONY_INLINE uint32_t parsimony_magnitude(int32_t x)
{
  return (uint32_t)(x ^ (x >> 31));
}

PARSIMONY_INLINE int32_t parsimony_windowed(const struct parsimony_log_mel *p, const int16_t *samples, int32_t n)
{
  return samples[n] * (int32_t)p->window[2 * n < p->frame ? n : p->frame - 1 - n];
}

/* Samples times window, within -2^14 ... 2^14, and silence up to the FFT's length. They are the true ones times 2 to
 * the number returned, 14 at most. */
PARSIMONY_KERNEL int32_t parsimony_log_mel_window(const struct parsimony_log_mel *p, const int16_t *samples, int16_t *x)
{
  uint32_t bits = 0;
  int32_t shift = 1;
  int32_t n;
  for (n = 0; n < p->frame; ++n) {
    bits |= parsimony_magnitude(parsimony_windowed(p, samples, n));
  }
  for (; bits >= 32768u; bits >>= 1) {
    ++shift;
  }
  for (n = 0; n < p->frame; ++n) {
    x[n] = (int16_t)((parsimony_windowed(p, samples, n) + (1 << (shift - 1))) >> shift);
  }
  for (; n < p->fft; ++n) {
    x[n] = 0;
  }
  return 15 - shift;
}

PARSIMONY_INLINE int32_t parsimony_cosine(const struct parsimony_log_mel *p, int32_t k)
{
  const int32_t quarter = p->fft / 4;
  return k <= quarter ? p->sine[quarter - k] : -(int32_t)p->sine[k - quarter];
}

PARSIMONY_INLINE int32_t parsimony_sine(const struct parsimony_log_mel *p, int32_t k)
{
  return p->sine[2 * k <= p->fft / 2 ? k : p->fft / 2 - k];
}

/* In place, fft / 2 complex points: the samples of even number are real parts, those of odd number imaginary ones.
 * Butterflies of two; before each stage the values lie within -19779 ... 19779, which keeps every sum in 32 bits; a
 * stage shifts by 0, 1 or 2 where they have up to 13, 14 or 15 bits, and rounds once, half up. */
PARSIMONY_KERNEL int32_t parsimony_log_mel_fft(const struct parsimony_log_mel *p, int16_t *x, int32_t scale)
{
  const int32_t points = p->fft / 2;
  uint32_t bits = 16383; /* the window's */
  int32_t half, step, k, reversed = 0;
  for (k = 1; k < points; ++k) {
    int32_t bit = points >> 1;
    for (; (reversed & bit) != 0; bit >>= 1) {
      reversed ^= bit;
    }
    reversed ^= bit;
    if (k < reversed) {
      const int16_t real = x[2 * k], imaginary = x[2 * k + 1];
      x[2 * k] = x[2 * reversed];
      x[2 * k + 1] = x[2 * reversed + 1];
      x[2 * reversed] = real;
      x[2 * reversed + 1] = imaginary;
    }
  }
  for (half = 1, step = points; half < points; half *= 2, step >>= 1) {
    const int32_t shift = bits < 8192u ? 0 : bits < 16384u ? 1 : 2;
    const int32_t rounding = 1 << (14 + shift);
    bits = 0;
    scale -= shift;
    for (k = 0; k < half; ++k) {
      const int32_t cosine = parsimony_cosine(p, k * step), sine = parsimony_sine(p, k * step);
      int32_t n;
      for (n = 2 * k; n < 2 * points; n += 4 * half) {
        int16_t *const a = x + n, *const b = a + 2 * half;
        const int32_t real = b[0] * cosine + b[1] * sine, imaginary = b[1] * cosine - b[0] * sine;
        const int32_t up = a[0] * 32768 + rounding, side = a[1] * 32768 + rounding;
        a[0] = (int16_t)((up + real) >> (15 + shift));
        a[1] = (int16_t)((side + imaginary) >> (15 + shift));
        b[0] = (int16_t)((up - real) >> (15 + shift));
        b[1] = (int16_t)((side - imaginary) >> (15 + shift));
        bits |= parsimony_magnitude(a[0]) | parsimony_magnitude(a[1]) | parsimony_magnitude(b[0]) |
                parsimony_magnitude(b[1]);
      }
    }
  }
  return scale;
}

/* |X|^2 of bin k, 0 < k < fft / 2, of the real samples, from the complex points k and fft / 2 - k: below 2^31. */
PARSIMONY_INLINE uint32_t parsimony_power(const struct parsimony_log_mel *p, const int16_t *x, int32_t k)
{
  const int16_t *const a = x + 2 * k, *const b = x + p->fft - 2 * k;
  const int32_t cosine = parsimony_cosine(p, k), sine = parsimony_sine(p, k);
  const int32_t odd_real = a[0] - b[0], odd_imaginary = a[1] + b[1];
  const int32_t turned_real = odd_imaginary * cosine - odd_real * sine;
  const int32_t turned_imaginary = -odd_real * cosine - odd_imaginary * sine;
  const int32_t real = ((a[0] + b[0]) * 16384 + (turned_real >> 1) + 16384) >> 15;
  const int32_t imaginary = ((a[1] - b[1]) * 16384 + (turned_imaginary >> 1) + 16384) >> 15;
  return (uint32_t)(real * real) + (uint32_t)(imaginary * imaginary);
}

/* 256 log2(energy 2^(-15 - 2 scale)), rounded; 0 where that is negative. */
PARSIMONY_INLINE int32_t parsimony_log2(uint64_t energy, int32_t scale)
{
  static const uint16_t table[33] = { /* 32768 log2(1 + k / 32) */
    0, 1455, 2866, 4236, 5568, 6863, 8124, 9352, 10549, 11716, 12855, 13968, 15055, 16117, 17156, 18173, 19168, 20143,
    21098, 22034, 22952, 23852, 24736, 25604, 26455, 27292, 28114, 28922, 29717, 30498, 31267, 32024, 32768};
  uint32_t high = (uint32_t)(energy >> 32), low = (uint32_t)energy;
  int32_t whole = 63 - 15 - 2 * scale;
  int32_t bits, index, value;
  if (high == 0u) {
    high = low;
    low = 0;
    whole -= 32;
  }
  if (high == 0u) {
    return 0;
  }
  for (bits = 16; bits > 0; bits >>= 1) { /* until the leading bit is the highest */
    if (high >> (32 - bits) == 0u) {
      high = high << bits | low >> (32 - bits);
      low <<= bits;
      whole -= bits;
    }
  }
  index = (int32_t)(high >> 26 & 31u);
  value = table[index] + (((table[index + 1] - table[index]) * (int32_t)(high >> 11 & 32767u)) >> 15);
  value = (whole * 32768 + value + 64) >> 7;
  return value > 0 ? value : 0;
}

/* row[bands]: each band's feature. */
PARSIMONY_KERNEL void parsimony_log_mel_bands(const struct parsimony_log_mel *p, const int16_t *x, int32_t scale,
                                              float *row)
{
  const uint16_t *weight = p->weights;
  uint64_t risen = 0; /* what band - 1 has of the bins before its middle */
  int32_t band, k = p->edges[0];
  for (band = 0; band <= p->bands; ++band) {
    uint64_t rising = 0, falling = 0;
    for (; k < p->edges[band + 1]; ++k) {
      const uint32_t power = parsimony_power(p, x, k), share = *weight++;
      rising += (uint64_t)power * share;
      falling += (uint64_t)power * (32768u - share);
    }
    if (band > 0) {
      row[band - 1] = (float)parsimony_log2(risen + falling, scale);
    }
    risen = rising;
  }
}

/* One frame's features as a row of the network's input. */
PARSIMONY_KERNEL void parsimony_log_mel_frame(const struct parsimony_log_mel *p, int8_t *arena, const int16_t *samples,
                                              int8_t *row)
{
  int16_t *const x = (int16_t *)(void *)(arena + p->scratch);
  float *const features = (float *)(void *)(x + p->fft);
  int32_t scale = parsimony_log_mel_window(p, samples, x);
  scale = parsimony_log_mel_fft(p, x, scale);
  parsimony_log_mel_bands(p, x, scale, features);
  parsimony_quantize_values(p->normalisation, features, row);
}

/* The network's input, whole. */
PARSIMONY_KERNEL void parsimony_log_mel(const struct parsimony_log_mel *p, int8_t *arena, const int16_t *samples)
{
  int8_t *row = arena + p->input;
  int32_t frame;
  for (frame = 0; frame < p->frames; ++frame, samples += p->hop, row += p->bands) {
    parsimony_log_mel_frame(p, arena, samples, row);
  }
}
/* -- to here -- */
