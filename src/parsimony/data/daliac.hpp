#pragma once

#include <filesystem>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// DaLiAc (Leutheuser et al. 2013) as published: one file a subject, no header, 24 values divided by commas
/// (wrist, chest, hip, ankle; acceleration, turning rate; x, y, z) at 204.8 Hz, then the activity, 1 to 13.
/// Windows of 5 s, one each 2.5 s, unless options say otherwise; each subject is a group.
/// @throws InputError as read_csv; also for a file without 25 columns and an activity that is not 1 to 13
DataSource read_daliac(const std::filesystem::path& path, const std::filesystem::path& test,
                       const SourceOptions& options);

/// Every window of a subject's file, or of all files below a folder; of folders train and test those of test.
NamedCases read_daliac_cases(const std::filesystem::path& path, const SourceOptions& options);

}  // namespace parsimony::data
