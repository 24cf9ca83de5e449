#pragma once

#include <cstdint>

#include "parsimony/network/description.hpp"

namespace parsimony::nn {

/// Rows of `ld` channels, contiguous and aligned to whole vectors; `ld` is whole vectors (lanes.hpp).
/// Every pointer to per-channel numbers below is [ld].
struct Rows {
  std::int64_t count = 0;
  int ld = 0;
};

/// u = z·scale + shift, then the activation: what a layer's consumers read.
template <typename T>
struct Affine {
  const T* scale = nullptr;
  const T* shift = nullptr;
  network::Activation activation = network::Activation::none;
};

/// a = activation(z·scale + shift). ReLU hands NaN on.
template <typename T>
void activate(Rows rows, const T* z, const Affine<T>& affine, T* a);

/// Mean and sum of squared deviations of each channel over rows seen so far.
template <typename T>
struct Moments {
  std::int64_t count = 0;
  T* mean = nullptr;
  T* squares = nullptr;
};

/// Adds rows to the moments (Chan, Golub and LeVeque 1979): no cancellation however far the mean is from 0.
template <typename T>
void add_to_moments(Rows rows, const T* z, Moments<T>& moments);

/// Sums of a layer's backward pass, added to by mask_and_sum.
template <typename T>
struct GradientSums {
  T* plain = nullptr;    ///< Σ g'
  T* centred = nullptr;  ///< Σ g'·(z − mean)
  const T* mean = nullptr;
};

/// g' = g · activation'(z·scale + shift), in place, and its sums.
template <typename T>
void mask_and_sum(Rows rows, const T* z, const Affine<T>& affine, T* g, const GradientSums<T>& sums);

/// dz = g'·a + (z − mean)·b + c: the gradient through a batch norm by the batch's own statistics.
template <typename T>
struct NormGradient {
  const T* a = nullptr;
  const T* b = nullptr;
  const T* c = nullptr;
  const T* mean = nullptr;
};
template <typename T>
void norm_gradient(Rows rows, const T* g, const T* z, const NormGradient<T>& coefficients, T* dz);

/// to += from, of `count` numbers (whole vectors).
template <typename T>
void add(std::int64_t count, const T* from, T* to);

/// y = a + b, of `count` numbers (whole vectors).
template <typename T>
void sum(std::int64_t count, const T* a, const T* b, T* y);

/// The first `channels` numbers of each row; neither pointer need be aligned.
template <typename T>
void copy_channels(std::int64_t rows, int channels, const T* from, int from_ld, T* to, int to_ld);
/// 0 from channel `from` to the end of each row.
template <typename T>
void clear_channels(Rows rows, int from, T* y);

/// y[case] = mean over `length` rows; x [cases·length, ld], y [cases, ld].
template <typename T>
void mean_rows(std::int64_t cases, std::int64_t length, int ld, const T* x, T* y);
/// dx[case, l] = dy[case] / length.
template <typename T>
void spread_rows(std::int64_t cases, std::int64_t length, int ld, const T* dy, T* dx);

/// y[case, l] = x[case, l] · factor[case].
template <typename T>
void scale_rows(std::int64_t cases, std::int64_t length, int ld, const T* x, const T* factor, T* y);
/// y[case] = sum over l of x[case, l] · g[case, l]: the gradient of the factor.
template <typename T>
void dot_rows(std::int64_t cases, std::int64_t length, int ld, const T* x, const T* g, T* y);

/// One step of SGD: v = momentum·v + (g + decay·w); w −= rate·v.
struct Step {
  double rate = 0.0, momentum = 0.0, decay = 0.0;
};
template <typename T>
void descend(std::int64_t count, const Step& step, const T* g, T* v, T* w);

}  // namespace parsimony::nn
