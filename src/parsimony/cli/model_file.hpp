#pragma once

#include <filesystem>

#include "parsimony/ir/graph.hpp"

namespace parsimony::cli {

/// The network of a .tflite file, of a graph's text, or of an emitted folder's model.graph; the first bytes
/// say which. Verified.
/// @throws InputError when the file cannot be read, is neither, or holds a network that we refuse
ir::Graph read_model(const std::filesystem::path& path);

}  // namespace parsimony::cli
