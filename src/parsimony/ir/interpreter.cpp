#include "parsimony/ir/interpreter.hpp"

#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir {
namespace reference {

Values run(const Graph& graph, const Operator& op, std::span<const Values* const> inputs) {
  const Values& first = *inputs[0];
  const Values& second = inputs.size() > 1 ? *inputs[1] : op.constant.values;
  switch (op.kind) {
    case OperatorKind::convolution:
      return convolution(graph, op, first);
    case OperatorKind::depthwise_convolution:
      return depthwise_convolution(graph, op, first);
    case OperatorKind::fully_connected:
      return fully_connected(graph, op, first);
    case OperatorKind::average_pool:
      return average_pool(graph, op, first);
    case OperatorKind::max_pool:
      return max_pool(graph, op, first);
    case OperatorKind::mean:
      return mean(graph, op, first);
    case OperatorKind::add:
    case OperatorKind::subtract:
      return add(graph, op, first, second);
    case OperatorKind::multiply:
      return multiply(graph, op, first, second);
    case OperatorKind::concatenation:
      return concatenation(graph, op, inputs);
    case OperatorKind::slice:
      return slice(graph, op, first);
    case OperatorKind::join:
      return join(inputs);
    case OperatorKind::pad:
      return pad(graph, op, first);
    case OperatorKind::reshape:
      return first;
    case OperatorKind::table:
      return table(op, first);
    case OperatorKind::softmax:
      return softmax(graph, op, first);
    case OperatorKind::argmax:
      return argmax(graph, op, first);
  }
  contract_broken("precondition", "a known kind of operator", __FILE__, __LINE__);
}

}  // namespace reference

using reference::Values;

std::vector<Values> interpret_all(const Graph& graph, std::span<const std::int8_t> input) {
  PARSIMONY_EXPECTS(!is_skeleton(graph));
  PARSIMONY_EXPECTS(input.size() == static_cast<std::size_t>(graph.tensor(graph.input).elements()));
  std::vector<Values> values(graph.tensors.size());
  const auto of = [&](TensorId id) -> Values& { return values[static_cast<std::size_t>(id)]; };
  of(graph.input).assign(input.begin(), input.end());
  std::vector<const Values*> inputs;
  for (const Operator& op : graph.operators) {
    inputs.clear();
    for (const TensorId id : op.inputs) inputs.push_back(&of(id));
    of(op.output) = reference::run(graph, op, inputs);
  }
  return values;
}

Values interpret(const Graph& graph, std::span<const std::int8_t> input) {
  return std::move(interpret_all(graph, input)[static_cast<std::size_t>(graph.output)]);
}

}  // namespace parsimony::ir
