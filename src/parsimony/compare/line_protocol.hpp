#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "parsimony/compare/contest.hpp"

namespace parsimony::compare {

/// Evaluates points for another program, a JSON object a line each way, until the input ends:
///   {"describe": true}       -> {"problem", "dimension", "parameters": [{"name", "type", ...}],
///                                "objectives": [{"name", "source", "reference"}], "constraints": [...],
///                                "best"}
///   {"point": [..]}          -> {"point": snapped, "parameters": {..}, "objectives": [..], "constraints":
///   [..]}
///   {"parameters": {..}}     -> the same
/// A line that is neither is answered by {"error": "..."}, and the next one is read.
void serve_evaluations(const Arena& arena, std::istream& input, std::ostream& output);

/// The starting points of every problem and seed: [{"problem", "seed", "points": [[..]],
/// "parameters": [{..}]}, ...] as JSON.
std::string starts_json(const Contest& contest);

}  // namespace parsimony::compare
