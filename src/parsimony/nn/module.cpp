#include "parsimony/nn/module.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/nn/lanes.hpp"

namespace parsimony::nn {
namespace {

using network::LayerKind;

/// Activations of a chunk: half a first cache, so that what is read and what is written both fit.
constexpr std::int64_t kChunkBytes = 16 << 10;
/// Rows of a chunk that a product reads weights from the second cache for.
constexpr std::int64_t kRowsForWeights = 128;

template <typename T>
at::Tensor numbers(std::int64_t count) {
  return at::zeros({count}, at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value));
}

/// [c], [length, c] and [height, width, c] as a plane of height and width.
std::pair<int, int> plane_of(const network::Shape& shape) {
  if (shape.size() == 3) return {shape[0], shape[1]};
  return {1, shape.size() == 2 ? shape[0] : 1};
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
  shapes_ = network::output_shapes(description);
  for (std::size_t i = 0; i < description.layers.size(); ++i) add_stage(i);
  plan_deliveries();
  allocate_activations();
  if (options.backward) allocate_gradients();
  allocate_scratch();
}

template <typename T>
const network::Shape& Module<T>::shape_of(int layer) const {
  return layer == network::kInput ? parameters_.description.input_shape
                                  : shapes_[static_cast<std::size_t>(layer)];
}

/// Numbers of a layer's output for one case, padding included.
template <typename T>
std::int64_t Module<T>::case_size(int layer) const {
  const network::Shape& shape = shape_of(layer);
  const auto [height, width] = plane_of(shape);
  return std::int64_t{height} * width * padded<T>(shape.back());
}

template <typename T>
Planes Module<T>::planes_of(std::size_t index) const {
  const network::Layer& layer = parameters_.description.layers[index];
  const network::Shape& input = shape_of(layer.inputs[0]);
  Planes planes;
  std::tie(planes.height_in, planes.width_in) = plane_of(input);
  std::tie(planes.height_out, planes.width_out) = plane_of(shapes_[index]);
  planes.ld_in = padded<T>(input.back());
  planes.ld_out = padded<T>(layer.channels);
  planes.channels_in = input.back();
  if (layer.kind == LayerKind::linear) {  // a window over all that there is
    planes.width_in *= std::exchange(planes.height_in, 1);
    planes.across.kernel = planes.width_in;
  }
  if (!layer.windows.empty()) planes.across = layer.windows.back();
  if (layer.windows.size() == 2) planes.down = layer.windows.front();
  for (const ir::Window& window : {planes.down, planes.across})
    PARSIMONY_EXPECTS(window.dilation == 1 || window.stride == 1);
  return planes;
}

/// As many as fit into the first cache; where weights are many, enough to be worth their way through it.
template <typename T>
std::int64_t Module<T>::cases_in_chunk(std::size_t index) const {
  const network::Layer& layer = parameters_.description.layers[index];
  const std::int64_t largest = std::max(case_size(layer.inputs[0]), case_size(static_cast<int>(index)));
  const auto size = static_cast<std::int64_t>(sizeof(T));
  std::int64_t cases = kChunkBytes / (largest * size);
  if (layer.kind == LayerKind::convolution && parameters_.layers[index].weight.count * size > kChunkBytes) {
    const auto [height, width] = plane_of(shapes_[index]);
    cases = std::max<std::int64_t>(cases, kRowsForWeights / (std::int64_t{height} * width));
  }
  return std::clamp<std::int64_t>(cases, 1, options_.largest_batch);
}

template <typename T>
void Module<T>::add_stage(std::size_t index) {
  const network::Layer& layer = parameters_.description.layers[index];
  Stage stage{};
  stage.layer = &layer;
  stage.layout = parameters_.layers[index];
  stage.plain = !stage.layout.has_weights() && layer.activation == network::Activation::none;
  stage.planes = planes_of(index);
  stage.chunk_cases = cases_in_chunk(index);
  const int ld = stage.layout.ld;
  stage.numbers = numbers<T>(std::int64_t{10} * ld);
  T* at = stage.numbers.template data_ptr<T>();
  for (T** each : {&stage.scale, &stage.shift, &stage.mean, &stage.inverse_deviation, &stage.squares,
                   &stage.sum_plain, &stage.sum_centred, &stage.a, &stage.b, &stage.c}) {
    *each = at;
    at += ld;
  }
  if (!stage.layout.has_weights()) std::fill_n(stage.scale, ld, T(1));
  if (options_.backward && layer.kind == LayerKind::depthwise_convolution)
    stage.taps_scratch = numbers<T>(stage.layout.weight.count);
  else if (options_.backward && stage.layout.has_weights() && layer.inputs[0] != network::kInput)
    stage.transposed = numbers<T>(std::int64_t{stage.layout.out} * stage.layout.taps * stage.planes.ld_in);
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
    stage.z = pool.acquire(options_.largest_batch * case_size(static_cast<int>(i)));
    if (options_.backward) continue;
    for (std::size_t j = 0; j <= i; ++j)
      if (last_reader[j] == i) pool.release(stages_[j].z);
  }
  logits_ = numbers<T>(options_.largest_batch * case_size(static_cast<int>(stages_.size()) - 1));
}

/// A gradient lives from its first contribution to its own layer's backward pass.
template <typename T>
void Module<T>::allocate_gradients() {
  Pool<T> pool(buffers_);
  const auto acquire = [&](int layer) {
    stages_[static_cast<std::size_t>(layer)].gradient =
        pool.acquire(options_.largest_batch * case_size(layer));
  };
  acquire(static_cast<int>(stages_.size()) - 1);
  for (std::size_t i = stages_.size(); i-- > 0;) {
    for (std::size_t k = 0; k < stages_[i].deliveries.size(); ++k)
      if (stages_[i].deliveries[k].first) acquire(stages_[i].layer->inputs[k]);
    pool.release(stages_[i].gradient);
  }
}

template <typename T>
void Module<T>::allocate_scratch() {
  std::int64_t first = 0, second = 0, halo = 0, gradient = 0;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    const auto& inputs = stage.layer->inputs;
    for (const int input : inputs) first = std::max(first, stage.chunk_cases * case_size(input));
    if (inputs.size() > 1) second = std::max(second, stage.chunk_cases * case_size(inputs[1]));
    gradient = std::max(gradient, stage.chunk_cases * case_size(static_cast<int>(i)));
    if (stage.layer->kind != LayerKind::convolution) continue;
    const Planes planes = planes_of_chunk(stage, {0, stage.chunk_cases});
    halo = std::max({halo, input_extent(planes).with(input_halo(planes)).count(),
                     output_extent(planes).with(gradient_halo(planes)).count()});
  }
  input_scratch_ = numbers<T>(first);
  second_scratch_ = numbers<T>(second);
  halo_scratch_ = numbers<T>(halo);
  gradient_scratch_ = numbers<T>(gradient);
  delivery_scratch_ = numbers<T>(first);
}

/// Pointwise windows are the rows as they lie: the plane of a chunk is one long row.
template <typename T>
Planes Module<T>::planes_of_chunk(const Stage& stage, Chunk chunk) const {
  Planes planes = stage.planes;
  planes.cases = chunk.cases;
  if (stage.layer->kind != LayerKind::convolution || !planes.is_pointwise()) return planes;
  planes.width_in = planes.width_out = static_cast<int>(planes.cases * planes.positions_out());
  planes.cases = planes.height_in = planes.height_out = 1;
  return planes;
}

template <typename T>
Affine<T> Module<T>::affine(const Stage& stage) const {
  return {stage.scale, stage.shift, stage.layer->activation};
}

/// A layer's output for a chunk: where it lies when it needs no work, else made in `scratch`.
template <typename T>
const T* Module<T>::activated(int layer, Chunk chunk, T* scratch) const {
  if (layer == network::kInput) return input_ + chunk.first * case_size(layer);
  const Stage& stage = stages_[static_cast<std::size_t>(layer)];
  const std::int64_t rows = stage.planes.positions_out();
  const int ld = stage.planes.ld_out;
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
  activate({cases * last.planes.positions_out(), last.planes.ld_out}, last.z, affine(last), logits);
  return logits;
}

template <typename T>
void Module<T>::run_forward(Stage& stage, const NormStatistics& statistics) {
  const bool collect = stage.layout.has_norm() && statistics.of_batch;
  const int ld = stage.planes.ld_out;
  const std::int64_t rows = stage.planes.positions_out();
  if (collect) std::fill(stage.mean, stage.mean + ld, T(0));
  if (collect) std::fill(stage.squares, stage.squares + ld, T(0));
  Moments<T> moments{0, stage.mean, stage.squares};
  for_chunks(stage, [&](Chunk chunk) {
    forward_chunk(stage, chunk);
    if (collect) add_to_moments({chunk.cases * rows, ld}, stage.z + chunk.first * rows * ld, moments);
  });
  if (stage.layout.has_weights()) set_affine(stage, statistics, cases_ * rows);
}

template <typename T>
void Module<T>::forward_chunk(Stage& stage, Chunk chunk) {
  const Planes planes = planes_of_chunk(stage, chunk);
  const auto& inputs = stage.layer->inputs;
  const std::int64_t size = std::int64_t{stage.planes.positions_out()} * stage.planes.ld_out;
  T* z = stage.z + chunk.first * size;
  if (stage.layer->kind == LayerKind::concatenation) return concatenate(stage, chunk, z);
  const T* x = activated(inputs[0], chunk, input_scratch_.template data_ptr<T>());
  const auto second = [&] { return activated(inputs[1], chunk, second_scratch_.template data_ptr<T>()); };
  switch (stage.layer->kind) {
    case LayerKind::depthwise_convolution:
      return depthwise_forward(planes, x, parameters_.value(stage.layout.weight), z);
    case LayerKind::convolution:
    case LayerKind::linear:
      return convolve(planes, framed(input_extent(planes), input_halo(planes), x),
                      parameters_.value(stage.layout.weight), z);
    case LayerKind::global_mean:
      return mean_rows(chunk.cases, planes.positions_in(), planes.ld_in, x, z);
    case LayerKind::scale:
      return scale_rows(chunk.cases, planes.positions_in(), planes.ld_in, x, second(), z);
    case LayerKind::add:
      return sum(chunk.cases * size, x, second(), z);
    case LayerKind::average_pool:
      return average_pool_forward(planes, x, z);
    case LayerKind::max_pool:
      return max_pool_forward(planes, x, z);
    case LayerKind::concatenation:
      break;
  }
}

template <typename T>
void Module<T>::concatenate(Stage& stage, Chunk chunk, T* z) {
  const Rows rows{chunk.cases * stage.planes.positions_out(), stage.planes.ld_out};
  int first = 0;
  for (const int input : stage.layer->inputs) {
    const int channels = shape_of(input).back();
    const T* x = activated(input, chunk, input_scratch_.template data_ptr<T>());
    copy_channels(rows.count, channels, x, padded<T>(channels), z + first, rows.ld);
    first += channels;
  }
  clear_channels(rows, first, z);
}

template <typename T>
const T* Module<T>::framed(const Extent& extent, const Halo& halo, const T* x) {
  return with_halo(extent, halo, x, halo_scratch_.template data_ptr<T>());
}

/// What the layer's readers apply: batch norm, or the bias.
template <typename T>
void Module<T>::set_affine(Stage& stage, const NormStatistics& statistics, std::int64_t rows) {
  const int ld = stage.planes.ld_out;
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
  for (int c = 0; c < stage.planes.ld_out; ++c) {
    mean[c] += part * (stage.mean[c] - mean[c]);
    variance[c] += part * (stage.squares[c] / unbiased - variance[c]);
  }
}

template <typename T>
void Module<T>::read_output(std::size_t layer, T* to) const {
  PARSIMONY_EXPECTS(layer < stages_.size() && (options_.backward || layer + 1 == stages_.size()));
  const Stage& stage = stages_[layer];
  const Rows rows{cases_ * stage.planes.positions_out(), stage.planes.ld_out};
  if (stage.plain)
    std::copy_n(stage.z, rows.count * rows.ld, to);
  else
    activate(rows, stage.z, affine(stage), to);
}

template <typename T>
void Module<T>::read_before_activation(std::size_t layer, T* to) const {
  PARSIMONY_EXPECTS(layer < stages_.size() && options_.backward);
  const Stage& stage = stages_[layer];
  Affine<T> without = affine(stage);
  without.activation = network::Activation::none;
  activate({cases_ * stage.planes.positions_out(), stage.planes.ld_out}, stage.z, without, to);
}

template class Module<float>;
template class Module<double>;

}  // namespace parsimony::nn
