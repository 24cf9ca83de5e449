#include <fmt/format.h>

#include "parsimony/base/contracts.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/emission.hpp"
#include "parsimony/ir/arithmetic.hpp"

namespace parsimony::emit {
namespace {

constexpr std::int64_t padded(std::size_t bytes) {
  return static_cast<std::int64_t>((bytes + 3) / 4 * 4);
}

/// The constants and parameters of one operator.
class OperatorSource {
 public:
  OperatorSource(CWriter& writer, const Emission& emission, const ir::Operator& op)
      : writer_(writer),
        emission_(emission),
        op_(op),
        input_(emission.graph.tensor(op.inputs[0])),
        output_(emission.graph.tensor(op.output)) {}

  void write() {
    writer_.line(Comment{fmt::format("{}: {}", op_.name, ir::kind_name(op_.kind))});
    write_arrays();
    writer_.open("static const struct parsimony_", kernel_name(kernel_of(op_.kind)), " ",
                 Identifier{symbol("params")}, " = ");
    write_parameters();
    writer_.close(";");
    writer_.line();
  }

 private:
  std::string symbol(std::string_view part) const { return emission_.symbol(op_, part); }

  void write_arrays() {
    if (op_.kind == ir::OperatorKind::table)
      writer_.array("int8_t", {symbol("table")}, op_.table, padded(op_.table.size()));
    if (op_.weights.empty()) return;
    std::vector<std::int32_t> mantissas;
    std::vector<std::int8_t> shifts;
    for (const ir::Multiplier& multiplier : ir::requantisation(emission_.graph, op_).channels) {
      mantissas.push_back(multiplier.mantissa);
      shifts.push_back(static_cast<std::int8_t>(multiplier.shift));
    }
    writer_.array("int8_t", {symbol("weights")}, op_.weights, padded(op_.weights.size()));
    writer_.array("int32_t", {symbol("bias")}, std::span<const std::int32_t>(op_.bias));
    writer_.array("int32_t", {symbol("multiplier")}, std::span<const std::int32_t>(mantissas));
    writer_.array("int8_t", {symbol("shift")}, shifts, padded(shifts.size()));
  }

  void write_parameters() {
    switch (op_.kind) {
      case ir::OperatorKind::convolution:
        return write_convolution(op_.windows.at(0), input_.shape.front(), input_.shape.back(),
                                 output_.shape.front());
      case ir::OperatorKind::fully_connected:
        return write_convolution(ir::Window{}, 1, input_.elements(), 1);
      case ir::OperatorKind::depthwise_convolution:
        return write_depthwise(op_.windows.at(0));
      case ir::OperatorKind::mean:
        return write_mean();
      case ir::OperatorKind::multiply:
        return write_multiply();
      case ir::OperatorKind::table:
        return writer_.line(".table = ", Identifier{symbol("table")},
                            ", .elements = ", Integer{output_.elements()});
      default:
        contract_broken("precondition", "a kind that check_supported lets pass", __FILE__, __LINE__);
    }
  }

  void write_convolution(const ir::Window& window, std::int64_t length, std::int64_t channels,
                         std::int64_t outputs) {
    write_pointers();
    writer_.line(".input_length = ", Integer{length}, ", .input_channels = ", Integer{channels}, ",");
    writer_.line(".output_length = ", Integer{outputs},
                 ", .output_channels = ", Integer{output_.shape.back()}, ",");
    write_window(window);
    write_clamp();
  }

  void write_depthwise(const ir::Window& window) {
    write_pointers();
    writer_.line(".input_length = ", Integer{input_.shape.front()},
                 ", .channels = ", Integer{input_.shape.back()},
                 ", .output_length = ", Integer{output_.shape.front()}, ",");
    write_window(window);
    write_clamp();
  }

  void write_mean() {
    writer_.line(".length = ", Integer{input_.elements() / input_.shape.back()},
                 ", .channels = ", Integer{input_.shape.back()}, ",");
    write_multiplier();
    write_clamp();
  }

  void write_multiply() {
    const ir::Tensor& second = emission_.graph.tensor(op_.inputs[1]);
    writer_.line(".rows = ", Integer{output_.elements() / second.elements()},
                 ", .columns = ", Integer{second.elements()}, ",");
    write_multiplier();
    writer_.line(".second_zero_point = ", Integer{second.quantisation.zero_point}, ",");
    write_clamp();
  }

  void write_pointers() {
    writer_.line(".weights = ", Identifier{symbol("weights")}, ", .bias = ", Identifier{symbol("bias")}, ",");
    writer_.line(".multiplier = ", Identifier{symbol("multiplier")},
                 ", .shift = ", Identifier{symbol("shift")}, ",");
  }

  void write_window(const ir::Window& window) {
    writer_.line(".kernel = ", Integer{window.kernel}, ", .stride = ", Integer{window.stride},
                 ", .pad_before = ", Integer{window.pad_before}, ",");
  }

  void write_multiplier() {
    const ir::Multiplier multiplier = ir::requantisation(emission_.graph, op_).channels.at(0);
    writer_.line(".multiplier = ", Integer{multiplier.mantissa}, ", .shift = ", Integer{multiplier.shift},
                 ",");
  }

  void write_clamp() {
    writer_.line(".input_zero_point = ", Integer{input_.quantisation.zero_point},
                 ", .output_zero_point = ", Integer{output_.quantisation.zero_point}, ",");
    writer_.line(".lowest = ", Integer{op_.activation_min}, ", .highest = ", Integer{op_.activation_max});
  }

  CWriter& writer_;
  const Emission& emission_;
  const ir::Operator& op_;
  const ir::Tensor& input_;
  const ir::Tensor& output_;
};

/// "3 conv1: x s8[100, 6] @0, w s8[8, 3, 6] -> y s8[50, 8] @600, scratch 0 B".
std::string step_comment(const Emission& emission, std::size_t number) {
  const ir::Graph& graph = emission.graph;
  const ir::Operator& op = graph.operators[number];
  std::string text = fmt::format("{} {}:", number, op.name);
  for (const ir::TensorId id : op.inputs)
    text +=
        fmt::format(" {} {} @{},", graph.tensor(id).name, shape_text(graph.tensor(id)), emission.offset(id));
  if (!op.weights.empty()) text += fmt::format(" w s8[{}],", fmt::join(weight_shape(graph, op), ", "));
  return text + fmt::format(" -> {} {} @{}, scratch {} B", graph.tensor(op.output).name,
                            shape_text(graph.tensor(op.output)), emission.offset(op.output),
                            emission.plan.scratch.empty() ? 0 : emission.plan.scratch[number].bytes);
}

}  // namespace

std::vector<std::int64_t> weight_shape(const ir::Graph& graph, const ir::Operator& op) {
  const ir::Tensor& input = graph.tensor(op.inputs[0]);
  const std::int64_t channels = ir::output_channels(graph, op);
  if (op.kind == ir::OperatorKind::fully_connected) return {channels, input.elements()};
  if (op.kind == ir::OperatorKind::depthwise_convolution) return {op.windows.at(0).kernel, channels};
  if (op.kind == ir::OperatorKind::convolution)
    return {channels, op.windows.at(0).kernel, input.shape.back()};
  return {};
}

void write_constants(CWriter& writer, const Emission& emission) {
  for (const ir::Operator& op : emission.graph.operators) OperatorSource(writer, emission, op).write();
}

void write_steps(CWriter& writer, const Emission& emission) {
  const ir::Graph& graph = emission.graph;
  writer.line(Comment{"In order of execution; @: offset in the arena [B]."});
  writer.open("static const struct parsimony_step steps[",
              Integer{static_cast<std::int64_t>(graph.operators.size())}, "] = ");
  for (std::size_t number = 0; number < graph.operators.size(); ++number) {
    const ir::Operator& op = graph.operators[number];
    const auto word = [&](ir::TensorId id) { return Unsigned{emission.offset(id) / plan::kArenaAlign}; };
    writer.line(Comment{step_comment(emission, number)});
    writer.line("{parsimony_", kernel_name(kernel_of(op.kind)), ", &",
                Identifier{emission.symbol(op, "params")}, ", ", word(op.inputs[0]), ", ",
                op.inputs.size() > 1 ? word(op.inputs[1]) : Unsigned{0}, ", ", word(op.output), "},");
  }
  writer.close(";");
  writer.line();
}

}  // namespace parsimony::emit
