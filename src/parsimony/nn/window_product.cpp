#include "parsimony/nn/window_product.hpp"

#include <algorithm>
#include <cstring>

#include "parsimony/nn/gemm.hpp"

namespace parsimony::nn {
namespace {

int reach_after(const ir::Window& window, int length_in, int length_out) {
  const int span = (window.kernel - 1) * window.dilation + 1;
  return std::max(0, (length_out - 1) * window.stride + span - window.pad_before - length_in);
}

/// Steps over the inputs with their halo, the outputs and the weights of a convolution.
struct WindowSteps {
  std::int64_t plane = 0;   ///< from an input plane to the next
  std::int64_t window = 0;  ///< from a window to the next in its row
  Steps windows, taps, outputs, weights;

  explicit WindowSteps(const Planes& p) {
    const Extent in = input_extent(p).with(input_halo(p));
    const std::int64_t row = std::int64_t{in.width} * in.ld, tap = std::int64_t{p.channels_in} * p.ld_out;
    plane = in.height * row;
    window = std::int64_t{p.across.stride} * in.ld;
    windows = {plane, p.down.stride * row};
    taps = {p.down.dilation * row, std::int64_t{p.across.dilation} * in.ld};
    outputs = {std::int64_t{p.positions_out()} * p.ld_out, std::int64_t{p.width_out} * p.ld_out};
    weights = {p.across.kernel * tap, tap};
  }
};

/// Windows that are whole inputs, one a case: the cases are the rows of one product.
bool is_one_window(const Planes& p) {
  return p.positions_out() == 1 && input_halo(p).empty();
}

/// The inputs of one axis at first, first + stride, …: what they take from the outputs, by every stride-th
/// tap. Dilated windows have stride 1 and one phase.
struct Phase {
  int first = 0;   ///< index of the first input
  int count = 0;   ///< inputs
  int tap = 0;     ///< the first tap that meets them
  int taps = 0;    ///< how many do
  int output = 0;  ///< that which meets the first input with the first tap
  int step = 0;    ///< from there to that which meets it with the next tap
};
Phase phase_of(const ir::Window& window, int length_in, int number) {
  Phase phase;
  phase.first = number;
  phase.count = length_in > number ? (length_in - number - 1) / window.stride + 1 : 0;
  phase.tap = (number + window.pad_before) % window.stride;
  phase.taps = phase.tap < window.kernel ? (window.kernel - phase.tap - 1) / window.stride + 1 : 0;
  phase.output = (number + window.pad_before) / window.stride;
  phase.step = -window.dilation;
  return phase;
}

/// dx of inputs of one phase along each axis.
template <typename T>
void phase_gradient(const Planes& p, const Phase& down, const Phase& across, Product<T> product) {
  const Halo halo = gradient_halo(p);
  const Extent dz = output_extent(p).with(halo);
  const std::int64_t ld_in = p.ld_in, ld_out = p.ld_out, dz_row = dz.width * ld_out;
  const std::int64_t tap = product.depth * ld_in;
  product.rows = across.count;
  product.a += (halo.above + down.output) * dz_row + (halo.before + across.output) * ld_out;
  product.a_row = ld_out;
  product.b += (down.tap * p.across.kernel + across.tap) * tap;
  product.c += (std::int64_t{down.first} * p.width_in + across.first) * ld_in;
  product.c_row = p.across.stride * ld_in;
  product.blocks = {p.cases, down.count};
  product.a_block = {dz.height * dz_row, dz_row};
  product.c_block = {p.positions_in() * ld_in, p.down.stride * p.width_in * ld_in};
  product.segments = {down.taps, across.taps};
  product.a_segment = {down.step * dz_row, across.step * ld_out};
  product.b_segment = {p.down.stride * p.across.kernel * tap, p.across.stride * tap};
  multiply(product);
}

/// Each tap of the only window of a case has an input of its own.
template <typename T>
void one_window_gradient(const Planes& p, Product<T> product) {
  const T* w = product.b;
  T* dx = product.c;
  product.rows = p.cases;
  product.a_row = p.ld_out;
  product.c_row = std::int64_t{p.positions_in()} * p.ld_in;
  for (int r = 0; r < p.down.kernel; ++r)
    for (int t = 0; t < p.across.kernel; ++t) {
      product.b = w + (r * p.across.kernel + t) * product.depth * p.ld_in;
      product.c = dx + (std::int64_t{r} * p.down.dilation * p.width_in + t * p.across.dilation) * p.ld_in;
      multiply(product);
    }
}

}  // namespace

Halo input_halo(const Planes& p) {
  return {p.down.pad_before, reach_after(p.down, p.height_in, p.height_out), p.across.pad_before,
          reach_after(p.across, p.width_in, p.width_out)};
}

Halo gradient_halo(const Planes& p) {
  if (is_one_window(p)) return {};
  const auto before = [](const ir::Window& w) {
    return std::max(0, (w.kernel - 1) * w.dilation - w.pad_before) / w.stride;
  };
  const auto after = [](const ir::Window& w, int length_in, int length_out) {
    return std::max(0, (length_in - 1 + w.pad_before) / w.stride - (length_out - 1));
  };
  return {before(p.down), after(p.down, p.height_in, p.height_out), before(p.across),
          after(p.across, p.width_in, p.width_out)};
}

Extent Extent::with(const Halo& halo) const {
  return {cases, height + halo.above + halo.below, width + halo.before + halo.after, ld};
}
Extent input_extent(const Planes& p) {
  return {p.cases, p.height_in, p.width_in, p.ld_in};
}
Extent output_extent(const Planes& p) {
  return {p.cases, p.height_out, p.width_out, p.ld_out};
}

template <typename T>
const T* with_halo(const Extent& extent, const Halo& halo, const T* x, T* scratch) {
  if (halo.empty()) return x;
  const Extent whole = extent.with(halo);
  const std::int64_t row = std::int64_t{extent.width} * extent.ld,
                     whole_row = std::int64_t{whole.width} * whole.ld;
  T* to = scratch;
  const auto put_zeros = [&](std::int64_t count) { to = std::fill_n(to, count, T(0)); };
  for (std::int64_t b = 0; b < extent.cases; ++b) {
    put_zeros(halo.above * whole_row);
    for (int h = 0; h < extent.height; ++h, x += row) {
      put_zeros(std::int64_t{halo.before} * extent.ld);
      to = std::copy_n(x, row, to);
      put_zeros(std::int64_t{halo.after} * extent.ld);
    }
    put_zeros(halo.below * whole_row);
  }
  return scratch;
}

template <typename T>
void convolve(const Planes& p, const T* x, const T* w, T* z) {
  const WindowSteps steps(p);
  Product<T> product{.rows = p.width_out,
                     .depth = p.channels_in,
                     .width = p.ld_out,
                     .a = x,
                     .a_row = steps.window,
                     .b = w,
                     .b_row = p.ld_out,
                     .c = z,
                     .c_row = p.ld_out,
                     .blocks = {p.cases, p.height_out},
                     .a_block = steps.windows,
                     .c_block = steps.outputs,
                     .segments = {p.down.kernel, p.across.kernel},
                     .a_segment = steps.taps,
                     .b_segment = steps.weights};
  if (is_one_window(p)) {
    product.rows = p.cases;
    product.a_row = steps.plane;
    product.blocks = {};
  }
  multiply(product);
}

template <typename T>
void convolution_weight_gradient(const Planes& p, const T* x, const T* dz, T* dw) {
  const WindowSteps steps(p);
  Product<T> product{.rows = p.channels_in,
                     .depth = p.width_out,
                     .width = p.ld_out,
                     .a = x,
                     .a_row = 1,
                     .a_column = steps.window,
                     .b = dz,
                     .b_row = p.ld_out,
                     .c = dw,
                     .c_row = p.ld_out,
                     .accumulate = true,
                     .blocks = {p.down.kernel, p.across.kernel},
                     .a_block = steps.taps,
                     .c_block = steps.weights,
                     .segments = {p.cases, p.height_out},
                     .a_segment = steps.windows,
                     .b_segment = steps.outputs};
  if (is_one_window(p)) {
    product.depth = p.cases;
    product.a_column = steps.plane;
    product.segments = {};
  }
  multiply(product);
}

template <typename T>
void convolution_input_gradient(const Planes& p, int channels_out, const T* dz, const T* w, T* dx) {
  const Product<T> product{
      .depth = channels_out, .width = p.ld_in, .a = dz, .b = w, .b_row = p.ld_in, .c = dx};
  const auto leaves_out = [](const ir::Window& window) { return window.stride > 1 || window.dilation > 1; };
  if (leaves_out(p.down) || leaves_out(p.across))  // inputs between the windows, between taps or behind them
    std::memset(dx, 0, sizeof(T) * static_cast<std::size_t>(input_extent(p).count()));
  if (is_one_window(p)) return one_window_gradient(p, product);
  for (int y = 0; y < p.down.stride; ++y)
    for (int x = 0; x < p.across.stride; ++x) {
      const Phase down = phase_of(p.down, p.height_in, y), across = phase_of(p.across, p.width_in, x);
      if (down.count * across.count > 0 && down.taps * across.taps > 0)
        phase_gradient(p, down, across, product);
    }
}

#define PARSIMONY_INSTANTIATE(T)                                                       \
  template const T* with_halo<T>(const Extent&, const Halo&, const T*, T*);            \
  template void convolve<T>(const Planes&, const T*, const T*, T*);                    \
  template void convolution_weight_gradient<T>(const Planes&, const T*, const T*, T*); \
  template void convolution_input_gradient<T>(const Planes&, int, const T*, const T*, T*);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
