#pragma once

#include <filesystem>

#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/recordings.hpp"

namespace parsimony::data {

/// Reads recordings of sensor values: one file, or all files *.csv, *.txt, *.tsv, *.dat below a folder or in
/// an archive, divided as divided_by_folder says. Values are divided by tabs, semicolons, commas or else
/// blanks; a first line without a number names the columns, else they are called 1, 2, ...; lines that begin
/// with '#' are comments. The label is a column's, or the name of the first folder that the file stands in.
/// Windows are cut within stretches of equal label and group (cut_windows).
/// @throws InputError "<file>:<line>: ..." for a missing, not finite or no number, a row with another number
/// of
///         columns, a column that is not there, a missing label or group, a time that does not follow the
///         rate
DataSource read_csv(const std::filesystem::path& path, const std::filesystem::path& test,
                    const SourceOptions& options);

/// Every window below the path; of folders train and test those of test. A file may lack the columns of label
/// and group, a row its label, and a file its folder, where options.may_lack_labels.
NamedCases read_csv_cases(const std::filesystem::path& path, const SourceOptions& options);

/// The recordings of read_csv, as visit_files finds them.
/// @param columns  names, which all files must share; set by the first one where empty
std::vector<Recording> read_recordings(const std::filesystem::path& path, const SourceOptions& options,
                                       std::vector<std::string>& columns);

/// One recording from memory. @param name below the data set's path; @param where its file, for messages
Recording parse_csv(std::string_view text, const std::string& name, const std::string& where,
                    const SourceOptions& options, std::vector<std::string>& columns);

}  // namespace parsimony::data
