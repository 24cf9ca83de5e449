#pragma once

#include <filesystem>
#include <string>

#include "parsimony/ir/graph.hpp"

namespace parsimony::cli {

/// The network of a .tflite file, of a graph's text, or of an emitted folder's model.graph; the first bytes
/// say which. Verified.
/// @param rounding  "single" or "double" for a .tflite file, which does not say; a graph's text must agree.
/// Empty: what
///                  the graph says, double for a .tflite file
/// @throws InputError when the file cannot be read, is neither, or holds a network that we refuse
ir::Graph read_model(const std::filesystem::path& path, const std::string& rounding = "");

}  // namespace parsimony::cli
