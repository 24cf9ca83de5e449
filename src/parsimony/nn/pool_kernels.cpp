#include <algorithm>
#include <cstring>

#include "parsimony/nn/convolution_kernels.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

/// One output's taps inside the input, for one vector of its channels.
template <typename T>
struct Taps {
  Span down, across;
  std::int64_t first = 0;  ///< offset of tap (0, 0) in x, inside the input or not
  std::int64_t down_step = 0, across_step = 0;

  int count() const { return (down.last - down.first) * (across.last - across.first); }
  template <typename Body>
  void each(const Body& body) const {
    for (int r = down.first; r < down.last; ++r)
      for (int t = across.first; t < across.last; ++t) body(first + r * down_step + t * across_step);
  }
};

/// Calls body(taps, offset of the output) for every output and vector of channels.
template <typename T, typename Body>
void for_outputs(const Planes& p, const Body& body) {
  Taps<T> taps;
  taps.across_step = p.ld_in;
  taps.down_step = std::int64_t{p.width_in} * p.ld_in;
  for (std::int64_t b = 0; b < p.cases; ++b)
    for (int h = 0; h < p.height_out; ++h)
      for (int w = 0; w < p.width_out; ++w) {
        taps.down = taps_inside(p.down, p.height_in, h);
        taps.across = taps_inside(p.across, p.width_in, w);
        const std::int64_t y = b * p.height_in + h * p.down.stride - p.down.pad_before;
        const std::int64_t x = y * p.width_in + w * p.across.stride - p.across.pad_before;
        const std::int64_t output = (b * p.positions_out() + h * p.width_out + w) * p.ld_out;
        for (int c = 0; c < p.ld_in; c += kLanes<T>) {
          taps.first = x * p.ld_in + c;
          body(taps, output + c);
        }
      }
}

template <typename T>
Vector<T> largest(const Taps<T>& taps, const T* x) {
  Vector<T> result =
      at(x + taps.first + taps.down.first * taps.down_step + taps.across.first * taps.across_step);
  taps.each([&](std::int64_t input) { result = at(x + input) > result ? at(x + input) : result; });
  return result;
}

template <typename T>
void clear(const Planes& p, T* dx) {
  std::memset(dx, 0, sizeof(T) * static_cast<std::size_t>(p.cases * p.positions_in() * p.ld_in));
}

}  // namespace

template <typename T>
void average_pool_forward(const Planes& planes, const T* x, T* y) {
  for_outputs<T>(planes, [&](const Taps<T>& taps, std::int64_t output) {
    Vector<T> sum{};
    taps.each([&](std::int64_t input) { sum += at(x + input); });
    at(y + output) = sum / static_cast<T>(std::max(1, taps.count()));
  });
}

template <typename T>
void average_pool_gradient(const Planes& planes, const T* dy, T* dx) {
  clear(planes, dx);
  for_outputs<T>(planes, [&](const Taps<T>& taps, std::int64_t output) {
    const Vector<T> share = at(dy + output) / static_cast<T>(std::max(1, taps.count()));
    taps.each([&](std::int64_t input) { at(dx + input) += share; });
  });
}

template <typename T>
void max_pool_forward(const Planes& planes, const T* x, T* y) {
  for_outputs<T>(planes,
                 [&](const Taps<T>& taps, std::int64_t output) { at(y + output) = largest(taps, x); });
}

template <typename T>
void max_pool_gradient(const Planes& planes, const T* x, const T* dy, T* dx) {
  clear(planes, dx);
  for_outputs<T>(planes, [&](const Taps<T>& taps, std::int64_t output) {
    const Vector<T> top = largest(taps, x), zero{};
    Vector<T> left = at(dy + output);
    taps.each([&](std::int64_t input) {
      const auto hit = at(x + input) == top;
      at(dx + input) += hit ? left : zero;
      left = hit ? zero : left;
    });
  });
}

#define PARSIMONY_INSTANTIATE(T)                                       \
  template void average_pool_forward<T>(const Planes&, const T*, T*);  \
  template void average_pool_gradient<T>(const Planes&, const T*, T*); \
  template void max_pool_forward<T>(const Planes&, const T*, T*);      \
  template void max_pool_gradient<T>(const Planes&, const T*, const T*, T*);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
