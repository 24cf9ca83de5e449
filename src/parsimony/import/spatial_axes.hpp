#pragma once

#include "parsimony/ir/graph.hpp"

namespace parsimony::tflite {

/// A network whose height (or else width) is 1 in every tensor, and whose kernels do not pad it, computes
/// along one spatial axis: [1, w, c] becomes [w, c]. Any other graph stays as it is. Converters write
/// one-dimensional convolutions as two-dimensional ones of height 1.
ir::Graph drop_unit_axis(ir::Graph graph);

}  // namespace parsimony::tflite
