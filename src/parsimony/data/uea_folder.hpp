#pragma once

#include <cstdint>
#include <filesystem>

#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/series_file.hpp"

namespace parsimony::data {

struct UeaOptions {
  Unequal unequal = Unequal::kPad;
  std::int32_t length = 0;  ///< steps of every case; 0: those of the longest training case
};

/// Reads NAME_TRAIN and NAME_TEST, .ts or else .arff, of a folder NAME (else the only pair of such files in
/// it), and subjects from NAME_TRAIN_subjects.csv and NAME_TEST_subjects.csv (a header line, then
/// `row,subject,...`) as groups where both are there. Classes are those of the training file's header, in its
/// order. Cases of unequal lengths, where a file declares them, come to the length of the longest training
/// case.
/// @throws InputError as read_ts; also when the two differ in channels or in declared equal lengths, a test
///         case's class has no training case, or a subject stands in both
DataSource read_uea(const std::filesystem::path& folder, const UeaOptions& options = {});

/// The cases of one file .ts or .arff, or of a folder's NAME_TEST.
/// @param length  steps of every case where the file declares unequal lengths, or options.length asks for one
NamedCases read_uea_cases(const std::filesystem::path& path, const UeaOptions& options, std::int32_t length);

}  // namespace parsimony::data
