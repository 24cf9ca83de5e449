#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/ir/graph.hpp"
#include "parsimony/nn/cases.hpp"

namespace parsimony::nn {

/// The cases of these indices as the int8 network reads them: [indices, elements of the input].
std::vector<std::int8_t> int8_inputs(const ir::Graph& graph, const Cases<float>& cases,
                                     std::span<const std::int64_t> indices);

}  // namespace parsimony::nn
