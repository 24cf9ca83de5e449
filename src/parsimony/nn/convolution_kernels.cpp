#include "parsimony/nn/convolution_kernels.hpp"

#include <algorithm>
#include <cstring>

#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

/// Outputs along an axis whose whole window lies inside the input.
Span whole_windows(const ir::Window& w, int length_in, int length_out) {
  const int first = std::clamp((w.pad_before + w.stride - 1) / w.stride, 0, length_out);
  const int room = length_in + w.pad_before - static_cast<int>(w.span());
  const int last = room < 0 ? 0 : std::min(length_out, room / w.stride + 1);
  return {first, std::max(first, last)};
}

/// One row of windows over one row of inputs.
struct Row {
  ir::Window window;
  int length_in = 0, length_out = 0, ld = 0;
  Span whole;
  std::int64_t tap = 0;  ///< from one tap's input to the next

  /// Under tap 0 of output `l`; it may lie before x.
  template <typename T>
  const T* first_input(const T* x, int l) const {
    return x + std::int64_t{l * window.stride - window.pad_before} * ld;
  }
};
Row row_of(const Planes& p) {
  return {p.across,
          p.width_in,
          p.width_out,
          p.ld_in,
          whole_windows(p.across, p.width_in, p.width_out),
          std::int64_t{p.across.dilation} * p.ld_in};
}

template <typename T>
Vector<T> edge_output(const Row& row, int l, const T* x, const T* w) {
  const Span taps = taps_inside(row.window, row.length_in, l);
  Vector<T> sum{};
  for (int t = taps.first; t < taps.last; ++t)
    sum += at(w + t * row.ld) * at(row.first_input(x, l) + t * row.tap);
  return sum;
}

/// One vector of channels of one row; `Kernel` taps in registers, 0: any number; `Adds` to y or sets it.
template <typename T, int Kernel, bool Adds>
void forward_lane(const Row& row, const T* x, const T* w, T* y) {
  const int ld = row.ld;
  const auto put = [&](int l, Vector<T> sum) {
    Vector<T>& to = at(y + std::int64_t{l} * ld);
    to = Adds ? to + sum : sum;
  };
  for (int l = 0; l < row.whole.first; ++l) put(l, edge_output(row, l, x, w));
  if constexpr (Kernel > 0) {
    Vector<T> weights[Kernel];
    for (int t = 0; t < Kernel; ++t) weights[t] = at(w + t * ld);
    const std::int64_t step = std::int64_t{row.window.stride} * ld;
    const T* from = row.first_input(x, row.whole.first);
    for (int l = row.whole.first; l < row.whole.last; ++l, from += step) {
      Vector<T> sum = weights[0] * at(from);
#pragma GCC unroll 8
      for (int t = 1; t < Kernel; ++t) sum += weights[t] * at(from + t * row.tap);
      put(l, sum);
    }
  } else {
    for (int l = row.whole.first; l < row.whole.last; ++l) put(l, edge_output(row, l, x, w));
  }
  for (int l = row.whole.last; l < row.length_out; ++l) put(l, edge_output(row, l, x, w));
}

template <typename T, bool Adds>
void forward_row(const Row& row, const T* x, const T* w, T* y) {
  if (row.window.kernel == 3) return forward_lane<T, 3, Adds>(row, x, w, y);
  if (row.window.kernel == 5) return forward_lane<T, 5, Adds>(row, x, w, y);
  forward_lane<T, 0, Adds>(row, x, w, y);
}

template <typename T>
void clear_lane(const Row& row, T* y) {
  for (int l = 0; l < row.length_out; ++l) at(y + std::int64_t{l} * row.ld) = Vector<T>{};
}

/// Calls body(input row, tap row, output row) for one vector of channels `c`: every row of taps inside the
/// input.
template <typename Body>
void for_tap_rows(const Planes& p, std::int64_t b, int h, const Body& body) {
  const Span taps = taps_inside(p.down, p.height_in, h);
  for (int r = taps.first; r < taps.last; ++r)
    body(b * p.height_in + h * p.down.stride - p.down.pad_before + r * p.down.dilation, r,
         b * p.height_out + h);
}

template <typename T>
void forward(const Planes& p, const T* x, const T* w, T* y) {
  const Row row = row_of(p);
  const int ld = p.ld_in;
  for (std::int64_t b = 0; b < p.cases; ++b)
    for (int c = 0; c < ld; c += kLanes<T>)
      for (int h = 0; h < p.height_out; ++h) {
        bool begun = false;
        for_tap_rows(p, b, h, [&](std::int64_t in, int r, std::int64_t out) {
          const T* from = x + in * p.width_in * ld + c;
          const T* taps = w + r * p.across.kernel * ld + c;
          T* to = y + out * p.width_out * ld + c;
          begun ? forward_row<T, true>(row, from, taps, to) : forward_row<T, false>(row, from, taps, to);
          begun = true;
        });
        if (!begun) clear_lane(row, y + (b * p.height_out + h) * p.width_out * ld + c);
      }
}

/// Stride 1: the gradient is a convolution with the taps reversed and the padding turned inside out.
template <typename T>
void input_gradient_by_reversal(const Planes& p, const T* dy, const T* w, T* scratch, T* dx) {
  const int ld = p.ld_in, taps = p.taps();
  for (int t = 0; t < taps; ++t)
    std::memcpy(scratch + t * ld, w + (taps - 1 - t) * ld, sizeof(T) * static_cast<std::size_t>(ld));
  Planes reversed = p;
  std::swap(reversed.width_in, reversed.width_out);
  std::swap(reversed.height_in, reversed.height_out);
  reversed.across.pad_before = static_cast<int>(p.across.span()) - 1 - p.across.pad_before;
  reversed.down.pad_before = static_cast<int>(p.down.span()) - 1 - p.down.pad_before;
  forward(reversed, dy, scratch, dx);
}

template <typename T, int Kernel>
void weight_gradient_lane(const Row& row, const T* x, const T* dy, T* dw) {
  const int ld = row.ld;
  const auto edge = [&](int l) {
    const Span taps = taps_inside(row.window, row.length_in, l);
    for (int t = taps.first; t < taps.last; ++t)
      at(dw + t * ld) += at(dy + std::int64_t{l} * ld) * at(row.first_input(x, l) + t * row.tap);
  };
  for (int l = 0; l < row.whole.first; ++l) edge(l);
  if constexpr (Kernel > 0) {
    Vector<T> sums[Kernel];
    for (int t = 0; t < Kernel; ++t) sums[t] = at(dw + t * ld);
    const std::int64_t step = std::int64_t{row.window.stride} * ld;
    const T* from = row.first_input(x, row.whole.first);
    for (int l = row.whole.first; l < row.whole.last; ++l, from += step) {
      const Vector<T> gradient = at(dy + std::int64_t{l} * ld);
#pragma GCC unroll 8
      for (int t = 0; t < Kernel; ++t) sums[t] += gradient * at(from + t * row.tap);
    }
    for (int t = 0; t < Kernel; ++t) at(dw + t * ld) = sums[t];
  } else {
    for (int l = row.whole.first; l < row.whole.last; ++l) edge(l);
  }
  for (int l = row.whole.last; l < row.length_out; ++l) edge(l);
}

/// Calls body(tap, input position or −1) for the taps of one output, in the order of the weights.
template <typename Body>
void for_taps(const Planes& p, int h, int w, const Body& body) {
  for (int r = 0, tap = 0; r < p.down.kernel; ++r) {
    const int y = h * p.down.stride - p.down.pad_before + r * p.down.dilation;
    for (int t = 0; t < p.across.kernel; ++t, ++tap) {
      const int x = w * p.across.stride - p.across.pad_before + t * p.across.dilation;
      const bool inside = y >= 0 && y < p.height_in && x >= 0 && x < p.width_in;
      body(tap, inside ? std::int64_t{y} * p.width_in + x : -1);
    }
  }
}

}  // namespace

Span taps_inside(const ir::Window& window, int length, int index) {
  const int start = index * window.stride - window.pad_before;
  const auto taps_before = [&](int position) {  // that lie before it
    return position <= 0 ? 0 : std::min((position + window.dilation - 1) / window.dilation, window.kernel);
  };
  return {taps_before(-start), taps_before(length - start)};
}

template <typename T>
void depthwise_forward(const Planes& planes, const T* x, const T* w, T* y) {
  forward(planes, x, w, y);
}

template <typename T>
void depthwise_input_gradient(const Planes& p, const T* dy, const T* w, T* scratch, T* dx) {
  if (p.down.stride == 1 && p.across.stride == 1) return input_gradient_by_reversal(p, dy, w, scratch, dx);
  const int ld = p.ld_in;
  std::memset(dx, 0, sizeof(T) * static_cast<std::size_t>(p.cases * p.positions_in() * ld));
  for (std::int64_t b = 0; b < p.cases; ++b)
    for (int h = 0; h < p.height_out; ++h)
      for (int v = 0; v < p.width_out; ++v) {
        const T* from = dy + (b * p.positions_out() + h * p.width_out + v) * ld;
        for_taps(p, h, v, [&](int tap, std::int64_t position) {
          if (position < 0) return;
          T* to = dx + (b * p.positions_in() + position) * ld;
          for (int c = 0; c < ld; c += kLanes<T>) at(to + c) += at(w + tap * ld + c) * at(from + c);
        });
      }
}

template <typename T>
void depthwise_weight_gradient(const Planes& p, const T* x, const T* dy, T* dw) {
  const Row row = row_of(p);
  const int ld = p.ld_in;
  for (std::int64_t b = 0; b < p.cases; ++b)
    for (int c = 0; c < ld; c += kLanes<T>)
      for (int h = 0; h < p.height_out; ++h)
        for_tap_rows(p, b, h, [&](std::int64_t in, int r, std::int64_t out) {
          const T* from = x + in * p.width_in * ld + c;
          const T* gradient = dy + out * p.width_out * ld + c;
          T* to = dw + r * p.across.kernel * ld + c;
          if (p.across.kernel == 3)
            weight_gradient_lane<T, 3>(row, from, gradient, to);
          else if (p.across.kernel == 5)
            weight_gradient_lane<T, 5>(row, from, gradient, to);
          else
            weight_gradient_lane<T, 0>(row, from, gradient, to);
        });
}

#define PARSIMONY_INSTANTIATE(T)                                                        \
  template void depthwise_forward<T>(const Planes&, const T*, const T*, T*);            \
  template void depthwise_input_gradient<T>(const Planes&, const T*, const T*, T*, T*); \
  template void depthwise_weight_gradient<T>(const Planes&, const T*, const T*, T*);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
