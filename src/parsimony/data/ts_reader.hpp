#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// One file's cases, and where they stand.
struct TsFile {
  Dataset data;
  std::vector<std::int64_t> lines;  ///< [n] the line of each case, from 1
};

/// Reads one file of the UEA archive's .ts format: `@key value` lines, `@data`, then one case a line,
/// dimensions divided by ':', values by ',', the label last. Series have equal lengths and no missing values.
/// @throws InputError "<file>:<line>: <what was found>; allowed: ..." when the file is cut off, ragged, holds
/// a
///         missing value, a text that is no number, a class that the header lacks, time stamps, or no case;
///         what is merely not yet supported is called so
TsFile read_ts(const std::filesystem::path& file);

/// The same from memory; `where` stands for the file in messages and `text` is the file's content.
TsFile parse_ts(std::string_view text, const std::string& where);

/// Reads NAME_TRAIN.ts and NAME_TEST.ts of a folder NAME (else the only pair of such files in it), and
/// subjects from NAME_TRAIN_subjects.csv and NAME_TEST_subjects.csv (a header line, then `row,subject,...`)
/// as groups where both are there. Classes are those of the training file's header, in its order.
/// @throws InputError as read_ts; also when the two differ in shape, or a test case's class has no training
/// case
DataSource read_uea(const std::filesystem::path& folder);

}  // namespace parsimony::data
