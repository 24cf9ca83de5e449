#pragma once

#include <cstdint>

#include "parsimony/ir/graph.hpp"

namespace parsimony::nn {

/// Windows over `cases` series, channels last: inputs [cases, length_in, ld_in], outputs [cases, length_out,
/// ld_out].
struct Series {
  std::int64_t cases = 0;
  int length_in = 0, length_out = 0;
  int ld_in = 0, ld_out = 0;
  int channels_in = 0;  ///< of the ld_in that are not padding
  ir::Window window;
};

/// Depthwise: y[b, l, c] = Σ_t w[t, c] · x[b, l·stride − pad_before + t, c], 0 outside; w [kernel, ld].
template <typename T>
void depthwise_forward(const Series& series, const T* x, const T* w, T* y);

/// dx of the same. `scratch` [kernel, ld] is overwritten.
template <typename T>
void depthwise_input_gradient(const Series& series, const T* dy, const T* w, T* scratch, T* dx);

/// dw += of the same.
template <typename T>
void depthwise_weight_gradient(const Series& series, const T* x, const T* dy, T* dw);

/// Whether a convolution's windows are its input's rows as they lie in memory.
bool is_pointwise(const ir::Window& window);

/// rows [cases·length_out, kernel·channels_in]: each output's window, 0 outside; a convolution is their
/// product with weights [kernel·channels_in, ld_out].
template <typename T>
void gather_windows(const Series& series, const T* x, T* rows);

/// dx += sums of the windows' gradients, rows [cases·length_out, kernel·ld_in]; clears dx first.
template <typename T>
void scatter_windows(const Series& series, const T* rows, T* dx);

}  // namespace parsimony::nn
