#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>

#include "parsimony/base/contracts.hpp"
#include "parsimony/nn/lanes.hpp"
#include "parsimony/nn/module.hpp"

namespace parsimony::nn {

using network::LayerKind;

template <typename T>
void Module<T>::backward() {
  PARSIMONY_EXPECTS(options_.backward && cases_ > 0);
  std::memset(parameters_.gradients.template data_ptr<T>(), 0,
              sizeof(T) * static_cast<std::size_t>(parameters_.gradients.numel()));
  for (Stage& stage : stages_)
    std::fill_n(stage.sum_plain, 2 * stage.planes.ld_out, T(0));  // sum_centred lies behind it
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
  const int ld = stage.planes.ld_out;
  std::copy_n(stage.sum_plain, ld, parameters_.gradient(stage.layout.shift));
  if (!stage.layout.has_norm()) return;
  const T share = of_batch_ ? T(1) / static_cast<T>(cases_ * stage.planes.positions_out()) : T(0);
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
  const std::int64_t ld = stage.planes.ld_in;
  for (int t = 0; t < layout.taps; ++t, to += layout.out * ld)
    for (int i = 0; i < layout.in; ++i, from += layout.ld)
      for (int o = 0; o < layout.out; ++o) to[o * ld + i] = from[o];
}

template <typename T>
void Module<T>::backward_chunk(Stage& stage, Chunk chunk) {
  Planes planes = stage.planes;
  planes.cases = chunk.cases;
  const std::int64_t size = std::int64_t{planes.positions_out()} * planes.ld_out;
  const T* g = stage.gradient + chunk.first * size;
  switch (stage.layer->kind) {
    case LayerKind::global_mean:
      return deliver(stage, 0, chunk,
                     [&](T* dx) { spread_rows(chunk.cases, planes.positions_in(), planes.ld_in, g, dx); });
    case LayerKind::scale:
      return backward_scale(stage, chunk, g);
    case LayerKind::add:
      for (const std::size_t input : {0u, 1u})
        deliver(stage, input, chunk, [&](T* dx) { std::copy_n(g, chunk.cases * size, dx); });
      return;
    case LayerKind::concatenation:
      return backward_concatenation(stage, chunk, g);
    case LayerKind::average_pool:
      return deliver(stage, 0, chunk, [&](T* dx) { average_pool_gradient(planes, g, dx); });
    case LayerKind::max_pool:
      return backward_max_pool(stage, chunk, g);
    case LayerKind::convolution:
    case LayerKind::depthwise_convolution:
    case LayerKind::linear:
      break;
  }
  if (!stage.layout.has_norm()) return backward_weights(stage, chunk, g);
  T* dz = gradient_scratch_.template data_ptr<T>();
  norm_gradient({chunk.cases * planes.positions_out(), planes.ld_out}, g, stage.z + chunk.first * size,
                NormGradient<T>{stage.a, stage.b, stage.c, stage.mean}, dz);
  backward_weights(stage, chunk, dz);
}

template <typename T>
void Module<T>::backward_weights(Stage& stage, Chunk chunk, const T* dz) {
  Planes planes = stage.planes;
  planes.cases = chunk.cases;
  const T* x = activated(stage.layer->inputs[0], chunk, input_scratch_.template data_ptr<T>());
  if (stage.layer->kind != LayerKind::depthwise_convolution) return backward_product(stage, chunk, x, dz);
  depthwise_weight_gradient(planes, x, dz, parameters_.gradient(stage.layout.weight));
  deliver(stage, 0, chunk, [&](T* dx) {
    depthwise_input_gradient(planes, dz, parameters_.value(stage.layout.weight),
                             stage.taps_scratch.template data_ptr<T>(), dx);
  });
}

/// Of z = windows(x) · W: dW += windows(x)ᵀ · dz, and dx from dz and Wᵀ.
template <typename T>
void Module<T>::backward_product(Stage& stage, Chunk chunk, const T* x, const T* dz) {
  const Planes planes = planes_of_chunk(stage, chunk);
  convolution_weight_gradient(planes, framed(input_extent(planes), input_halo(planes), x), dz,
                              parameters_.gradient(stage.layout.weight));
  deliver(stage, 0, chunk, [&](T* dx) {
    convolution_input_gradient(planes, stage.layout.out,
                               framed(output_extent(planes), gradient_halo(planes), dz),
                               stage.transposed.template data_ptr<T>(), dx);
  });
}

template <typename T>
void Module<T>::backward_scale(Stage& stage, Chunk chunk, const T* g) {
  const int positions = stage.planes.positions_in(), ld = stage.planes.ld_in;
  const auto& inputs = stage.layer->inputs;
  const T* x = activated(inputs[0], chunk, input_scratch_.template data_ptr<T>());
  const T* factor = activated(inputs[1], chunk, second_scratch_.template data_ptr<T>());
  deliver(stage, 0, chunk, [&](T* dx) { scale_rows(chunk.cases, positions, ld, g, factor, dx); });
  deliver(stage, 1, chunk, [&](T* df) { dot_rows(chunk.cases, positions, ld, x, g, df); });
}

template <typename T>
void Module<T>::backward_max_pool(Stage& stage, Chunk chunk, const T* g) {
  Planes planes = stage.planes;
  planes.cases = chunk.cases;
  const T* x = activated(stage.layer->inputs[0], chunk, input_scratch_.template data_ptr<T>());
  deliver(stage, 0, chunk, [&](T* dx) { max_pool_gradient(planes, x, g, dx); });
}

template <typename T>
void Module<T>::backward_concatenation(Stage& stage, Chunk chunk, const T* g) {
  const std::int64_t rows = chunk.cases * stage.planes.positions_out();
  int first = 0;
  for (std::size_t k = 0; k < stage.layer->inputs.size(); ++k) {
    const int channels = shape_of(stage.layer->inputs[k]).back(), ld = padded<T>(channels);
    deliver(stage, k, chunk, [&](T* dx) {
      copy_channels(rows, channels, g + first, stage.planes.ld_out, dx, ld);
      clear_channels({rows, ld}, channels, dx);
    });
    first += channels;
  }
}

/// Adds a contribution to the gradient of an input; the last one takes it through the input's activation
/// while it is still in the caches.
template <typename T>
template <typename Compute>
void Module<T>::deliver(const Stage& from, std::size_t input, Chunk chunk, const Compute& compute) {
  const int producer = from.layer->inputs[input];
  if (producer == network::kInput) return;
  Stage& to = stages_[static_cast<std::size_t>(producer)];
  const std::int64_t row = std::int64_t{to.planes.positions_out()} * to.planes.ld_out;
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
  const std::int64_t rows = stage.planes.positions_out(), offset = chunk.first * rows * stage.planes.ld_out;
  mask_and_sum({chunk.cases * rows, stage.planes.ld_out}, stage.z + offset, affine(stage),
               stage.gradient + offset, GradientSums<T>{stage.sum_plain, stage.sum_centred, stage.mean});
}

template class Module<float>;
template class Module<double>;

}  // namespace parsimony::nn
