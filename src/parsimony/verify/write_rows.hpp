#pragma once

#include <filesystem>
#include <string>

#include "parsimony/base/files.hpp"

namespace parsimony::verify {

/// The rows' bytes one behind the other, as test/stream.c reads them.
/// @param rows  of arrays of numbers
void write_rows(const std::filesystem::path& path, const auto& rows) {
  std::string bytes;
  for (const auto& row : rows)
    bytes.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(row[0]));
  write_file(path, bytes);
}

}  // namespace parsimony::verify
