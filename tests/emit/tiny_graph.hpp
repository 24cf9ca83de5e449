#pragma once

#include <string>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::test {

/// A network of 7 operators, one of each kind and squeeze-excite's shape, small enough to be read in a golden
/// file: [6, 2] -> convolution k3 s2 -> depthwise k3 -> (mean -> fully connected -> table) -> multiply ->
/// mean -> fully connected -> [2]. Its output depends on every weight.
class TinyGraph {
 public:
  TinyGraph() {
    graph_.name = "tiny";
    graph_.tensors.push_back({"x", {6, 2}, {0.1f, -3}});
    graph_.normalisation = {{0.5f, -9.80665f}, {0.1f, 0.25f}};
    graph_.class_names = {"still", "\"odd\" name??"};
    weigh(add(ir::OperatorKind::convolution, "conv", {x()}, {3, 3}, {3, 2, 1, 1}), 18, 3, 0.01f);
    weigh(add(ir::OperatorKind::depthwise_convolution, "depthwise", {last()}, {3, 3}, {3, 1, 1, 1}), 9, 3,
          0.01f);
    const ir::TensorId features = last();
    add(ir::OperatorKind::mean, "squeeze", {features}, {3}, {});
    weigh(add(ir::OperatorKind::fully_connected, "excite", {last()}, {3}, {}), 9, 3, 0.02f);
    ir::Operator& gate = add(ir::OperatorKind::table, "gate", {last()}, {3}, {});
    for (int k = -128; k < 128; ++k) gate.table.push_back(static_cast<std::int8_t>(k < 0 ? k / 2 : k / 3));
    const ir::TensorId gates = last();
    add(ir::OperatorKind::multiply, "scale", {features, gates}, {3, 3}, {});
    add(ir::OperatorKind::mean, "pool", {last()}, {3}, {});
    weigh(add(ir::OperatorKind::fully_connected, "classifier", {last()}, {2}, {}), 6, 2, 0.02f);
    graph_.operators[0].activation_min = -20;
    graph_.output = last();
  }

  ir::Graph take() { return std::move(graph_); }

 private:
  static ir::TensorId x() { return ir::TensorId{0}; }
  ir::TensorId last() const { return static_cast<ir::TensorId>(graph_.tensors.size() - 1); }

  ir::Operator& add(ir::OperatorKind kind, const std::string& name, std::vector<ir::TensorId> inputs,
                    std::vector<std::int32_t> shape, ir::Window window) {
    ir::Operator op;
    op.kind = kind;
    op.name = name;
    op.inputs = std::move(inputs);
    if (shape.size() == 2 && kind != ir::OperatorKind::multiply) op.windows = {window};
    graph_.tensors.push_back({name + "_out", std::move(shape), {0.05f, -20}});
    op.output = last();
    graph_.operators.push_back(std::move(op));
    return graph_.operators.back();
  }

  static void weigh(ir::Operator& op, int weights, int channels, float scale) {
    for (int k = 0; k < weights; ++k) op.weights.push_back(static_cast<std::int8_t>(k * 37 % 255 - 127));
    for (int c = 0; c < channels; ++c) {
      op.weight_scales.push_back(scale / static_cast<float>(c + 1));
      op.bias.push_back(100 * c - 70);
    }
  }

  ir::Graph graph_;
};

}  // namespace parsimony::test
