#pragma once

#include <cstdint>
#include <string_view>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// No axis is longer, and no tensor or weight array holds more elements: products of sizes stay inside int64
/// and hostile files are refused before anything is allocated for them.
constexpr std::int64_t kMaxDimension = 1 << 20;
constexpr std::int64_t kMaxElements = 1 << 28;

/// Throws unless the graph is one that every later stage may trust: names unique C identifiers, each tensor
/// produced once and before it is read, the output produced by an operator, shapes and windows consistent,
/// clamps ordered; and, unless it is a skeleton, scales and zero points in range, constants of the right
/// sizes, multipliers below 2^30, and no int32 that can overflow in any order of
/// summation, with the zero point folded into the bias or not, or in the left shift (facts: int8 arithmetic,
/// 13).
/// @param where  put before the operator's name in messages: the file, or empty
/// @throws InputError naming the operator or tensor, and the channel where there is one
void verify(const Graph& graph, std::string_view where = {});

}  // namespace parsimony::ir
