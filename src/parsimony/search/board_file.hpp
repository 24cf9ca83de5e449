#pragma once

#include <filesystem>
#include <string_view>

#include "parsimony/target/board.hpp"

namespace parsimony::search {

/// A built-in board by its name, or one of the user's own by its file (NAME.yaml or NAME.yml):
///   {core: cortex-m4, flash: 512 KB, ram: 96 KB, megahertz: 84, name: …, flags: [-mcpu=cortex-m4, …]}
/// @param where   what errors call the place that names it
/// @param folder  what a relative path is relative to
/// @throws InputError naming the board or file, line, field, value and what is allowed
target::Board read_board(std::string_view where, std::string_view name_or_file,
                         const std::filesystem::path& folder = {});

/// A board's core. @throws InputError for the host, which is no board, and for an unknown one
std::string read_core(std::string_view where, std::string_view name);

}  // namespace parsimony::search
