#include "parsimony/nn/row_kernels.hpp"

#include <algorithm>

#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

/// Calls body.template operator()<n>(first channel) for blocks of n = 4, 2 or 1 vectors that cover `ld`:
/// per-channel numbers of a block stay in registers while its rows go by.
template <typename T, typename Body>
void for_channel_blocks(int ld, const Body& body) {
  constexpr int lanes = kLanes<T>;
  int first = 0;
  for (; first + 4 * lanes <= ld; first += 4 * lanes) body.template operator()<4>(first);
  if (first + 2 * lanes <= ld) {
    body.template operator()<2>(first);
    first += 2 * lanes;
  }
  if (first < ld) body.template operator()<1>(first);
}

/// As many vectors of per-channel numbers as a block has.
template <typename T, int N>
struct Block {
  Vector<T> v[N];
  explicit Block(const T* from) {
    for (int i = 0; i < N; ++i) v[i] = at(from + i * kLanes<T>);
  }
  Block() {
    for (int i = 0; i < N; ++i) v[i] = Vector<T>{};
  }
  void store(T* to) const {
    for (int i = 0; i < N; ++i) at(to + i * kLanes<T>) = v[i];
  }
  void add_to(T* to) const {
    for (int i = 0; i < N; ++i) at(to + i * kLanes<T>) += v[i];
  }
};

/// `inside` between the two, else what is given below and above them.
template <typename T>
Vector<T> piecewise(Vector<T> u, T low, T high, Vector<T> below, Vector<T> inside, Vector<T> above) {
  const Vector<T> upper = u < Vector<T>{} + high ? inside : above;
  return u > Vector<T>{} + low ? upper : below;
}

template <typename T>
Vector<T> apply(network::Activation activation, Vector<T> u) {
  const Vector<T> zero{};
  if (activation == network::Activation::relu) return u < zero ? zero : u;
  if (activation == network::Activation::relu6) {
    const Vector<T> above = u < zero ? zero : u;
    return above > zero + T(6) ? zero + T(6) : above;
  }
  if (activation == network::Activation::hard_sigmoid || activation == network::Activation::hard_swish) {
    const Vector<T> one = zero + T(1);
    const Vector<T> line = u / T(6) + T(0.5);
    const Vector<T> above = line < zero ? zero : line;
    const Vector<T> gate = above > one ? one : above;
    return activation == network::Activation::hard_sigmoid ? gate : u * gate;
  }
  return u;
}

template <typename T>
Vector<T> through(network::Activation activation, Vector<T> u, Vector<T> g) {
  const Vector<T> zero{};
  if (activation == network::Activation::relu) return u > zero ? g : zero;
  if (activation == network::Activation::relu6) return piecewise<T>(u, 0, 6, zero, g, zero);
  if (activation == network::Activation::hard_sigmoid) return piecewise<T>(u, -3, 3, zero, g / T(6), zero);
  if (activation == network::Activation::hard_swish)
    return piecewise<T>(u, -3, 3, zero, g * (u / T(3) + T(0.5)), g);
  return g;
}

/// A compile-time activation for the loop below it.
template <typename Body>
void with_activation(network::Activation activation, const Body& body) {
  using network::Activation;
  if (activation == Activation::relu) return body.template operator()<Activation::relu>();
  if (activation == Activation::relu6) return body.template operator()<Activation::relu6>();
  if (activation == Activation::hard_swish) return body.template operator()<Activation::hard_swish>();
  if (activation == Activation::hard_sigmoid) return body.template operator()<Activation::hard_sigmoid>();
  body.template operator()<Activation::none>();
}

template <typename T, network::Activation Kind>
void activate_as(Rows rows, const T* z, const Affine<T>& affine, T* a) {
  for_channel_blocks<T>(rows.ld, [&]<int N>(int first) {
    const Block<T, N> scale(affine.scale + first), shift(affine.shift + first);
    for (std::int64_t r = 0; r < rows.count; ++r) {
      const T* from = z + r * rows.ld + first;
      T* to = a + r * rows.ld + first;
#pragma GCC unroll 4
      for (int i = 0; i < N; ++i)
        at(to + i * kLanes<T>) = apply<T>(Kind, at(from + i * kLanes<T>) * scale.v[i] + shift.v[i]);
    }
  });
}

template <typename T, int N>
void block_moments(Rows rows, const T* z, T before, T total, T* mean, T* squares) {
  Block<T, N> sum, square;
  for (std::int64_t r = 0; r < rows.count; ++r)
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) sum.v[i] += at(z + r * rows.ld + i * kLanes<T>);
  const T count = static_cast<T>(rows.count);
  for (int i = 0; i < N; ++i) sum.v[i] /= count;
  for (std::int64_t r = 0; r < rows.count; ++r)
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) {
      const Vector<T> off = at(z + r * rows.ld + i * kLanes<T>) - sum.v[i];
      square.v[i] += off * off;
    }
  for (int i = 0; i < N; ++i) {
    const Vector<T> off = sum.v[i] - at(mean + i * kLanes<T>);
    at(mean + i * kLanes<T>) += off * (count / total);
    at(squares + i * kLanes<T>) += square.v[i] + off * off * (before / total * count);
  }
}

}  // namespace

template <typename T>
void activate(Rows rows, const T* z, const Affine<T>& affine, T* a) {
  with_activation(affine.activation,
                  [&]<network::Activation Kind>() { activate_as<T, Kind>(rows, z, affine, a); });
}

template <typename T>
void add_to_moments(Rows rows, const T* z, Moments<T>& moments) {
  const T before = static_cast<T>(moments.count);
  moments.count += rows.count;
  const T total = static_cast<T>(moments.count);
  for_channel_blocks<T>(rows.ld, [&]<int N>(int first) {
    block_moments<T, N>(rows, z + first, before, total, moments.mean + first, moments.squares + first);
  });
}

template <typename T>
void mask_and_sum(Rows rows, const T* z, const Affine<T>& affine, T* g, const GradientSums<T>& sums) {
  with_activation(affine.activation, [&]<network::Activation Kind>() {
    for_channel_blocks<T>(rows.ld, [&]<int N>(int first) {
      const Block<T, N> scale(affine.scale + first), shift(affine.shift + first), mean(sums.mean + first);
      Block<T, N> plain, centred;
      for (std::int64_t r = 0; r < rows.count; ++r)
#pragma GCC unroll 4
        for (int i = 0; i < N; ++i) {
          const std::int64_t index = r * rows.ld + first + i * kLanes<T>;
          const Vector<T> value = at(z + index);
          const Vector<T> masked = through<T>(Kind, value * scale.v[i] + shift.v[i], at(g + index));
          at(g + index) = masked;
          plain.v[i] += masked;
          centred.v[i] += masked * (value - mean.v[i]);
        }
      plain.add_to(sums.plain + first);
      centred.add_to(sums.centred + first);
    });
  });
}

template <typename T>
void norm_gradient(Rows rows, const T* g, const T* z, const NormGradient<T>& by, T* dz) {
  for_channel_blocks<T>(rows.ld, [&]<int N>(int first) {
    const Block<T, N> a(by.a + first), b(by.b + first), c(by.c + first), mean(by.mean + first);
    for (std::int64_t r = 0; r < rows.count; ++r)
#pragma GCC unroll 4
      for (int i = 0; i < N; ++i) {
        const std::int64_t index = r * rows.ld + first + i * kLanes<T>;
        at(dz + index) = at(g + index) * a.v[i] + ((at(z + index) - mean.v[i]) * b.v[i] + c.v[i]);
      }
  });
}

template <typename T>
void add(std::int64_t count, const T* from, T* to) {
  for (std::int64_t i = 0; i < count; i += kLanes<T>) at(to + i) += at(from + i);
}

template <typename T>
void sum(std::int64_t count, const T* a, const T* b, T* y) {
  for (std::int64_t i = 0; i < count; i += kLanes<T>) at(y + i) = at(a + i) + at(b + i);
}

template <typename T>
void copy_channels(std::int64_t rows, int channels, const T* from, int from_ld, T* to, int to_ld) {
  for (std::int64_t r = 0; r < rows; ++r) std::copy_n(from + r * from_ld, channels, to + r * to_ld);
}

template <typename T>
void clear_channels(Rows rows, int from, T* y) {
  for (std::int64_t r = 0; r < rows.count; ++r)
    std::fill(y + r * rows.ld + from, y + (r + 1) * rows.ld, T(0));
}

template <typename T>
void mean_rows(std::int64_t cases, std::int64_t length, int ld, const T* x, T* y) {
  for_channel_blocks<T>(ld, [&]<int N>(int first) {
    for (std::int64_t b = 0; b < cases; ++b) {
      Block<T, N> sum;
      for (std::int64_t l = 0; l < length; ++l)
#pragma GCC unroll 4
        for (int i = 0; i < N; ++i) sum.v[i] += at(x + (b * length + l) * ld + first + i * kLanes<T>);
      for (int i = 0; i < N; ++i) sum.v[i] /= static_cast<T>(length);
      sum.store(y + b * ld + first);
    }
  });
}

template <typename T>
void spread_rows(std::int64_t cases, std::int64_t length, int ld, const T* dy, T* dx) {
  const T share = T(1) / static_cast<T>(length);
  for_channel_blocks<T>(ld, [&]<int N>(int first) {
    for (std::int64_t b = 0; b < cases; ++b) {
      Block<T, N> value(dy + b * ld + first);
      for (int i = 0; i < N; ++i) value.v[i] *= share;
      for (std::int64_t l = 0; l < length; ++l) value.store(dx + (b * length + l) * ld + first);
    }
  });
}

template <typename T>
void scale_rows(std::int64_t cases, std::int64_t length, int ld, const T* x, const T* factor, T* y) {
  for_channel_blocks<T>(ld, [&]<int N>(int first) {
    for (std::int64_t b = 0; b < cases; ++b) {
      const Block<T, N> by(factor + b * ld + first);
      for (std::int64_t l = 0; l < length; ++l)
#pragma GCC unroll 4
        for (int i = 0; i < N; ++i) {
          const std::int64_t index = (b * length + l) * ld + first + i * kLanes<T>;
          at(y + index) = at(x + index) * by.v[i];
        }
    }
  });
}

template <typename T>
void dot_rows(std::int64_t cases, std::int64_t length, int ld, const T* x, const T* g, T* y) {
  for_channel_blocks<T>(ld, [&]<int N>(int first) {
    for (std::int64_t b = 0; b < cases; ++b) {
      Block<T, N> sum;
      for (std::int64_t l = 0; l < length; ++l)
#pragma GCC unroll 4
        for (int i = 0; i < N; ++i) {
          const std::int64_t index = (b * length + l) * ld + first + i * kLanes<T>;
          sum.v[i] += at(x + index) * at(g + index);
        }
      sum.store(y + b * ld + first);
    }
  });
}

template <typename T>
void descend(std::int64_t count, const Step& step, const T* g, T* v, T* w) {
  const T rate = static_cast<T>(step.rate), momentum = static_cast<T>(step.momentum);
  const T decay = static_cast<T>(step.decay);
  for (std::int64_t i = 0; i < count; i += kLanes<T>) {
    const Vector<T> moved = at(v + i) * momentum + (at(g + i) + at(w + i) * decay);
    at(v + i) = moved;
    at(w + i) -= moved * rate;
  }
}

#define PARSIMONY_INSTANTIATE(T)                                                               \
  template void activate<T>(Rows, const T*, const Affine<T>&, T*);                             \
  template void add_to_moments<T>(Rows, const T*, Moments<T>&);                                \
  template void mask_and_sum<T>(Rows, const T*, const Affine<T>&, T*, const GradientSums<T>&); \
  template void norm_gradient<T>(Rows, const T*, const T*, const NormGradient<T>&, T*);        \
  template void add<T>(std::int64_t, const T*, T*);                                            \
  template void sum<T>(std::int64_t, const T*, const T*, T*);                                  \
  template void copy_channels<T>(std::int64_t, int, const T*, int, T*, int);                   \
  template void clear_channels<T>(Rows, int, T*);                                              \
  template void mean_rows<T>(std::int64_t, std::int64_t, int, const T*, T*);                   \
  template void spread_rows<T>(std::int64_t, std::int64_t, int, const T*, T*);                 \
  template void scale_rows<T>(std::int64_t, std::int64_t, int, const T*, const T*, T*);        \
  template void dot_rows<T>(std::int64_t, std::int64_t, int, const T*, const T*, T*);          \
  template void descend<T>(std::int64_t, const Step&, const T*, T*, T*);
PARSIMONY_INSTANTIATE(float)
PARSIMONY_INSTANTIATE(double)
#undef PARSIMONY_INSTANTIATE

}  // namespace parsimony::nn
