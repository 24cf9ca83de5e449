#include <string>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/network/description.hpp"

namespace parsimony::network {
namespace {

ir::OperatorKind operator_kind(LayerKind kind) {
  switch (kind) {
    case LayerKind::convolution:
      return ir::OperatorKind::convolution;
    case LayerKind::depthwise_convolution:
      return ir::OperatorKind::depthwise_convolution;
    case LayerKind::linear:
      return ir::OperatorKind::fully_connected;
    case LayerKind::global_mean:
      return ir::OperatorKind::mean;
    case LayerKind::scale:
      return ir::OperatorKind::multiply;
    case LayerKind::add:
      return ir::OperatorKind::add;
    case LayerKind::concatenation:
      return ir::OperatorKind::concatenation;
    case LayerKind::average_pool:
      return ir::OperatorKind::average_pool;
    case LayerKind::max_pool:
      return ir::OperatorKind::max_pool;
  }
  contract_broken("precondition", "a known kind of layer", __FILE__, __LINE__);
}

ir::TensorId add_tensor(ir::Graph& graph, const std::string& name, const Shape& shape) {
  graph.tensors.push_back({name, shape, {}});
  return static_cast<ir::TensorId>(graph.tensors.size() - 1);
}

/// Appends the operator and its output tensor, which bears its name.
ir::TensorId add_operator(ir::Graph& graph, ir::Operator op, const Shape& shape) {
  op.output = add_tensor(graph, op.name, shape);
  graph.operators.push_back(std::move(op));
  return graph.operators.back().output;
}

ir::TensorId add_layer(ir::Graph& graph, const Layer& layer, std::vector<ir::TensorId> inputs,
                       const Shape& shape) {
  ir::Operator op;
  op.kind = operator_kind(layer.kind);
  op.name = layer.name;
  op.inputs = std::move(inputs);
  op.windows = layer.windows;
  if (op.kind == ir::OperatorKind::concatenation) op.axis = static_cast<std::int32_t>(shape.size()) - 1;
  if (operator_count(layer) == 1) return add_operator(graph, std::move(op), shape);
  op.name += "_linear";
  ir::Operator table;
  table.kind = ir::OperatorKind::table;
  table.name = layer.name;
  table.inputs = {add_operator(graph, std::move(op), shape)};
  return add_operator(graph, std::move(table), shape);
}

}  // namespace

int operator_count(const Layer& layer) {
  return layer.activation == Activation::hard_swish ? 2 : 1;
}

ir::Graph skeleton(const Description& description) {
  const std::vector<Shape> shapes = output_shapes(description);
  std::size_t operators = 0;
  for (const Layer& layer : description.layers) operators += static_cast<std::size_t>(operator_count(layer));
  ir::Graph graph;
  graph.name = description.name;
  graph.log_mel = description.log_mel;
  graph.tensors.reserve(operators + 1);
  graph.operators.reserve(operators);
  graph.input = add_tensor(graph, "input", description.input_shape);
  std::vector<ir::TensorId> output_of;
  output_of.reserve(shapes.size());
  for (std::size_t i = 0; i < description.layers.size(); ++i) {
    const Layer& layer = description.layers[i];
    std::vector<ir::TensorId> inputs;
    for (int input : layer.inputs)
      inputs.push_back(input == kInput ? graph.input : output_of[static_cast<std::size_t>(input)]);
    output_of.push_back(add_layer(graph, layer, std::move(inputs), shapes[i]));
  }
  graph.output = output_of.back();
  return graph;
}

std::int64_t parameter_count(const Description& description) {
  const ir::Graph graph = skeleton(description);
  std::int64_t count = 0;
  for (const ir::Operator& op : graph.operators) {
    count += ir::weight_count(graph, op) + ir::output_channels(graph, op);
  }
  return count;
}

}  // namespace parsimony::network
