#pragma once

#include <span>

#include "parsimony/ir/graph.hpp"

namespace parsimony::lower {

/// One pure step from graph to graph. A pass looks at shapes and structure; where it looks at the values of
/// constants, it changes nothing else: a skeleton lowers to the same operators and tensors as the trained
/// network, so that costs predicted from shapes hold (what trained values save belongs to `--squeeze`).
struct Pass {
  const char* name;
  ir::Graph (*run)(ir::Graph graph);
  bool (*has_work)(const ir::Graph& graph);  ///< false: it would change nothing
};

/// The passes in their order.
std::span<const Pass> lowering();

/// Every pass that has work in its order, with the verifier before the first and after each. Takes skeletons
/// too.
/// @throws InputError when the graph given is not valid
ir::Graph lower(ir::Graph graph);

}  // namespace parsimony::lower
