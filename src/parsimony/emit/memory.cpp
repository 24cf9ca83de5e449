#include "parsimony/emit/memory.hpp"

#include "parsimony/emit/kernels.hpp"

namespace parsimony::emit {
namespace {

constexpr std::int64_t padded(std::int64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

}  // namespace

std::vector<std::int64_t> scratch_bytes(const ir::Graph& graph) {
  const KernelChoice choice(graph);
  std::vector<std::int64_t> scratch;
  scratch.reserve(graph.operators.size());
  for (const ir::Operator& op : graph.operators) {
    const bool gathers = choice.of(op) == Kernel::convolution;
    const std::int64_t window = gathers ? ir::weight_count(graph, op) / ir::output_channels(graph, op) : 0;
    scratch.push_back(2 * padded(window));
  }
  return scratch;
}

plan::Plan plan_memory(const ir::Graph& graph) {
  return plan::best_plan(graph, scratch_bytes(graph));
}

}  // namespace parsimony::emit
