#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::test {

/// dscnn-se-1d (SEMANTICS.md, section 5) as an int8 graph with random weights, for benches and for tests that
/// want a network of real proportions: convolution k3 stride 2, ten blocks of depthwise k3 and pointwise,
/// squeeze-excite after every second, mean, fully connected. 43 operators.
class DscnnGraph {
 public:
  DscnnGraph(std::int32_t width, std::int32_t length, std::int32_t channels, std::int32_t classes)
      : random_(1, 0, "dscnn"), width_(width) {
    graph_.name = "dscnn-se-1d";
    graph_.tensors.push_back({"x", {length, channels}, {0.05f, 3}});
    graph_.normalisation.mean.assign(static_cast<std::size_t>(channels), 0.5f);
    graph_.normalisation.divisor.assign(static_cast<std::size_t>(channels), 0.1f);
    convolve(ir::OperatorKind::convolution, "conv", {3, 2, 1, 1});
    for (int block = 1; block <= 10; ++block) {
      convolve(ir::OperatorKind::depthwise_convolution, "depthwise" + std::to_string(block), {3, 1, 1, 1});
      convolve(ir::OperatorKind::convolution, "pointwise" + std::to_string(block), {});
      if (block % 2 == 0) squeeze_excite(std::to_string(block));
    }
    add(ir::OperatorKind::mean, "mean", {last()}, {width_});
    connect("classifier", classes);
    graph_.output = last();
  }

  ir::Graph take() { return std::move(graph_); }

 private:
  ir::TensorId last() const { return static_cast<ir::TensorId>(graph_.tensors.size() - 1); }

  ir::Operator& add(ir::OperatorKind kind, const std::string& name, std::vector<ir::TensorId> inputs,
                    std::vector<std::int32_t> shape) {
    ir::Operator op;
    op.kind = kind;
    op.name = name;
    op.inputs = std::move(inputs);
    graph_.tensors.push_back({name + "_out", std::move(shape), {0.05f, -128}});
    op.output = last();
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back();
  }

  void convolve(ir::OperatorKind kind, const std::string& name, ir::Window window) {
    const ir::TensorId from = last();
    const std::vector<std::int32_t> shape = graph_.tensor(from).shape;
    add(kind, name, {from}, {window.outputs(shape[0]), width_}).windows = {window};
    fill(kind == ir::OperatorKind::convolution ? window.kernel * shape[1] : window.kernel);
  }

  void connect(const std::string& name, std::int32_t outputs) {
    const ir::TensorId from = last();
    add(ir::OperatorKind::fully_connected, name, {from}, {outputs});
    fill(static_cast<std::int32_t>(graph_.tensor(from).elements()));
  }

  void squeeze_excite(const std::string& block) {
    const ir::TensorId from = last();
    add(ir::OperatorKind::mean, "pool" + block, {from}, {width_});
    connect("squeeze" + block, std::max(width_ / 4, 1));
    connect("excite" + block, width_);
    ir::Operator& sigmoid = add(ir::OperatorKind::table, "sigmoid" + block, {last()}, {width_});
    for (int q = -128; q < 128; ++q)
      sigmoid.table.push_back(static_cast<std::int8_t>(std::clamp(q * 43 / 64, -128, 127)));
    const ir::TensorId gate = last();
    graph_.tensor(gate).quantisation = {1.0f / 256.0f, -128};
    add(ir::OperatorKind::multiply, "scale" + block, {from, gate}, graph_.tensor(from).shape);
  }

  void fill(std::int32_t depth) {
    ir::Operator& op = graph_.operators.back();
    for (std::int64_t k = 0; k < ir::weight_count(graph_, op); ++k)
      op.weights.push_back(static_cast<std::int8_t>(static_cast<int>(random_.below(255)) - 127));
    op.weight_scales.assign(static_cast<std::size_t>(ir::output_channels(graph_, op)),
                            static_cast<float>(1.0 / (90.0 * std::sqrt(depth))));
    for (std::size_t c = 0; c < op.weight_scales.size(); ++c)
      op.bias.push_back(static_cast<std::int32_t>(random_.normal() * 3000.0));
  }

  RandomStream random_;
  std::int32_t width_;
  ir::Graph graph_;
};

inline ir::Graph dscnn_graph(std::int32_t width, std::int32_t length, std::int32_t channels,
                             std::int32_t classes) {
  return DscnnGraph(width, length, channels, classes).take();
}

}  // namespace parsimony::test
