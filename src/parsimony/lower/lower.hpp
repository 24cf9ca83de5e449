#pragma once

#include <functional>
#include <span>
#include <string_view>

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

/// Sees the graph after each pass, whether the pass had work or not; "imported" is the one given.
using Observer = std::function<void(std::string_view pass, const ir::Graph& graph)>;

/// Every pass that has work in its order, with the verifier before the first and after each. Takes skeletons
/// too.
/// @throws InputError when the graph given is not valid
ir::Graph lower(ir::Graph graph, const Observer& observe = {});

}  // namespace parsimony::lower
