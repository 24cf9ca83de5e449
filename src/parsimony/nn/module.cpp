#include "parsimony/nn/module.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/nn/gemm.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

using network::LayerKind;

/// Activations of a chunk: half a first cache, so that what is read and what is written both fit.
constexpr std::int64_t kChunkBytes = 16 << 10;

template <typename T>
at::Tensor numbers(std::int64_t count) {
  return at::zeros({count}, at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value));
}

std::int32_t length_of(const std::vector<std::int32_t>& shape) {
  return shape.size() == 1 ? 1 : shape[0];
}

/// Hands out stretches of memory and takes them back while a plan is made; nothing moves afterwards.
template <typename T>
class Pool {
 public:
  explicit Pool(std::vector<at::Tensor>& owner) : owner_(owner) {}

  T* acquire(std::int64_t count) {
    const auto fits = [&](const Piece& piece) { return piece.count >= count; };
    auto found = std::find_if(free_.begin(), free_.end(), fits);
    if (found == free_.end()) {
      owner_.push_back(numbers<T>(count));
      used_.push_back({owner_.back().template data_ptr<T>(), count});
    } else {
      used_.push_back(*found);
      free_.erase(found);
    }
    return used_.back().memory;
  }
  void release(T* memory) {
    const auto found =
        std::find_if(used_.begin(), used_.end(), [&](const Piece& piece) { return piece.memory == memory; });
    PARSIMONY_EXPECTS(found != used_.end());
    free_.push_back(*found);
    used_.erase(found);
  }

 private:
  struct Piece {
    T* memory;
    std::int64_t count;
  };
  std::vector<at::Tensor>& owner_;
  std::vector<Piece> free_, used_;
};

}  // namespace

template <typename T>
Module<T>::Module(Parameters<T>& parameters, const ModuleOptions& options)
    : parameters_(parameters), options_(options) {
  PARSIMONY_EXPECTS(options.largest_batch >= 1);
  const auto& description = parameters.description;
  const auto shapes = network::output_shapes(description);
  input_length_ = length_of(description.input_shape);
  input_ld_ = padded<T>(description.input_shape.back());
  for (std::size_t i = 0; i < description.layers.size(); ++i) add_stage(i, shapes);
  plan_deliveries();
  allocate_activations();
  if (options.backward) allocate_gradients();
  allocate_scratch();
}

template <typename T>
void Module<T>::add_stage(std::size_t index, const std::vector<std::vector<std::int32_t>>& shapes) {
  const auto& description = parameters_.description;
  const network::Layer& layer = description.layers[index];
  PARSIMONY_EXPECTS(layer.windows.size() <= 1);
  const int input = layer.inputs[0];
  const auto& shape_in =
      input == network::kInput ? description.input_shape : shapes[static_cast<std::size_t>(input)];
  Stage stage{};
  stage.layer = &layer;
  stage.layout = parameters_.layers[index];
  stage.plain = !stage.layout.has_weights();
  PARSIMONY_EXPECTS(!stage.plain || layer.activation == network::Activation::none);
  stage.series = {0,
                  length_of(shape_in),
                  length_of(shapes[index]),
                  padded<T>(shape_in.back()),
                  stage.layout.ld,
                  shape_in.back(),
                  layer.windows.empty() ? ir::Window{} : layer.windows[0]};
  const std::int64_t largest = std::max(std::int64_t{stage.series.length_in} * stage.series.ld_in,
                                        std::int64_t{stage.series.length_out} * stage.series.ld_out);
  stage.chunk_cases = std::clamp<std::int64_t>(kChunkBytes / (largest * static_cast<std::int64_t>(sizeof(T))),
                                               1, options_.largest_batch);
  const int ld = stage.layout.ld;
  stage.numbers = numbers<T>(std::int64_t{10} * ld);
  T* at = stage.numbers.template data_ptr<T>();
  for (T** each : {&stage.scale, &stage.shift, &stage.mean, &stage.inverse_deviation, &stage.squares,
                   &stage.sum_plain, &stage.sum_centred, &stage.a, &stage.b, &stage.c}) {
    *each = at;
    at += ld;
  }
  if (options_.backward && layer.kind == LayerKind::depthwise_convolution)
    stage.taps_scratch = numbers<T>(stage.layout.weight.count);
  else if (options_.backward && stage.layout.has_weights() && input != network::kInput)
    stage.transposed = numbers<T>(std::int64_t{stage.layout.out} * stage.layout.taps * stage.series.ld_in);
  stages_.push_back(std::move(stage));
}

template <typename T>
void Module<T>::plan_deliveries() {
  std::vector<int> left(stages_.size(), 0);
  for (const Stage& stage : stages_)
    for (const int input : stage.layer->inputs)
      if (input != network::kInput) ++left[static_cast<std::size_t>(input)];
  for (std::size_t i = 0; i + 1 < stages_.size(); ++i) PARSIMONY_EXPECTS(left[i] > 0);
  std::vector<bool> begun(stages_.size(), false);
  for (std::size_t i = stages_.size(); i-- > 0;)
    for (const int input : stages_[i].layer->inputs) {
      Delivery delivery;
      if (input != network::kInput) {
        const auto producer = static_cast<std::size_t>(input);
        delivery = {!begun[producer], --left[producer] == 0};
        begun[producer] = true;
      }
      stages_[i].deliveries.push_back(delivery);
    }
}

template <typename T>
void Module<T>::allocate_activations() {
  std::vector<std::size_t> last_reader(stages_.size());
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    last_reader[i] = i;
    for (const int input : stages_[i].layer->inputs)
      if (input != network::kInput) last_reader[static_cast<std::size_t>(input)] = i;
  }
  last_reader.back() = stages_.size();
  Pool<T> pool(buffers_);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    Stage& stage = stages_[i];
    stage.z = pool.acquire(options_.largest_batch * stage.series.length_out * stage.series.ld_out);
    if (options_.backward) continue;
    for (std::size_t j = 0; j <= i; ++j)
      if (last_reader[j] == i) pool.release(stages_[j].z);
  }
  logits_ = numbers<T>(options_.largest_batch * stages_.back().series.ld_out);
}

/// A gradient lives from its first contribution to its own layer's backward pass.
template <typename T>
void Module<T>::allocate_gradients() {
  Pool<T> pool(buffers_);
  const auto acquire = [&](Stage& stage) {
    stage.gradient = pool.acquire(options_.largest_batch * stage.series.length_out * stage.series.ld_out);
  };
  acquire(stages_.back());
  for (std::size_t i = stages_.size(); i-- > 0;) {
    for (std::size_t k = 0; k < stages_[i].deliveries.size(); ++k)
      if (stages_[i].deliveries[k].first)
        acquire(stages_[static_cast<std::size_t>(stages_[i].layer->inputs[k])]);
    pool.release(stages_[i].gradient);
  }
}

template <typename T>
void Module<T>::allocate_scratch() {
  std::int64_t input = 0, second = 0, windows = 0, gradient = 0;
  for (const Stage& stage : stages_) {
    const Series& s = stage.series;
    input = std::max(input, stage.chunk_cases * s.length_in * s.ld_in);
    second = std::max(second, stage.chunk_cases * s.ld_out);
    gradient = std::max(gradient, stage.chunk_cases * s.length_out * s.ld_out);
    if (stage.layer->kind == LayerKind::convolution && !is_pointwise(s.window))
      windows = std::max(windows, stage.chunk_cases * s.length_out * s.window.kernel * s.ld_in);
  }
  input_scratch_ = numbers<T>(input);
  second_scratch_ = numbers<T>(second);
  window_scratch_ = numbers<T>(windows);
  gradient_scratch_ = numbers<T>(gradient);
  delivery_scratch_ = numbers<T>(std::max(input, second));
}

template <typename T>
Affine<T> Module<T>::affine(const Stage& stage) const {
  return {stage.scale, stage.shift, stage.layer->activation};
}

/// A layer's output for a chunk: where it lies when it needs no work, else made in `scratch`.
template <typename T>
const T* Module<T>::activated(int layer, Chunk chunk, T* scratch) const {
  if (layer == network::kInput) return input_ + chunk.first * input_length_ * input_ld_;
  const Stage& stage = stages_[static_cast<std::size_t>(layer)];
  const std::int64_t rows = stage.series.length_out;
  const int ld = stage.series.ld_out;
  const T* z = stage.z + chunk.first * rows * ld;
  if (stage.plain) return z;
  activate({chunk.cases * rows, ld}, z, affine(stage), scratch);
  return scratch;
}

template <typename T>
template <typename Body>
void Module<T>::for_chunks(const Stage& stage, const Body& body) const {
  for (std::int64_t first = 0; first < cases_; first += stage.chunk_cases)
    body(Chunk{first, std::min(stage.chunk_cases, cases_ - first)});
}

template <typename T>
const T* Module<T>::forward(const T* input, std::int64_t cases, const NormStatistics& statistics) {
  PARSIMONY_EXPECTS(cases >= 1 && cases <= options_.largest_batch);
  input_ = input;
  cases_ = cases;
  of_batch_ = statistics.of_batch;
  for (Stage& stage : stages_) run_forward(stage, statistics);
  const Stage& last = stages_.back();
  T* logits = logits_.template data_ptr<T>();
  activate({cases * last.series.length_out, last.series.ld_out}, last.z, affine(last), logits);
  return logits;
}

template <typename T>
void Module<T>::run_forward(Stage& stage, const NormStatistics& statistics) {
  const bool collect = stage.layout.has_norm() && statistics.of_batch;
  const int ld = stage.series.ld_out;
  if (collect) std::fill(stage.mean, stage.mean + ld, T(0));
  if (collect) std::fill(stage.squares, stage.squares + ld, T(0));
  Moments<T> moments{0, stage.mean, stage.squares};
  for_chunks(stage, [&](Chunk chunk) {
    forward_chunk(stage, chunk);
    if (collect)
      add_to_moments({chunk.cases * stage.series.length_out, ld},
                     stage.z + chunk.first * stage.series.length_out * ld, moments);
  });
  if (stage.layout.has_weights()) set_affine(stage, statistics, cases_ * stage.series.length_out);
}

template <typename T>
void Module<T>::forward_chunk(Stage& stage, Chunk chunk) {
  Series series = stage.series;
  series.cases = chunk.cases;
  const auto& inputs = stage.layer->inputs;
  const T* x = activated(inputs[0], chunk, input_scratch_.template data_ptr<T>());
  T* z = stage.z + chunk.first * series.length_out * series.ld_out;
  switch (stage.layer->kind) {
    case LayerKind::depthwise_convolution:
      return depthwise_forward(series, x, parameters_.value(stage.layout.weight), z);
    case LayerKind::convolution:
    case LayerKind::linear:
      return multiply_by_weights(stage, series, x, z);
    case LayerKind::global_mean:
      return mean_rows(chunk.cases, series.length_in, series.ld_in, x, z);
    case LayerKind::scale: {
      const T* factor = activated(inputs[1], chunk, second_scratch_.template data_ptr<T>());
      return scale_rows(chunk.cases, series.length_in, series.ld_in, x, factor, z);
    }
  }
}

template <typename T>
void Module<T>::multiply_by_weights(Stage& stage, Series series, const T* x, T* z) {
  const int ld = series.ld_out;
  Product<T> product{.rows = series.cases * series.length_out,
                     .depth = std::int64_t{stage.layout.taps} * stage.layout.in,
                     .width = ld,
                     .a = x,
                     .a_row = series.ld_in,
                     .b = parameters_.value(stage.layout.weight),
                     .b_row = ld,
                     .c = z,
                     .c_row = ld};
  if (!is_pointwise(series.window)) {
    T* windows = window_scratch_.template data_ptr<T>();
    gather_windows(series, x, windows);
    product.a = windows;
    product.a_row = product.depth;
  }
  multiply(product);
}

/// What the layer's readers apply: batch norm, or the bias.
template <typename T>
void Module<T>::set_affine(Stage& stage, const NormStatistics& statistics, std::int64_t rows) {
  const int ld = stage.series.ld_out;
  const T* offset = parameters_.value(stage.layout.shift);
  if (!stage.layout.has_norm()) {
    std::fill(stage.scale, stage.scale + ld, T(1));
    std::copy(offset, offset + ld, stage.shift);
    return;
  }
  if (statistics.of_batch) {
    update_running(stage, statistics.running_share, rows);
  } else {
    std::copy_n(parameters_.statistic(stage.layout.mean), ld, stage.mean);
    const T* variance = parameters_.statistic(stage.layout.variance);
    for (int c = 0; c < ld; ++c) stage.squares[c] = variance[c] * static_cast<T>(rows);
  }
  const T* gamma = parameters_.value(stage.layout.scale);
  for (int c = 0; c < ld; ++c) {
    const T variance = stage.squares[c] / static_cast<T>(rows);
    stage.inverse_deviation[c] = T(1) / std::sqrt(variance + static_cast<T>(kNormEpsilon));
    stage.scale[c] = gamma[c] * stage.inverse_deviation[c];
    stage.shift[c] = offset[c] - stage.mean[c] * stage.scale[c];
  }
}

template <typename T>
void Module<T>::update_running(Stage& stage, double share, std::int64_t rows) {
  const T part = static_cast<T>(share);
  const T unbiased = static_cast<T>(std::max<std::int64_t>(1, rows - 1));
  T* mean = parameters_.statistic(stage.layout.mean);
  T* variance = parameters_.statistic(stage.layout.variance);
  for (int c = 0; c < stage.series.ld_out; ++c) {
    mean[c] += part * (stage.mean[c] - mean[c]);
    variance[c] += part * (stage.squares[c] / unbiased - variance[c]);
  }
}

template <typename T>
void Module<T>::read_output(std::size_t layer, T* to) const {
  PARSIMONY_EXPECTS(layer < stages_.size() && (options_.backward || layer + 1 == stages_.size()));
  const Stage& stage = stages_[layer];
  const Rows rows{cases_ * stage.series.length_out, stage.series.ld_out};
  if (stage.plain)
    std::copy_n(stage.z, rows.count * rows.ld, to);
  else
    activate(rows, stage.z, affine(stage), to);
}

template class Module<float>;
template class Module<double>;

}  // namespace parsimony::nn
