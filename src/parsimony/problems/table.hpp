#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony::problems {

/// A CSV file with one header line, no quotes and no commas inside a value.
struct Table {
  std::filesystem::path file;
  std::string digest;  ///< SHA-256 of the file
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< [n][columns]

  /// @throws InputError naming the file and the nearest column
  std::size_t column(std::string_view name) const;
};

/// @throws InputError naming the file, and the line whose number of values differs from the header's
Table read_table(const std::filesystem::path& file);

/// Where a table of that name is: as given (absolute, or from the working directory), below
/// $PARSIMONY_TABLES, and where that is not set below tables/ and ../shared/tables.
/// @throws InputError naming every place that was looked at
std::filesystem::path find_table(const std::string& file);

}  // namespace parsimony::problems
