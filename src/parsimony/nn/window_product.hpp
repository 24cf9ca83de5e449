#pragma once

#include <cstdint>

#include "parsimony/nn/convolution_kernels.hpp"

namespace parsimony::nn {

/// Rows and columns of zeros around a plane.
struct Halo {
  int above = 0, below = 0, before = 0, after = 0;

  bool empty() const { return above + below + before + after == 0; }
};

/// What windows reach beyond their inputs.
Halo input_halo(const Planes& planes);
/// What the gradient of the inputs reaches beyond the gradients of the outputs.
Halo gradient_halo(const Planes& planes);

/// Planes in memory, [cases, height, width, ld].
struct Extent {
  std::int64_t cases = 0;
  int height = 0, width = 0, ld = 0;

  Extent with(const Halo& halo) const;
  std::int64_t count() const { return cases * height * width * ld; }
};
Extent input_extent(const Planes& planes);
Extent output_extent(const Planes& planes);

/// `x` with the zeros around each plane, in `scratch` unless there are none.
template <typename T>
const T* with_halo(const Extent& extent, const Halo& halo, const T* x, T* scratch);

/// z = windows(x) · w; x with its input_halo, w [taps, channels_in, ld_out].
template <typename T>
void convolve(const Planes& planes, const T* x, const T* w, T* z);

/// dw += windows(x)ᵀ · dz, of the same.
template <typename T>
void convolution_weight_gradient(const Planes& planes, const T* x, const T* dz, T* dw);

/// dx of the same; dz with its gradient_halo, `w` transposed to [taps, channels_out, ld_in].
template <typename T>
void convolution_input_gradient(const Planes& planes, int channels_out, const T* dz, const T* w, T* dx);

}  // namespace parsimony::nn
