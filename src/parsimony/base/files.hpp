#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace parsimony {

/// The whole file. @throws InputError naming the path when it cannot be read
std::string read_file(const std::filesystem::path& path);

/// Writes beside the path and renames: a reader sees the old bytes or the new ones, never half.
/// Makes missing parent folders. @throws EnvironmentError (disk full, no permission)
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The folder that holds the running program.
std::filesystem::path program_directory();

}  // namespace parsimony
