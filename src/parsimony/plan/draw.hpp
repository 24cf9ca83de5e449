#pragma once

#include <string>
#include <string_view>

#include "parsimony/plan/plan.hpp"

namespace parsimony::plan {

constexpr int kColumns = 60;

/// The plan for a terminal: figures, then one line an operator with `columns` marks for the whole arena: '#'
/// its output, '=' its inputs, '%' output over input, '+' scratch, '-' kept for later, '.' free; '<' marks an
/// operator that runs in reverse. Features, where sound is the input, have a line of their own before the
/// first.
/// @param note  a line below the figures; may be empty
std::string drawn_as_text(const ir::Graph& graph, const Plan& plan, int columns = kColumns,
                          std::string_view note = {});

/// The plan as a picture (SVG): operators from left to right, the arena's bytes upwards, a box for each
/// tensor and each scratch from its first to its last step. Features, where sound is the input, are a step
/// before the first.
std::string drawn_as_svg(const ir::Graph& graph, const Plan& plan, std::string_view note = {});

}  // namespace parsimony::plan
