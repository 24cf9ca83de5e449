#include <fmt/format.h>

#include <algorithm>

#include "parsimony/plan/draw.hpp"

namespace parsimony::plan {
namespace {

constexpr std::string_view kFeatures = "features";

std::string headline(const ir::Graph& graph, const Plan& plan) {
  const std::string gap =
      plan.gap() == Bytes(0) ? "the plan is optimal" : fmt::format("gap {} B", plan.gap().value);
  const std::string plain =
      plan.overlap ? fmt::format(" (no plan without overlap is under {} B)", plan.plain_bound.value) : "";
  return fmt::format("{}: arena {} B, lower bound {} B ({}), planner {}{}\n", graph.name, plan.arena.value,
                     plan.lower_bound.value, gap, plan.planner, plain);
}

/// The marks of one operator's line.
class Line {
 public:
  Line(std::int64_t arena, int columns) : arena_(arena), marks_(static_cast<std::size_t>(columns), '.') {}

  void mark(const Placement& place, char with) {
    if (place.bytes == 0) return;
    const auto columns = static_cast<std::int64_t>(marks_.size());
    const std::int64_t begin = std::min(place.offset * columns / arena_, columns - 1);
    const std::int64_t end = std::max(begin + 1, (place.offset + place.bytes) * columns / arena_);
    for (std::int64_t column = begin; column < std::min(end, columns); ++column) {
      char& at = marks_[static_cast<std::size_t>(column)];
      at = with == '#' && at == '=' ? '%' : with;
    }
  }
  const std::string& marks() const { return marks_; }

 private:
  std::int64_t arena_;
  std::string marks_;
};

std::string arena_line(const ir::Graph& graph, const Plan& plan, std::size_t step, int columns) {
  const ir::Operator& op = graph.operators[step];
  const auto at = static_cast<std::int32_t>(step);
  Line line(plan.arena.value, columns);
  for (const Placement& place : plan.tensors)
    if (place.first <= at && at <= place.last) line.mark(place, '-');
  for (const ir::TensorId id : op.inputs) line.mark(plan.tensors[static_cast<std::size_t>(id)], '=');
  line.mark(plan.tensors[static_cast<std::size_t>(op.output)], '#');
  line.mark(plan.scratch[step], '+');
  return line.marks();
}

/// Features make the input from sound before the first operator.
std::string features_line(const ir::Graph& graph, const Plan& plan, int columns) {
  Line line(plan.arena.value, columns);
  line.mark(plan.tensors[static_cast<std::size_t>(graph.input)], '#');
  line.mark(plan.filling, '+');
  return line.marks();
}

}  // namespace

std::string drawn_as_text(const ir::Graph& graph, const Plan& plan, int columns, std::string_view note) {
  std::string text = headline(graph, plan);
  if (!note.empty()) text += fmt::format("{}\n", note);
  text +=
      "each line an operator, left to right the arena's bytes; '#' output, '=' input, '%' output over "
      "input,\n"
      "'+' scratch, '-' kept, '.' free, '<' runs in reverse\n\n";
  const bool filled = plan.filling.bytes > 0;
  std::size_t width = filled ? kFeatures.size() : 0;
  for (const ir::Operator& op : graph.operators) width = std::max(width, op.name.size());
  if (filled)
    text += fmt::format("{:>{}} |{}|{}\n", kFeatures, width, features_line(graph, plan, columns),
                        plan.peak_step < 0 ? " peak" : "");
  for (std::size_t step = 0; step < graph.operators.size(); ++step)
    text += fmt::format("{:>{}} |{}|{}{}\n", graph.operators[step].name, width,
                        arena_line(graph, plan, step, columns),
                        plan.directions[step] == Direction::reverse ? "<" : "",
                        static_cast<std::int32_t>(step) == plan.peak_step ? " peak" : "");
  return text;
}

}  // namespace parsimony::plan
