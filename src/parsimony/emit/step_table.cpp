#include <fmt/format.h>
#include <fmt/ranges.h>

#include "parsimony/emit/dsp_operator.hpp"
#include "parsimony/emit/emission.hpp"

namespace parsimony::emit {
namespace {

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

std::int64_t step_count(const Emission& emission) {
  std::int64_t count = 0;
  for (const ir::Operator& op : emission.graph.operators) count += emission.choice.steps(op);
  return count;
}

void write_steps(CWriter& writer, const Emission& emission) {
  const ir::Graph& graph = emission.graph;
  const auto words = [](std::int64_t offset) { return Unsigned{offset / plan::kArenaAlign}; };
  writer.line(Comment{"In order of execution; @: offset in the arena [B]."});
  writer.open("static const struct parsimony_step steps[", Integer{step_count(emission)}, "] = ");
  for (std::size_t number = 0; number < graph.operators.size(); ++number) {
    const ir::Operator& op = graph.operators[number];
    const Kernel kernel = emission.choice.of(op);
    const bool binary = op.inputs.size() > 1 && op.kind != ir::OperatorKind::concatenation;
    const bool swapped =
        (kernel == Kernel::dsp_add || kernel == Kernel::mve_add) && dsp_addition(graph, op).first == 1;
    const std::int64_t scratch = emission.plan.scratch.empty() ? 0 : emission.plan.scratch[number].offset;
    const std::int64_t aux = binary ? emission.offset(op.inputs[swapped ? 0 : 1]) : scratch;
    const auto step = [&](Kernel runs, const std::string& parameters, std::int64_t input,
                          std::int64_t second) {
      writer.line("{parsimony_", facts(runs).functions[0], ", &", Identifier{parameters}, ", ", words(input),
                  ", ", words(second), ", ", words(emission.offset(op.output)), "},");
    };
    writer.line(Comment{step_comment(emission, number)});
    for (std::size_t part = 0; part < static_cast<std::size_t>(KernelChoice::parts(op)); ++part)
      step(kernel, parameter_symbol(emission, op, part), emission.offset(op.inputs[swapped ? 1 : part]), aux);
    if (emission.choice.clamps_apart(op))
      step(Kernel::dsp_clamp, emission.symbol(op, "clamp"), emission.offset(op.output), 0);
  }
  writer.close(";");
  writer.line();
}

}  // namespace parsimony::emit
