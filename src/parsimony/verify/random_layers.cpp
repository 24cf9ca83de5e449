#include "parsimony/verify/random_layers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/random.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::verify {
namespace {

using Kind = ir::OperatorKind;
using Shape = std::vector<std::int32_t>;

constexpr ir::TensorId kInput{0};

class Layers {
 public:
  Layers(std::uint64_t seed, bool two_axes, bool few_channels)
      : random_(seed, 0, "layers"), axes_(two_axes ? 2 : 1), few_channels_(few_channels) {
    graph_.name = "layers";
    Shape shape;
    for (std::size_t axis = 0; axis < axes_; ++axis) shape.push_back(two_axes ? pick(5, 18) : pick(8, 70));
    shape.push_back(few_channels ? pick(1, 3) : channels());
    graph_.tensors.push_back({"x", shape, {0.1f, -3}});
    graph_.normalisation = {{0.0f}, {1.0f}};
  }

  ir::Graph make() {
    for (int number = 0; number < 7; ++number) convolve(Kind::convolution, number, channels());
    if (few_channels_) return finish();
    for (int number = 0; number < 6; ++number) convolve(Kind::depthwise_convolution, number, shape().back());
    for (int number = 0; number < 3; ++number) connect();
    if (axes_ == 2) {
      convolve(Kind::depthwise_convolution, 3, 2 * shape().back());
      for (int number = 0; number < 3; ++number) pool(number == 0 ? Kind::max_pool : Kind::average_pool);
      add(Kind::pad, {shape()[0] + 2, shape()[1] + 1, shape()[2]}).windows = {padded(2, 0), padded(0, 1), {}};
      add(Kind::concatenation, {shape()[0], shape()[1], 2 * shape()[2]}).inputs.push_back(kInput);
      graph_.operators.back().axis = 2;
    }
    for (const Kind kind : {Kind::add, Kind::subtract, Kind::multiply})
      add(kind, shape()).inputs.push_back(kInput);
    for (const Kind kind : {Kind::add, Kind::multiply})
      for (const bool whole : {false, true}) add_with_constant(kind, whole);
    const ir::TensorId means = add(Kind::mean, {shape().back()}).output;
    add(Kind::multiply, shape()).inputs.push_back(means);
    add(Kind::argmax, {static_cast<std::int32_t>(graph_.tensors[0].elements() / shape().back())});
    graph_.tensors.back().quantisation = {1.0f, -128};
    add(Kind::table, shape()).table.assign(256, 1);
    add(Kind::softmax, shape());
    graph_.tensors.back().quantisation = {1.0f / 256, -128};
    return finish();
  }

 private:
  ir::Graph finish() {
    graph_.output = graph_.operators.back().output;
    ir::verify(graph_);
    return std::move(graph_);
  }

  std::int32_t pick(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  std::int32_t channels() { return pick(0, 2) == 0 ? pick(1, 40) : 4 * pick(1, 12); }
  const Shape& shape() const { return graph_.tensors[0].shape; }
  static ir::Window padded(std::int32_t before, std::int32_t after) {
    ir::Window window;
    window.pad_before = before;
    window.pad_after = after;
    return window;
  }

  ir::Operator& add(Kind kind, Shape shape) {
    ir::Operator op;
    op.kind = kind;
    op.name = fmt::format("layer{}", graph_.operators.size());
    op.inputs = {kInput};
    // Equal where TFLite asks for it.
    const bool keeps = kind == Kind::max_pool || kind == Kind::average_pool || kind == Kind::pad ||
                       kind == Kind::concatenation;
    graph_.tensors.push_back({op.name + "_out", std::move(shape),
                              keeps ? graph_.tensors[0].quantisation : ir::Quantisation{0.8f, 2}});
    op.output = static_cast<ir::TensorId>(graph_.tensors.size() - 1);
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back();
  }

  void add_with_constant(Kind kind, bool whole) {
    ir::Operator& op = add(kind, shape());
    op.constant.shape = whole ? shape() : Shape{shape().back()};
    op.constant.quantisation = {0.05f, 1};
    for (std::int64_t k = 0; k < op.constant.elements(); ++k)
      op.constant.values.push_back(static_cast<std::int8_t>(pick(-128, 127)));
  }

  void weigh(ir::Operator& op, std::int64_t weights, std::int32_t outputs) {
    // As in trained layers: no sum is beyond what the DSP kernels' packed pairs hold.
    const auto largest =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(40000 * outputs / weights, 1, 127));
    for (std::int64_t k = 0; k < weights; ++k)
      op.weights.push_back(static_cast<std::int8_t>(pick(-largest, largest)));
    for (std::int32_t c = 0; c < outputs; ++c) {
      op.weight_scales.push_back(static_cast<float>(random_.uniform(0.001, 0.02)));
      op.bias.push_back(pick(-1000, 1000));
    }
  }

  std::vector<ir::Window> windows(std::int32_t kernel, std::int32_t stride) {
    std::vector<ir::Window> all(axes_);
    for (ir::Window& window : all) {
      window.kernel = kernel;
      window.stride = stride;
      window.pad_before = pick(0, kernel / 2);
      window.pad_after = pick(0, kernel / 2);
    }
    return all;
  }

  Shape outputs_of(const std::vector<ir::Window>& windows, std::int32_t channels) const {
    Shape result;
    for (std::size_t axis = 0; axis < axes_; ++axis) result.push_back(windows[axis].outputs(shape()[axis]));
    result.push_back(channels);
    return result;
  }

  void convolve(Kind kind, int number, std::int32_t outputs) {
    constexpr std::int32_t kKernels[] = {1, 3, 3, 5, 2, 1, 4};
    const auto all = windows(kKernels[number], number == 1 ? 1 : number == 2 ? 2 : pick(1, 2));
    std::int64_t weights = outputs;
    for (const ir::Window& window : all) weights *= window.kernel;
    if (kind == Kind::convolution) weights *= shape().back();
    ir::Operator& op = add(kind, outputs_of(all, outputs));
    op.windows = all;
    weigh(op, weights, outputs);
  }

  void connect() {
    const std::int32_t outputs = pick(1, 24);
    weigh(add(Kind::fully_connected, {outputs}), outputs * graph_.tensors[0].elements(), outputs);
  }

  void pool(Kind kind) {
    const auto all = windows(pick(2, 4), pick(1, 2));
    add(kind, outputs_of(all, shape().back())).windows = all;
  }

  RandomStream random_;
  std::size_t axes_;
  bool few_channels_;
  ir::Graph graph_;
};

}  // namespace

ir::Graph random_layers(std::uint64_t seed, bool two_axes, bool few_channels) {
  return Layers(seed, two_axes, few_channels).make();
}

}  // namespace parsimony::verify
