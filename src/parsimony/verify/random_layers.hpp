#pragma once

#include <cstdint>

#include "parsimony/ir/graph.hpp"

namespace parsimony::verify {

/// A network whose layers all read its input, of one or two spatial axes: every kind of operator, several
/// shapes of those with windows.
/// @param few_channels  one to three of the input and convolutions alone, as at a network's beginning
ir::Graph random_layers(std::uint64_t seed, bool two_axes, bool few_channels = false);

}  // namespace parsimony::verify
