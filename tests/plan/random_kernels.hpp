#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::test {

/// Graphs by shapes alone, for planners: random branches, several readers of a tensor, operators of one to
/// three inputs (now and then the same one twice), reshapes, dead ends; tensors of [bytes].
inline ir::Graph random_flow(std::uint64_t seed, int operators, int max_bytes) {
  RandomStream random(seed, 0, "flow");
  const auto below = [&](int n) { return static_cast<int>(random.below(static_cast<std::uint64_t>(n))); };
  ir::Graph graph;
  graph.name = "flow";
  graph.tensors.push_back({"x", {1 + below(max_bytes)}, {}});
  for (int k = 0; k < operators; ++k) {
    const auto tensor = [&] {
      const int last = static_cast<int>(graph.tensors.size()) - 1;
      return static_cast<ir::TensorId>(below(3) > 0 ? last : below(last + 1));
    };
    ir::Operator op;
    op.name = "op" + std::to_string(k);
    op.inputs.push_back(tensor());
    op.kind = below(6) == 0 ? ir::OperatorKind::reshape : ir::OperatorKind::concatenation;
    if (op.kind != ir::OperatorKind::reshape)
      for (int more = std::max(below(4) - 1, 0); more > 0; --more) op.inputs.push_back(tensor());
    std::vector<std::int32_t> shape{1 + below(max_bytes)};
    if (op.kind == ir::OperatorKind::reshape) shape = graph.tensor(op.inputs[0]).shape;
    op.output = static_cast<ir::TensorId>(graph.tensors.size());
    graph.tensors.push_back({"t" + std::to_string(k), shape, {}});
    graph.operators.push_back(std::move(op));
  }
  // Now and then an earlier one, which others may read after it is made.
  const auto last = static_cast<int>(graph.tensors.size()) - 1;
  graph.output = static_cast<ir::TensorId>(below(4) > 0 ? last : 1 + below(last));
  return graph;
}

/// Kernels that read and write in random blocks, onwards or back, with random frontiers; some need scratch,
/// some cannot run in reverse, some allow no overlap, some read everything first.
struct RandomKernels {
  std::uint64_t seed = 0;
  std::int64_t max_scratch = 60;

  std::vector<plan::Access> trace(const ir::Graph& graph, std::size_t step, plan::Direction direction) const {
    const ir::Operator& op = graph.operators[step];
    const bool reverse = direction == plan::Direction::reverse;
    RandomStream random(seed, step, reverse ? "reverse" : "forward");
    const auto below = [&](std::int64_t n) {
      return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n)));
    };
    const std::int64_t blocks = 1 + below(5);
    const std::int64_t output = graph.tensor(op.output).elements();
    std::vector<plan::Access> accesses;
    for (std::int64_t k = 0; k < blocks; ++k) {
      const std::int64_t at = reverse ? blocks - 1 - k : k;
      for (std::size_t input = 0; input < op.inputs.size(); ++input) {
        const std::int64_t bytes = graph.tensor(op.inputs[input]).elements();
        const std::int64_t begin = std::max<std::int64_t>(at * bytes / blocks - below(1 + bytes / 4), 0);
        const std::int64_t end = std::min((at + 1) * bytes / blocks + below(1 + bytes / 4), bytes);
        accesses.push_back(
            {plan::Access::Kind::read, static_cast<std::int32_t>(input), begin, end - begin, 1, 0});
      }
      const std::int64_t begin = at * output / blocks;
      accesses.push_back({plan::Access::Kind::write, 0, begin, (at + 1) * output / blocks - begin, 1, 0});
    }
    return accesses;
  }

  std::vector<plan::KernelMemory> memory(const ir::Graph& graph) const {
    std::vector<plan::KernelMemory> result;
    for (std::size_t step = 0; step < graph.operators.size(); ++step) {
      const ir::Operator& op = graph.operators[step];
      RandomStream random(seed, step, "memory");
      plan::KernelMemory memory;
      if (random.below(2) == 0)
        memory.scratch = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(max_scratch)));
      memory.reversible = random.below(3) != 0;
      const bool overlaps = op.kind != ir::OperatorKind::reshape && random.below(6) != 0;
      for (std::size_t k = 0; overlaps && k < op.inputs.size(); ++k)
        memory.clearance.push_back(clearance(graph, step, k, memory.reversible));
      result.push_back(std::move(memory));
    }
    return result;
  }

  plan::AccessTrace trace_of(const ir::Graph& graph) const {
    return [*this, &graph](std::size_t step, plan::Direction direction) {
      return trace(graph, step, direction);
    };
  }

 private:
  plan::Clearance clearance(const ir::Graph& graph, std::size_t step, std::size_t input,
                            bool reversible) const {
    const ir::Operator& op = graph.operators[step];
    const auto forward = trace(graph, step, plan::Direction::forward);
    const auto reverse = trace(graph, step, plan::Direction::reverse);
    plan::Clearance clearance =
        plan::clearance_of(forward, reverse, static_cast<std::int32_t>(input),
                           graph.tensor(op.inputs[input]).elements(), graph.tensor(op.output).elements());
    if (!reversible) clearance.above = -1000;  // of no meaning
    return clearance;
  }
};

}  // namespace parsimony::test
