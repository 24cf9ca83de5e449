#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "parsimony/emit/patches.hpp"

namespace CLI {
class App;
}

namespace parsimony::cli {

void add_patches_option(CLI::App& command, double& extra_percent);

/// The network by patches where that is allowed and makes its arena smaller.
/// @param graph  lowered
/// @throws InputError for a percentage out of range, or a network that is by patches already
emit::PatchedNetwork by_patches(ir::Graph graph, emit::Family family, double extra_percent);

/// "patches: conv3 to conv5 in 4; 0.67 % more multiply-accumulates (841216) save 102492 B of RAM"; of a
/// network that came by patches "by patches: t5 in 4"; else empty.
std::string patches_text(const ir::Graph& before, const emit::Patches& patches);
nlohmann::json patches_json(const ir::Graph& before, const emit::Patches& patches);

}  // namespace parsimony::cli
