#include <numeric>

#include "parsimony/ir/reference_kernels.hpp"

namespace parsimony::ir::reference {

Values add(const Graph& graph, const Operator& op, const Values& first, const Values& second) {
  const std::vector<Multiplier> multipliers = requantisation(graph, op).channels;
  const std::int32_t first_zero = graph.tensor(op.inputs[0]).quantisation.zero_point;
  const std::int32_t second_zero = second_quantisation(graph, op).zero_point;
  const std::int32_t output_zero = graph.tensor(op.output).quantisation.zero_point;
  const bool subtracts = op.kind == OperatorKind::subtract;
  const std::int32_t first_sign = subtracts && op.constant.first ? -1 : 1;
  const std::int32_t second_sign = subtracts && !op.constant.first ? -1 : 1;
  const auto scaled = [&](std::int32_t x, Multiplier by) {
    return multiply_by(x * (1 << kAddLeftShift), by, graph.rounding);
  };
  Values output(first.size());
  for (std::size_t k = 0; k < output.size(); ++k) {
    const std::int32_t a = scaled(first[k] - first_zero, multipliers[0]);
    const std::int32_t b = scaled(second[k % second.size()] - second_zero, multipliers[1]);
    const std::int32_t value =
        multiply_by(first_sign * a + second_sign * b, multipliers[2], graph.rounding) + output_zero;
    output[k] = static_cast<std::int8_t>(std::clamp(value, op.activation_min, op.activation_max));
  }
  return output;
}

Values multiply(const Graph& graph, const Operator& op, const Values& first, const Values& second) {
  const Requantiser requantise(graph, op);
  const std::int32_t first_zero = graph.tensor(op.inputs[0]).quantisation.zero_point;
  const std::int32_t second_zero = second_quantisation(graph, op).zero_point;
  Values output(first.size());
  for (std::size_t k = 0; k < output.size(); ++k)
    output[k] = requantise((first[k] - first_zero) * (second[k % second.size()] - second_zero));
  return output;
}

Values concatenation(const Graph& graph, const Operator& op, std::span<const Values* const> inputs) {
  const auto product = [](const std::vector<std::int32_t>& shape, std::size_t from) {
    return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(from), shape.end(), std::int64_t{1},
                           std::multiplies<>());
  };
  const auto axis = static_cast<std::size_t>(op.axis);
  const std::int64_t row = product(graph.tensor(op.output).shape, axis);
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()));
  std::int64_t begin = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const std::int64_t part = product(graph.tensor(op.inputs[k]).shape, axis);
    for (std::size_t from = 0, to = static_cast<std::size_t>(begin); from < inputs[k]->size();
         from += static_cast<std::size_t>(part), to += static_cast<std::size_t>(row))
      std::copy_n(inputs[k]->begin() + static_cast<std::ptrdiff_t>(from), part,
                  output.begin() + static_cast<std::ptrdiff_t>(to));
    begin += part;
  }
  return output;
}

Values slice(const Graph& graph, const Operator& op, const Values& input) {
  const Tensor &from = graph.tensor(op.inputs[0]), &to = graph.tensor(op.output);
  const auto begin =
      input.begin() + static_cast<std::ptrdiff_t>(op.begin * (from.elements() / from.shape[0]));
  return Values(begin, begin + static_cast<std::ptrdiff_t>(to.elements()));
}

Values join(std::span<const Values* const> inputs) {
  Values output;
  for (const Values* input : inputs) output.insert(output.end(), input->begin(), input->end());
  return output;
}

Values pad(const Graph& graph, const Operator& op, const Values& input) {
  const std::vector<std::int32_t>&from = graph.tensor(op.inputs[0]).shape,
        &to = graph.tensor(op.output).shape;
  Values output(static_cast<std::size_t>(graph.tensor(op.output).elements()),
                static_cast<std::int8_t>(graph.tensor(op.output).quantisation.zero_point));
  for (std::size_t k = 0; k < input.size(); ++k) {
    std::size_t rest = k, at = 0, step = 1;
    for (std::size_t axis = from.size(); axis-- > 0;) {
      const auto length = static_cast<std::size_t>(from[axis]);
      at += (rest % length + static_cast<std::size_t>(op.windows[axis].pad_before)) * step;
      rest /= length;
      step *= static_cast<std::size_t>(to[axis]);
    }
    output[at] = input[k];
  }
  return output;
}

Values argmax(const Graph& graph, const Operator& op, const Values& input) {
  const auto depth = static_cast<std::ptrdiff_t>(graph.tensor(op.inputs[0]).shape.back());
  Values output;
  for (auto row = input.begin(); row != input.end(); row += depth)
    output.push_back(static_cast<std::int8_t>(std::max_element(row, row + depth) - row - 128));
  return output;
}

Values table(const Operator& op, const Values& input) {
  Values output(input.size());
  for (std::size_t k = 0; k < output.size(); ++k)
    output[k] = op.table[static_cast<std::size_t>(input[k] + 128)];
  return output;
}

}  // namespace parsimony::ir::reference
