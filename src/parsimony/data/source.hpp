#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// Where a relative path may stand.
struct DataPlaces {
  std::filesystem::path study_directory;  ///< the study file's folder; empty: the working directory
  std::filesystem::path data_directory;   ///< $PARSIMONY_DATA; empty: not set
};

/// The formats that open_source reads, in order.
const std::vector<std::string>& known_formats();

/// What $PARSIMONY_DATA says, or empty.
std::filesystem::path data_directory_from_environment();

/// The first that exists of: the path itself when absolute; below the study file's folder; below
/// $PARSIMONY_DATA.
/// @throws InputError naming every place looked at
std::filesystem::path resolve_path(const std::string& path, const DataPlaces& places);

/// Reads or generates both parts, as shipped.
/// @throws InputError for an unknown format, a path that is missing, or not wanted, and all that the format's
///         reader throws
DataSource open_source(const SourceOptions& options, const DataPlaces& places);

}  // namespace parsimony::data
