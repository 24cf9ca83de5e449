#pragma once

#include <cstdint>

#include "parsimony/ir/graph.hpp"

namespace parsimony::nn {

/// Windows over `cases` planes, channels last: inputs [cases, height_in, width_in, ld_in], outputs [cases,
/// height_out, width_out, ld_out]. A series is a plane of height 1, its window lies across.
struct Planes {
  std::int64_t cases = 0;
  int height_in = 1, width_in = 0, height_out = 1, width_out = 0;
  int ld_in = 0, ld_out = 0;
  int channels_in = 0;  ///< of the ld_in that are not padding
  ir::Window down, across;

  int positions_in() const { return height_in * width_in; }
  int positions_out() const { return height_out * width_out; }
  int taps() const { return down.kernel * across.kernel; }
  /// Whether the windows are the input's rows as they lie in memory.
  bool is_pointwise() const { return down == ir::Window{} && across == ir::Window{}; }
};

/// Indices [first, last).
struct Span {
  int first = 0, last = 0;
};

/// Taps of output `index` that fall inside `length` inputs.
Span taps_inside(const ir::Window& window, int length, int index);

/// Depthwise: y[b, l, c] = Σ_t w[t, c] · x[b, the input under tap t of output l, c], 0 outside; w [taps, ld].
template <typename T>
void depthwise_forward(const Planes& planes, const T* x, const T* w, T* y);

/// dx of the same. `scratch` [taps, ld] is overwritten.
template <typename T>
void depthwise_input_gradient(const Planes& planes, const T* dy, const T* w, T* scratch, T* dx);

/// dw += of the same.
template <typename T>
void depthwise_weight_gradient(const Planes& planes, const T* x, const T* dy, T* dw);

/// y = the mean, or the largest, of the taps inside the input.
template <typename T>
void average_pool_forward(const Planes& planes, const T* x, T* y);
template <typename T>
void max_pool_forward(const Planes& planes, const T* x, T* y);

/// dx of the same; of equal largest taps the first one takes the gradient.
template <typename T>
void average_pool_gradient(const Planes& planes, const T* dy, T* dx);
template <typename T>
void max_pool_gradient(const Planes& planes, const T* x, const T* dy, T* dx);

}  // namespace parsimony::nn
