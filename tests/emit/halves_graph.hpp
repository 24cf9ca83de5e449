#pragma once

#include <cmath>
#include <numeric>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::test {

/// One convolution [256, 1] -> [256, 16] whose channels scale by 2^1 … 2^-14: an input that holds every int8
/// value meets every exact half, of both signs, at every right shift. The zero point is off the middle and
/// the last channels' weights are negative.
inline ir::Graph halves_graph() {
  ir::Graph graph;
  graph.name = "halves";
  graph.tensors = {{"x", {256, 1}, {1.0f, -5}}, {"y", {256, 16}, {1.0f, 3}}};
  graph.normalisation = {{0.0f}, {1.0f}};
  ir::Operator op;
  op.kind = ir::OperatorKind::convolution;
  op.name = "conv";
  op.inputs = {ir::TensorId{0}};
  op.output = graph.output = ir::TensorId{1};
  op.windows = {ir::Window{}};
  for (int channel = 0; channel < 16; ++channel) {
    op.weights.push_back(static_cast<std::int8_t>(channel < 10 ? 1 : -127));
    op.weight_scales.push_back(static_cast<float>(std::ldexp(1.0, 1 - channel)));
    op.bias.push_back(channel - 8);
  }
  graph.operators = {op};
  return graph;
}

/// Every int8 value.
inline std::vector<std::int8_t> every_value() {
  std::vector<std::int8_t> values(256);
  std::iota(values.begin(), values.end(), static_cast<std::int8_t>(-128));
  return values;
}

}  // namespace parsimony::test
