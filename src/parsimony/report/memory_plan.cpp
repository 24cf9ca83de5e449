#include "parsimony/report/memory_plan.hpp"

#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::report {
namespace {

Buffer buffer_of(const std::string& name, const plan::Placement& placement) {
  Buffer buffer;
  buffer.name = name;
  buffer.offset = placement.offset;
  buffer.bytes = placement.bytes;
  buffer.first = placement.first;
  buffer.last = placement.last;
  return buffer;
}

}  // namespace

MemoryPlan memory_plan_of(const std::string& graph_text, const std::string& where) {
  const ir::Graph graph = lower::lower(ir::from_text(graph_text, where));
  const plan::Plan plan = emit::plan_memory(graph);
  MemoryPlan drawn;
  drawn.arena_bytes = plan.arena.value;
  drawn.lower_bound_bytes = plan.lower_bound.value;
  drawn.planner = plan.planner;
  for (const ir::Operator& op : graph.operators) drawn.steps.push_back(op.name);
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    Buffer buffer = buffer_of(graph.tensors[i].name, plan.tensors[i]);
    buffer.input = static_cast<std::size_t>(graph.input) == i;
    buffer.output = static_cast<std::size_t>(graph.output) == i;
    drawn.buffers.push_back(std::move(buffer));
  }
  for (std::size_t i = 0; i < plan.scratch.size(); ++i) {
    if (plan.scratch[i].bytes == 0) continue;
    Buffer buffer = buffer_of("scratch of " + graph.operators[i].name, plan.scratch[i]);
    buffer.scratch = true;
    drawn.buffers.push_back(std::move(buffer));
  }
  return drawn;
}

}  // namespace parsimony::report
