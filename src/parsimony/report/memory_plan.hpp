#pragma once

#include <string>

#include "parsimony/report/report.hpp"

/// For this folder only.
namespace parsimony::report {

/// The memory plan that a stored network has once it is emitted: lowered, and planned again from its shapes.
/// @param graph_text  the text form of an int8 graph ("model.graph")
/// @param where       for messages
/// @throws InputError when the text is no graph
MemoryPlan memory_plan_of(const std::string& graph_text, const std::string& where);

}  // namespace parsimony::report
