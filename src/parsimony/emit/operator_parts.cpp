#include "parsimony/emit/operator_parts.hpp"

namespace parsimony::emit {

OperatorParts::OperatorParts(CWriter& to, const Emission& from, const ir::Operator& of)
    : writer(to),
      emission(from),
      op(of),
      kernel(from.choice.of(of)),
      input(from.graph.tensor(of.inputs[0])),
      output(from.graph.tensor(of.output)) {}

std::string OperatorParts::array(std::string_view part) const {
  return emission.symbol(emission.choice.owner(op), part);
}

bool OperatorParts::runs_in_reverse() const {
  const auto& directions = emission.plan.directions;
  const auto step = static_cast<std::size_t>(&op - emission.graph.operators.data());
  return !directions.empty() && directions[step] == plan::Direction::reverse;
}

ir::Multiplier OperatorParts::multiplier(std::size_t index) const {
  return ir::requantisation(emission.graph, op).channels.at(index);
}

void OperatorParts::pointers() const {
  writer.line(".weights = ", Identifier{array("weights")}, ", .bias = ", Identifier{array("bias")}, ",");
  writer.line(".multiplier = ", Identifier{array("multiplier")}, ", .shift = ", Identifier{array("shift")},
              ",");
}

void OperatorParts::mantissa(std::string_view which, std::size_t index) const {
  writer.line(".", which, "multiplier = ", Integer{multiplier(index).mantissa}, ",");
}

void OperatorParts::shift(std::string_view which, std::size_t index) const {
  writer.line(".", which, "shift = ", Integer{multiplier(index).shift}, ",");
}

void OperatorParts::input_zero_point() const {
  writer.line(".input_zero_point = ", Integer{input.quantisation.zero_point}, ",");
}

void OperatorParts::output_zero_point() const {
  writer.line(".output_zero_point = ", Integer{output.quantisation.zero_point}, ",");
}

void OperatorParts::clamp() const {
  writer.line(".lowest = ", Integer{op.activation_min}, ", .highest = ", Integer{op.activation_max}, ",");
}

void OperatorParts::zero_points_and_clamp() const {
  input_zero_point();
  output_zero_point();
  clamp();
}

}  // namespace parsimony::emit
