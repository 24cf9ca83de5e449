#pragma once

#include "parsimony/config/yaml_file.hpp"
#include "parsimony/space/space.hpp"

namespace parsimony::config {

/// A parameter as study and problem files write it: {name: x, type: float, low: 0, high: 1, log: true},
/// {name: n, type: int, low: 1, high: 8}, {name: kind, type: categorical, choices: [a, b]}.
/// @throws InputError naming file, line and field
space::Parameter read_parameter(const Field& field);

}  // namespace parsimony::config
