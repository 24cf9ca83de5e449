#pragma once

#include <filesystem>

#include "parsimony/study/sqlite.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::study::sqlite {

/// Writes an empty study of that description into a fresh database file and closes it: one file, all on disk.
void create_database(const std::filesystem::path& path, const Description& description);

/// Opens a study's database and checks that it is a whole one of this version.
/// @throws InputError when it is not
Connection open_database(const std::filesystem::path& path);

}  // namespace parsimony::study::sqlite
