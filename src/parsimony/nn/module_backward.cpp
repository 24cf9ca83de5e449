#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>

#include "parsimony/base/contracts.hpp"
#include "parsimony/nn/gemm.hpp"
#include "parsimony/nn/module.hpp"

namespace parsimony::nn {

using network::LayerKind;

template <typename T>
void Module<T>::backward() {
  PARSIMONY_EXPECTS(options_.backward && cases_ > 0);
  std::memset(parameters_.gradients.template data_ptr<T>(), 0,
              sizeof(T) * static_cast<std::size_t>(parameters_.gradients.numel()));
  for (Stage& stage : stages_)
    std::fill_n(stage.sum_plain, 2 * stage.series.ld_out, T(0));  // sum_centred lies behind it
  finish_gradient(stages_.back(), {0, cases_});
  for (std::size_t i = stages_.size(); i-- > 0;) run_backward(stages_[i]);
}

template <typename T>
void Module<T>::run_backward(Stage& stage) {
  begin_backward(stage);
  if (stage.transposed.defined()) transpose_weights(stage);
  for (std::int64_t first = 0; first < cases_; first += stage.chunk_cases)
    backward_chunk(stage, {first, std::min(stage.chunk_cases, cases_ - first)});
}

/// Gradients of gamma and beta, or of the bias, and with them how a row's gradient goes through the batch
/// norm.
template <typename T>
void Module<T>::begin_backward(Stage& stage) {
  if (!stage.layout.has_weights()) return;
  const int ld = stage.series.ld_out;
  std::copy_n(stage.sum_plain, ld, parameters_.gradient(stage.layout.shift));
  if (!stage.layout.has_norm()) return;
  const T share = of_batch_ ? T(1) / static_cast<T>(cases_ * stage.series.length_out) : T(0);
  T* of_gamma = parameters_.gradient(stage.layout.scale);
  for (int c = 0; c < ld; ++c) {
    of_gamma[c] = stage.sum_centred[c] * stage.inverse_deviation[c];
    stage.a[c] = stage.scale[c];
    stage.b[c] = -stage.scale[c] * stage.inverse_deviation[c] * of_gamma[c] * share;
    stage.c[c] = -stage.scale[c] * stage.sum_plain[c] * share;
  }
}

template <typename T>
void Module<T>::transpose_weights(Stage& stage) {
  const LayerLayout& layout = stage.layout;
  const T* from = parameters_.value(layout.weight);
  T* to = stage.transposed.template data_ptr<T>();
  const std::int64_t row = std::int64_t{layout.taps} * stage.series.ld_in;
  for (int t = 0; t < layout.taps; ++t)
    for (int i = 0; i < layout.in; ++i, from += layout.ld)
      for (int o = 0; o < layout.out; ++o) to[o * row + t * stage.series.ld_in + i] = from[o];
}

template <typename T>
void Module<T>::backward_chunk(Stage& stage, Chunk chunk) {
  const Series& s = stage.series;
  const std::int64_t offset = chunk.first * s.length_out * s.ld_out;
  const T* g = stage.gradient + offset;
  switch (stage.layer->kind) {
    case LayerKind::global_mean:
      return deliver(stage, 0, chunk, [&](T* dx) { spread_rows(chunk.cases, s.length_in, s.ld_in, g, dx); });
    case LayerKind::scale:
      return backward_scale(stage, chunk, g);
    default:
      break;
  }
  if (!stage.layout.has_norm()) return backward_weights(stage, chunk, g);
  T* dz = gradient_scratch_.template data_ptr<T>();
  norm_gradient({chunk.cases * s.length_out, s.ld_out}, g, stage.z + offset,
                NormGradient<T>{stage.a, stage.b, stage.c, stage.mean}, dz);
  backward_weights(stage, chunk, dz);
}

template <typename T>
void Module<T>::backward_weights(Stage& stage, Chunk chunk, const T* dz) {
  Series series = stage.series;
  series.cases = chunk.cases;
  const T* x = activated(stage.layer->inputs[0], chunk, input_scratch_.template data_ptr<T>());
  if (stage.layer->kind != LayerKind::depthwise_convolution)
    return backward_product(stage, chunk, series, x, dz);
  depthwise_weight_gradient(series, x, dz, parameters_.gradient(stage.layout.weight));
  deliver(stage, 0, chunk, [&](T* dx) {
    depthwise_input_gradient(series, dz, parameters_.value(stage.layout.weight),
                             stage.taps_scratch.template data_ptr<T>(), dx);
  });
}

/// Of z = windows(x) · W: dW += windows(x)ᵀ · dz and dx = the windows of dz · Wᵀ, put back where they came
/// from.
template <typename T>
void Module<T>::backward_product(Stage& stage, Chunk chunk, Series series, const T* x, const T* dz) {
  const LayerLayout& layout = stage.layout;
  const std::int64_t rows = series.cases * series.length_out, depth = std::int64_t{layout.taps} * layout.in;
  const bool pointwise = is_pointwise(series.window);
  T* windows = window_scratch_.template data_ptr<T>();
  if (!pointwise) gather_windows(series, x, windows);
  multiply(Product<T>{.rows = depth,
                      .depth = rows,
                      .width = series.ld_out,
                      .a = pointwise ? x : windows,
                      .a_row = 1,
                      .a_column = pointwise ? series.ld_in : depth,
                      .b = dz,
                      .b_row = series.ld_out,
                      .c = parameters_.gradient(layout.weight),
                      .c_row = layout.ld,
                      .accumulate = true});
  deliver(stage, 0, chunk, [&](T* dx) {
    const std::int64_t width = std::int64_t{layout.taps} * series.ld_in;
    multiply(Product<T>{.rows = rows,
                        .depth = layout.out,
                        .width = width,
                        .a = dz,
                        .a_row = series.ld_out,
                        .b = stage.transposed.template data_ptr<T>(),
                        .b_row = width,
                        .c = pointwise ? dx : windows,
                        .c_row = width});
    if (!pointwise) scatter_windows(series, windows, dx);
  });
}

template <typename T>
void Module<T>::backward_scale(Stage& stage, Chunk chunk, const T* g) {
  const Series& s = stage.series;
  const auto& inputs = stage.layer->inputs;
  const T* x = activated(inputs[0], chunk, input_scratch_.template data_ptr<T>());
  const T* factor = activated(inputs[1], chunk, second_scratch_.template data_ptr<T>());
  deliver(stage, 0, chunk, [&](T* dx) { scale_rows(chunk.cases, s.length_in, s.ld_in, g, factor, dx); });
  deliver(stage, 1, chunk, [&](T* df) { dot_rows(chunk.cases, s.length_in, s.ld_in, x, g, df); });
}

/// Adds a contribution to the gradient of an input; the last one takes it through the input's activation
/// while it is still in the caches.
template <typename T>
template <typename Compute>
void Module<T>::deliver(const Stage& from, std::size_t input, Chunk chunk, const Compute& compute) {
  const int producer = from.layer->inputs[input];
  if (producer == network::kInput) return;
  Stage& to = stages_[static_cast<std::size_t>(producer)];
  const std::int64_t row = std::int64_t{to.series.length_out} * to.series.ld_out;
  T* gradient = to.gradient + chunk.first * row;
  if (from.deliveries[input].first) {
    compute(gradient);
  } else {
    T* scratch = delivery_scratch_.template data_ptr<T>();
    compute(scratch);
    add(chunk.cases * row, scratch, gradient);
  }
  if (from.deliveries[input].last) finish_gradient(to, chunk);
}

template <typename T>
void Module<T>::finish_gradient(Stage& stage, Chunk chunk) {
  if (stage.plain) return;
  const std::int64_t rows = stage.series.length_out, offset = chunk.first * rows * stage.series.ld_out;
  mask_and_sum({chunk.cases * rows, stage.series.ld_out}, stage.z + offset, affine(stage),
               stage.gradient + offset, GradientSums<T>{stage.sum_plain, stage.sum_centred, stage.mean});
}

template class Module<float>;
template class Module<double>;

}  // namespace parsimony::nn
