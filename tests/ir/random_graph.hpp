#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::test {

struct RandomGraphOptions {
  int operators = 8;  ///< at least so many (a squeeze-excite branch adds several)
  int max_channels = 40;
  int max_length = 14;
  bool two_dimensions = true;  ///< some graphs are [height, width, c]
  bool rank_one_input = true;  ///< some graphs begin with [c]
  ir::Rounding rounding = ir::Rounding::twice;
  bool reshapes = true;  ///< whose tensors share a buffer
};

/// Valid graphs of all kinds of operators with branches and dead ends, odd channels, even kernels, strides,
/// lopsided pads, kernels larger than the input, extreme zero points, and scales that spread outputs over
/// int8.
class RandomGraph {
 public:
  explicit RandomGraph(std::uint64_t seed, RandomGraphOptions options = {})
      : random_(seed, 0, "random graph"), options_(options) {}

  ir::Graph make() {
    graph_.name = "random \"graph\"";
    graph_.rounding = options_.rounding;
    const bool flat = options_.rank_one_input && pick(0, 9) == 0;
    const bool plane = !flat && options_.two_dimensions && pick(0, 2) == 0;
    std::vector<std::int32_t> shape{channels()};
    if (!flat) shape.insert(shape.begin(), pick(1, options_.max_length));
    if (plane) shape.insert(shape.begin(), pick(1, options_.max_length));
    graph_.input = tensor("x", shape, scale());
    for (std::int32_t c = 0; c < shape.back(); ++c) {
      graph_.normalisation.mean.push_back(static_cast<float>(random_.normal()));
      graph_.normalisation.divisor.push_back(static_cast<float>(random_.uniform(0.01, 2.0)));
    }
    while (static_cast<int>(graph_.operators.size()) < options_.operators) grow();
    graph_.output = graph_.operators.back().output;
    const auto outputs = graph_.tensor(graph_.output).elements();
    if (pick(0, 1) == 1)
      for (std::int64_t k = 0; k < outputs; ++k)
        graph_.class_names.push_back("class " + std::to_string(k) + "\n");
    return graph_;
  }

 private:
  std::int32_t pick(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  std::int32_t channels() { return pick(0, 3) == 0 ? pick(1, 3) : pick(1, options_.max_channels); }
  float scale() { return static_cast<float>(std::exp(random_.uniform(-5.0, 0.0))); }
  std::int32_t zero_point() {
    const std::int32_t kind = pick(0, 3);
    return kind == 0 ? -128 : kind == 1 ? 127 : pick(-128, 127);
  }

  ir::TensorId tensor(const std::string& name, std::vector<std::int32_t> shape, float with_scale) {
    graph_.tensors.push_back({name, std::move(shape), {with_scale, zero_point()}});
    return static_cast<ir::TensorId>(graph_.tensors.size() - 1);
  }

  ir::TensorId any_tensor() {
    const auto last = static_cast<std::int32_t>(graph_.tensors.size()) - 1;
    return static_cast<ir::TensorId>(pick(0, 3) == 0 ? pick(0, last) : last);
  }

  void grow() {
    const ir::TensorId from = any_tensor();
    const bool spatial = graph_.tensor(from).shape.size() > 1;
    switch (spatial ? pick(0, 11) : pick(4, 7)) {
      case 0:
      case 1:
        convolution(from, false);
        break;
      case 2:
      case 3:
        convolution(from, true);
        break;
      case 4:
        fully_connected(from);
        break;
      case 5:
        table(from);
        break;
      case 6:
        combine(from);
        break;
      case 7:
        reshape_or_softmax(from);
        break;
      case 8:
        pool(from);
        break;
      case 9:
        join(from);
        break;
      case 10:
        pad(from);
        break;
      default: {
        mean(from);
        if (pick(0, 1) == 1) table(fully_connected_to(last(), graph_.tensor(from).shape.back()));
        pick(0, 3) == 0 ? sum(from, last()) : multiply(from, last());
      }
    }
  }

  ir::TensorId last() const { return graph_.operators.back().output; }

  ir::Operator& add(ir::OperatorKind kind, std::vector<ir::TensorId> inputs, std::vector<std::int32_t> shape,
                    float output_scale) {
    const std::string number = std::to_string(graph_.operators.size());
    ir::Operator op;
    op.kind = kind;
    op.name = "op" + number;
    op.inputs = std::move(inputs);
    op.output = tensor("t" + number, std::move(shape), output_scale);
    if (clamps(kind) && pick(0, 2) == 0) {
      op.activation_min = pick(-128, 0);
      op.activation_max = pick(op.activation_min, 127);
    }
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back();
  }

  static bool clamps(ir::OperatorKind kind) {
    return ir::has_weights(kind) || ir::has_spatial_windows(kind) || kind == ir::OperatorKind::mean ||
           kind == ir::OperatorKind::multiply || kind == ir::OperatorKind::add ||
           kind == ir::OperatorKind::subtract;
  }

  ir::Window window(std::int32_t length, bool dilates = true) {
    ir::Window result;
    result.kernel = pick(0, 3) == 0 ? 1 : pick(1, 6);
    result.stride = pick(1, 3);
    if (dilates && pick(0, 3) == 0) result.dilation = pick(1, 3);
    const auto most = static_cast<std::int32_t>(result.span()) - 1;
    result.pad_before = pick(0, most);
    result.pad_after = pick(0, most);
    if (length + result.pad_before + result.pad_after < result.span())
      result.pad_before = result.pad_after = most;
    if (pick(0, 3) == 0) result = {};
    return result;
  }

  void convolution(ir::TensorId from, bool depthwise) {
    std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    std::vector<ir::Window> windows;
    std::int64_t depth = depthwise ? 1 : shape.back();
    for (std::size_t axis = 0; axis + 1 < shape.size(); ++axis) {
      windows.push_back(window(shape[axis]));
      shape[axis] = windows.back().outputs(shape[axis]);
      depth *= windows.back().kernel;
    }
    const bool multiplies = pick(0, 3) == 0 && shape.back() <= options_.max_channels;
    shape.back() = depthwise ? shape.back() * (multiplies ? pick(2, 3) : 1) : channels();
    const auto kind = depthwise ? ir::OperatorKind::depthwise_convolution : ir::OperatorKind::convolution;
    add(kind, {from}, shape, 0.0f).windows = windows;
    fill_weights(depth);
  }

  void fully_connected(ir::TensorId from) { fully_connected_to(from, channels()); }

  ir::TensorId fully_connected_to(ir::TensorId from, std::int32_t outputs) {
    add(ir::OperatorKind::fully_connected, {from}, {outputs}, 0.0f);
    fill_weights(graph_.tensor(from).elements());
    return last();
  }

  /// Weights of the last operator, with scales under which sums of `depth` products spread over int8.
  void fill_weights(std::int64_t depth) {
    ir::Operator& op = graph_.operators.back();
    const double deviation = std::sqrt(static_cast<double>(depth)) * 73.0 * 104.0;
    const float output_scale = scale();
    const auto weight_scale = static_cast<float>(
        output_scale * 60.0 / (deviation * graph_.tensor(op.inputs[0]).quantisation.scale));
    for (std::int64_t k = 0; k < ir::weight_count(graph_, op); ++k)
      op.weights.push_back(static_cast<std::int8_t>(pick(-127, 127)));
    for (std::int32_t c = 0; c < ir::output_channels(graph_, op); ++c) {
      op.weight_scales.push_back(weight_scale * static_cast<float>(random_.uniform(0.3, 1.5)));
      op.bias.push_back(static_cast<std::int32_t>(random_.normal() * deviation));
    }
    graph_.tensor(op.output).quantisation.scale = output_scale;
  }

  void mean(ir::TensorId from) {
    const ir::Tensor& input = graph_.tensor(from);
    add(ir::OperatorKind::mean, {from}, {input.shape.back()},
        input.quantisation.scale * static_cast<float>(random_.uniform(0.2, 1.2)));
  }

  void multiply(ir::TensorId from, ir::TensorId by) {
    const float product = graph_.tensor(from).quantisation.scale * graph_.tensor(by).quantisation.scale;
    if (product < 1e-8f || product > 1e8f) return table(from);
    add(ir::OperatorKind::multiply, {from, by}, graph_.tensor(from).shape, product * 60.0f);
  }

  /// The output's quantisation becomes that of the first input.
  ir::Operator& keep_quantisation() {
    ir::Operator& op = graph_.operators.back();
    graph_.tensor(op.output).quantisation = graph_.tensor(op.inputs[0]).quantisation;
    return op;
  }

  void sum(ir::TensorId from, ir::TensorId with) {
    const float larger =
        std::max(graph_.tensor(from).quantisation.scale, graph_.tensor(with).quantisation.scale);
    add(pick(0, 1) == 0 ? ir::OperatorKind::add : ir::OperatorKind::subtract, {from, with},
        graph_.tensor(from).shape, larger * static_cast<float>(random_.uniform(0.3, 2.0)));
  }

  void pool(ir::TensorId from) {
    std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    std::vector<ir::Window> windows;
    for (std::size_t axis = 0; axis + 1 < shape.size(); ++axis) {
      windows.push_back(window(shape[axis], false));
      shape[axis] = windows.back().outputs(shape[axis]);
    }
    add(pick(0, 1) == 0 ? ir::OperatorKind::average_pool : ir::OperatorKind::max_pool, {from}, shape, 1.0f)
        .windows = windows;
    keep_quantisation();
  }

  void join(ir::TensorId from) {
    const std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    const std::int32_t axis = pick(0, static_cast<std::int32_t>(shape.size()) - 1);
    std::vector<std::int32_t> joined = shape;
    const std::int32_t parts = pick(1, 3);
    joined[static_cast<std::size_t>(axis)] *= parts;
    if (graph_.tensor(from).elements() * parts > 20000) return table(from);
    add(ir::OperatorKind::concatenation, std::vector<ir::TensorId>(static_cast<std::size_t>(parts), from),
        joined, 1.0f)
        .axis = axis;
    keep_quantisation();
  }

  void pad(ir::TensorId from) {
    std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    std::vector<ir::Window> windows;
    for (std::int32_t& length : shape) {
      windows.push_back({.pad_before = pick(0, 2), .pad_after = pick(0, 2)});
      length += windows.back().pad_before + windows.back().pad_after;
    }
    add(ir::OperatorKind::pad, {from}, shape, 1.0f).windows = windows;
    keep_quantisation();
  }

  /// With itself or a constant.
  void combine(ir::TensorId from) {
    const bool is_product = pick(0, 1) == 1;
    const std::size_t before = graph_.operators.size();
    is_product ? multiply(from, from) : sum(from, from);
    ir::Operator& op = graph_.operators.back();
    if (pick(0, 1) == 1 || graph_.operators.size() == before || !ir::is_binary(op.kind)) return;
    const std::vector<std::int32_t>& shape = graph_.tensor(from).shape;
    op.inputs.pop_back();
    op.constant.shape = pick(0, 1) == 0 ? shape : std::vector{shape.back()};
    op.constant.quantisation = {graph_.tensor(from).quantisation.scale, zero_point()};
    if (!is_product) op.constant.quantisation.scale *= static_cast<float>(random_.uniform(0.1, 1.0));
    op.constant.first = op.kind == ir::OperatorKind::subtract && pick(0, 1) == 1;
    for (std::int64_t k = 0; k < op.constant.elements(); ++k)
      op.constant.values.push_back(static_cast<std::int8_t>(pick(-128, 127)));
  }

  void argmax(ir::TensorId from) {
    const ir::Tensor& input = graph_.tensor(from);
    if (input.shape.back() > 256) return table(from);
    add(ir::OperatorKind::argmax, {from}, {static_cast<std::int32_t>(input.elements() / input.shape.back())},
        1.0f);
    graph_.tensor(last()).quantisation = {1.0f, -128};
  }

  void reshape_or_softmax(ir::TensorId from) {
    if (pick(0, 5) == 0) return argmax(from);
    const ir::Tensor& input = graph_.tensor(from);
    if (options_.reshapes && pick(0, 2) == 0 && input.elements() <= 4095) {
      add(ir::OperatorKind::reshape, {from}, {static_cast<std::int32_t>(input.elements())}, 1.0f);
      keep_quantisation();
      return;
    }
    if (input.shape.back() > 511) return table(from);
    add(ir::OperatorKind::softmax, {from}, input.shape, 1.0f).beta = pick(0, 1) == 0 ? 1.0f : 0.7f;
    graph_.tensor(last()).quantisation = {1.0f / 256, -128};
  }

  void table(ir::TensorId from) {
    ir::Operator& op = add(ir::OperatorKind::table, {from}, graph_.tensor(from).shape, scale());
    for (int k = 0; k < 256; ++k) op.table.push_back(static_cast<std::int8_t>(pick(-128, 127)));
  }

  RandomStream random_;
  RandomGraphOptions options_;
  ir::Graph graph_;
};

inline ir::Graph random_graph(std::uint64_t seed, RandomGraphOptions options = {}) {
  return RandomGraph(seed, options).make();
}

/// The same graph known by its shapes alone.
inline ir::Graph skeleton_of(ir::Graph graph) {
  for (ir::Tensor& tensor : graph.tensors) tensor.quantisation = {};
  graph.normalisation = {};
  for (ir::Operator& op : graph.operators) {
    op.weights.clear();
    op.weight_scales.clear();
    op.bias.clear();
    op.table.clear();
    op.constant.quantisation = {};
    op.constant.values.clear();
  }
  return graph;
}

/// `count` random int8 values, the extremes more often than the rest.
inline std::vector<std::int8_t> random_values(std::uint64_t seed, std::int64_t count) {
  RandomStream random(seed, 0, "random values");
  std::vector<std::int8_t> values(static_cast<std::size_t>(count));
  for (std::int8_t& value : values) {
    const std::uint64_t kind = random.below(8);
    value = kind == 0   ? std::int8_t{-128}
            : kind == 1 ? std::int8_t{127}
                        : static_cast<std::int8_t>(random.below(256));
  }
  return values;
}

}  // namespace parsimony::test
