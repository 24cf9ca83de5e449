#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// The meaning of a graph: plain loops over TFLite's reference arithmetic. Everything else (the evaluator,
/// the emitted C on each core) must give these bytes.
/// @param graph  verified, no skeleton
/// @param input  [elements of the input]
/// @return       [elements of the output]
std::vector<std::int8_t> interpret(const Graph& graph, std::span<const std::int8_t> input);

/// The same, with every tensor kept: result[id] holds the elements of tensor id (empty when none produced
/// it).
std::vector<std::vector<std::int8_t>> interpret_all(const Graph& graph, std::span<const std::int8_t> input);

}  // namespace parsimony::ir
