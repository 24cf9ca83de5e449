#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "parsimony/data/series_file.hpp"

namespace parsimony::data {

/// Reads one file of the UEA and UCR archives' .arff format: numeric attributes (in a relational one for
/// several dimensions), then the nominal class; after `@data` one case a line, the dimensions of a
/// relational attribute quoted and divided by "\n". "?" is the format's own sign for a missing value and is
/// filled (fill_missing); trailing "?" in every dimension end a series early.
/// @throws InputError "<file>:<line>: <what was found>; allowed: ..." as read_ts does
SeriesFile read_arff(const std::filesystem::path& file);

/// The same from memory; `where` stands for the file in messages and `text` is the file's content.
SeriesFile parse_arff(std::string_view text, const std::string& where);

}  // namespace parsimony::data
