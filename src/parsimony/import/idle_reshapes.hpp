#pragma once

#include "parsimony/ir/graph.hpp"

namespace parsimony::tflite {

/// Reshapes from a shape to the same one go, and their tensors; what read them reads their inputs. (One
/// between the network's input and its output stays.)
ir::Graph drop_idle_reshapes(ir::Graph graph);

}  // namespace parsimony::tflite
