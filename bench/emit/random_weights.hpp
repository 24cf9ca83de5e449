#pragma once

#include <cmath>

#include "parsimony/base/random.hpp"
#include "parsimony/ir/graph.hpp"

namespace parsimony::bench {

inline bool keeps_quantisation(ir::OperatorKind kind) {
  return kind == ir::OperatorKind::average_pool || kind == ir::OperatorKind::max_pool ||
         kind == ir::OperatorKind::concatenation || kind == ir::OperatorKind::pad ||
         kind == ir::OperatorKind::reshape;
}

/// Random weights whose sums spread over int8, ReLU's zero point, biases of their size.
inline ir::Graph with_random_weights(ir::Graph graph) {
  RandomStream random(1, 0, "weights");
  graph.tensor(graph.input).quantisation = {1.0f / 128, 0};
  graph.normalisation = {{0.0f}, {1.0f / 128}};
  for (ir::Operator& op : graph.operators) {
    ir::Quantisation& output = graph.tensor(op.output).quantisation;
    const ir::Quantisation input = graph.tensor(op.inputs[0]).quantisation;
    output = keeps_quantisation(op.kind)
                 ? input
                 : ir::Quantisation{0.05f, -128 + static_cast<int>(random.below(129))};
    if (op.kind == ir::OperatorKind::softmax) output = {1.0f / 256, -128};
    const std::int64_t channels = ir::output_channels(graph, op), weights = ir::weight_count(graph, op);
    if (channels == 0) continue;
    const double deviation =
        std::sqrt(static_cast<double>(weights) / static_cast<double>(channels)) * 73.0 * 60.0;
    for (std::int64_t k = 0; k < weights; ++k)
      op.weights.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
    for (std::int64_t c = 0; c < channels; ++c) {
      op.weight_scales.push_back(
          static_cast<float>(output.scale * 50.0 / (deviation * input.scale) * random.uniform(0.5, 1.5)));
      op.bias.push_back(static_cast<std::int32_t>(random.normal() * deviation));
    }
  }
  return graph;
}

}  // namespace parsimony::bench
