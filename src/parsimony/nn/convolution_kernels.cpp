#include "parsimony/nn/convolution_kernels.hpp"

#include <algorithm>
#include <cstring>

#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

/// Outputs [first, last) whose whole window lies inside the input.
struct Inside {
  int first = 0, last = 0;
};
Inside whole_windows(const Series& s) {
  const auto& w = s.window;
  const int first = std::min(s.length_out, (w.pad_before + w.stride - 1) / w.stride);
  const int room = s.length_in + w.pad_before - w.kernel;
  const int last = room < 0 ? 0 : std::min(s.length_out, room / w.stride + 1);
  return {first, std::max(first, last)};
}

/// Taps [first, last) of output l that fall inside the input.
Inside taps_inside(const Series& s, int l) {
  const int start = l * s.window.stride - s.window.pad_before;
  return {std::clamp(-start, 0, s.window.kernel), std::clamp(s.length_in - start, 0, s.window.kernel)};
}

template <typename T>
Vector<T> edge_output(const Series& s, int l, const T* x, const T* w, int ld) {
  const Inside taps = taps_inside(s, l);
  Vector<T> sum{};
  for (int t = taps.first; t < taps.last; ++t)
    sum += at(w + t * ld) * at(x + std::int64_t{l * s.window.stride - s.window.pad_before + t} * ld);
  return sum;
}

/// One vector of channels of one series; `Kernel` taps in registers, 0: any number.
template <typename T, int Kernel>
void forward_lane(const Series& s, const T* x, const T* w, T* y, int ld) {
  const Inside inside = whole_windows(s);
  for (int l = 0; l < inside.first; ++l) at(y + std::int64_t{l} * ld) = edge_output(s, l, x, w, ld);
  if constexpr (Kernel > 0) {
    Vector<T> weights[Kernel];
    for (int t = 0; t < Kernel; ++t) weights[t] = at(w + t * ld);
    const std::int64_t step = std::int64_t{s.window.stride} * ld;
    const T* from = x + (inside.first * s.window.stride - s.window.pad_before) * std::int64_t{ld};
    for (int l = inside.first; l < inside.last; ++l, from += step) {
      Vector<T> sum = weights[0] * at(from);
#pragma GCC unroll 8
      for (int t = 1; t < Kernel; ++t) sum += weights[t] * at(from + t * ld);
      at(y + std::int64_t{l} * ld) = sum;
    }
  } else {
    for (int l = inside.first; l < inside.last; ++l)
      at(y + std::int64_t{l} * ld) = edge_output(s, l, x, w, ld);
  }
  for (int l = inside.last; l < s.length_out; ++l) at(y + std::int64_t{l} * ld) = edge_output(s, l, x, w, ld);
}

template <typename T>
void forward(const Series& s, const T* x, const T* w, T* y) {
  const int ld = s.ld_in;
  for (std::int64_t b = 0; b < s.cases; ++b)
    for (int c = 0; c < ld; c += kLanes<T>) {
      const T* from = x + b * s.length_in * ld + c;
      T* to = y + b * s.length_out * ld + c;
      if (s.window.kernel == 3)
        forward_lane<T, 3>(s, from, w + c, to, ld);
      else if (s.window.kernel == 5)
        forward_lane<T, 5>(s, from, w + c, to, ld);
      else
        forward_lane<T, 0>(s, from, w + c, to, ld);
    }
}

/// Stride 1: the gradient is a convolution with the taps reversed and the padding turned inside out.
template <typename T>
void input_gradient_by_reversal(const Series& s, const T* dy, const T* w, T* scratch, T* dx) {
  const int ld = s.ld_in;
  for (int t = 0; t < s.window.kernel; ++t)
    std::memcpy(scratch + t * ld, w + (s.window.kernel - 1 - t) * ld,
                sizeof(T) * static_cast<std::size_t>(ld));
  Series reversed = s;
  std::swap(reversed.length_in, reversed.length_out);
  reversed.window.pad_before = s.window.kernel - 1 - s.window.pad_before;
  forward(reversed, dy, scratch, dx);
}

template <typename T, int Kernel>
void weight_gradient_lane(const Series& s, const T* x, const T* dy, T* dw, int ld) {
  const Inside inside = whole_windows(s);
  const auto edge = [&](int l) {
    const Inside taps = taps_inside(s, l);
    for (int t = taps.first; t < taps.last; ++t)
      at(dw + t * ld) += at(dy + std::int64_t{l} * ld) *
                         at(x + std::int64_t{l * s.window.stride - s.window.pad_before + t} * ld);
  };
  for (int l = 0; l < inside.first; ++l) edge(l);
  if constexpr (Kernel > 0) {
    Vector<T> sums[Kernel];
    for (int t = 0; t < Kernel; ++t) sums[t] = at(dw + t * ld);
    const std::int64_t step = std::int64_t{s.window.stride} * ld;
    const T* from = x + (inside.first * s.window.stride - s.window.pad_before) * std::int64_t{ld};
    for (int l = inside.first; l < inside.last; ++l, from += step) {
      const Vector<T> gradient = at(dy + std::int64_t{l} * ld);
#pragma GCC unroll 8
      for (int t = 0; t < Kernel; ++t) sums[t] += gradient * at(from + t * ld);
    }
    for (int t = 0; t < Kernel; ++t) at(dw + t * ld) = sums[t];
  } else {
    for (int l = inside.first; l < inside.last; ++l) edge(l);
  }
  for (int l = inside.last; l < s.length_out; ++l) edge(l);
}

}  // namespace

template <typename T>
void depthwise_forward(const Series& series, const T* x, const T* w, T* y) {
  forward(series, x, w, y);
}

template <typename T>
void depthwise_input_gradient(const Series& s, const T* dy, const T* w, T* scratch, T* dx) {
  if (s.window.stride == 1) return input_gradient_by_reversal(s, dy, w, scratch, dx);
  const int ld = s.ld_in;
  std::memset(dx, 0, sizeof(T) * static_cast<std::size_t>(s.cases * s.length_in * ld));
  for (std::int64_t b = 0; b < s.cases; ++b)
    for (int l = 0; l < s.length_out; ++l) {
      const Inside taps = taps_inside(s, l);
      const T* from = dy + (b * s.length_out + l) * ld;
      for (int t = taps.first; t < taps.last; ++t) {
        T* to = dx + (b * s.length_in + l * s.window.stride - s.window.pad_before + t) * ld;
        for (int c = 0; c < ld; c += kLanes<T>) at(to + c) += at(w + t * ld + c) * at(from + c);
      }
    }
}

template <typename T>
void depthwise_weight_gradient(const Series& s, const T* x, const T* dy, T* dw) {
  const int ld = s.ld_in;
  for (std::int64_t b = 0; b < s.cases; ++b)
    for (int c = 0; c < ld; c += kLanes<T>) {
      const T* from = x + b * s.length_in * ld + c;
      const T* gradient = dy + b * s.length_out * ld + c;
      if (s.window.kernel == 3)
        weight_gradient_lane<T, 3>(s, from, gradient, dw + c, ld);
      else if (s.window.kernel == 5)
        weight_gradient_lane<T, 5>(s, from, gradient, dw + c, ld);
      else
        weight_gradient_lane<T, 0>(s, from, gradient, dw + c, ld);
    }
}

bool is_pointwise(const ir::Window& window) {
  return window == ir::Window{};
}

template <typename T>
void gather_windows(const Series& s, const T* x, T* rows) {
  const std::size_t step = sizeof(T) * static_cast<std::size_t>(s.channels_in);
  for (std::int64_t b = 0; b < s.cases; ++b)
    for (int l = 0; l < s.length_out; ++l)
      for (int t = 0; t < s.window.kernel; ++t, rows += s.channels_in) {
        const int position = l * s.window.stride - s.window.pad_before + t;
        const bool inside = position >= 0 && position < s.length_in;
        if (inside)
          std::memcpy(rows, x + (b * s.length_in + position) * s.ld_in, step);
        else
          std::memset(rows, 0, step);
      }
}

template <typename T>
void scatter_windows(const Series& s, const T* rows, T* dx) {
  std::memset(dx, 0, sizeof(T) * static_cast<std::size_t>(s.cases * s.length_in * s.ld_in));
  for (std::int64_t b = 0; b < s.cases; ++b)
    for (int l = 0; l < s.length_out; ++l)
      for (int t = 0; t < s.window.kernel; ++t, rows += s.ld_in) {
        const int position = l * s.window.stride - s.window.pad_before + t;
        if (position < 0 || position >= s.length_in) continue;
        T* to = dx + (b * s.length_in + position) * s.ld_in;
        for (int c = 0; c < s.ld_in; c += kLanes<T>) at(to + c) += at(rows + c);
      }
}

#define PARSIMONY_INSTANTIATE(T)                                                        \
  template void depthwise_forward<T>(const Series&, const T*, const T*, T*);            \
  template void depthwise_input_gradient<T>(const Series&, const T*, const T*, T*, T*); \
  template void depthwise_weight_gradient<T>(const Series&, const T*, const T*, T*);    \
  template void gather_windows<T>(const Series&, const T*, T*);                         \
  template void scatter_windows<T>(const Series&, const T*, T*);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
