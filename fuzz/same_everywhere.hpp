#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::fuzz {

inline void expect(bool condition) {
  if (!condition) std::abort();
}

/// What the windows of all outputs read: poolings count as their inputs only in flops.
inline double taps(const ir::Graph& graph) {
  double sum = 0.0;
  for (const ir::Operator& op : graph.operators) {
    double window = static_cast<double>(graph.tensor(op.output).elements());
    for (const ir::Window& axis : op.windows) window *= axis.kernel;
    sum += window;
  }
  return sum;
}

/// Bytes that a network reads and writes to run once: small enough to be run for every input of a fuzzer.
inline bool is_small(const ir::Graph& graph) {
  constexpr std::int64_t kMost = 1 << 16;
  std::int64_t elements = 0;
  for (const ir::Tensor& tensor : graph.tensors) elements += tensor.elements();
  return elements < kMost && ir::flops(graph) < 16 * kMost && taps(graph) < 16.0 * kMost;
}

/// What must hold of any graph that a reader lets through: its text form is the same graph, and the evaluator
/// gives the interpreter's bytes.
inline void expect_same_everywhere(const ir::Graph& graph) {
  if (!is_small(graph)) return;
  expect(ir::from_text(ir::to_text(graph), "text") == graph);
  if (ir::is_skeleton(graph)) return;
  std::vector<std::int8_t> input(static_cast<std::size_t>(graph.tensor(graph.input).elements()));
  for (std::size_t k = 0; k < input.size(); ++k) input[k] = static_cast<std::int8_t>(k * 89 + k / 7);
  const std::vector<std::int8_t> output = ir::interpret(graph, input);
  std::vector<std::int8_t> evaluated(output.size());
  ir::Evaluator(graph).run(input, 1, evaluated);
  expect(evaluated == output);
}

}  // namespace parsimony::fuzz
