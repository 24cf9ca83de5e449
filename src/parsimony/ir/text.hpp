#pragma once

#include <string>
#include <string_view>

#include "parsimony/ir/graph.hpp"

namespace parsimony::ir {

/// The text form of a graph: the file model.graph. One line a tensor, a few short lines an operator, weights
/// as rows of hexadecimal bytes with each output channel on a new line, so that it can be read and diffed.
/// from_text(to_text(g)) == g for every verified graph and every verified skeleton. Lines that begin with #
/// are comments to the reader.
std::string to_text(const Graph& graph);

/// Reads the text form and verifies the graph. Survives any bytes: it allocates no more than the text is
/// long.
/// @param where  the file's name, for messages
/// @throws InputError naming where, the line and what was expected; or the verifier's
Graph from_text(std::string_view text, std::string_view where);

/// SHA-256 of the text form, 64 hexadecimal digits: what `_MODEL_HASH` and the study's rows hold.
std::string model_hash(const Graph& graph);

}  // namespace parsimony::ir
