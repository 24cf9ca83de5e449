#pragma once

#include <cstdint>

#include "parsimony/ir/graph.hpp"

namespace parsimony::verify {

/// A network whose layers all read its input, of one or two spatial axes: every kind of operator, several
/// shapes of those with windows.
ir::Graph random_layers(std::uint64_t seed, bool two_axes);

}  // namespace parsimony::verify
