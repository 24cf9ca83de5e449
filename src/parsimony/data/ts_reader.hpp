#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "parsimony/data/series_file.hpp"

namespace parsimony::data {

/// Reads one file of the UEA archive's .ts format: `@key value` lines, `@data`, then one case a line,
/// dimensions divided by ':', values by ',', the label last. Where the header says `@missing true`, "?" and
/// "NaN" are filled (fill_missing); where it says `@equalLength false`, cases may differ in length, though
/// not the dimensions of one case.
/// @throws InputError "<file>:<line>: <what was found>; allowed: ..." when the file is cut off, ragged or
///         lacks a value without declaring so, holds a text that is no number, a class that the header
///         lacks, time stamps, or no case
SeriesFile read_ts(const std::filesystem::path& file);

/// The same from memory; `where` stands for the file in messages and `text` is the file's content.
SeriesFile parse_ts(std::string_view text, const std::string& where);

}  // namespace parsimony::data
