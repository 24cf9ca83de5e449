#pragma once

#include <string>
#include <string_view>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// The graph as a picture (SVG): the input and each operator as a box, in order of execution from top to
/// bottom, with what it computes and the shape and quantisation of its output. An arrow leads to what comes
/// next where that reads the output; lines on the right lead to later readers, one line a tensor.
/// @param title  a line above it, behind the graph's name
std::string drawn_as_svg(const Graph& graph, std::string_view title = {});

/// Text as SVG takes it: markup escaped, control bytes as '?'.
std::string svg_text(std::string_view text);

}  // namespace parsimony::ir
