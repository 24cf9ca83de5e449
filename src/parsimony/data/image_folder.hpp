#pragma once

#include <filesystem>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// Reads *.jpg, *.jpeg and *.png below a folder or in an archive: the first folder is the class, folders
/// train and test the parts (divided_by_folder). Values are 0 to 255. All images must have one size and
/// colour unless options.size and options.colour bring them to one.
/// @throws InputError naming the image that is corrupt, differs, or stands in no folder
DataSource read_image_folder(const std::filesystem::path& path, const std::filesystem::path& test,
                             const SourceOptions& options);

/// Every image below the path; of folders train and test those of test. An image may stand in no folder where
/// options.may_lack_labels.
NamedCases read_image_cases(const std::filesystem::path& path, const SourceOptions& options);

}  // namespace parsimony::data
