#pragma once

#include <filesystem>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// Reads *.jpg, *.jpeg and *.png below a folder or in an archive: the first folder is the class, folders
/// train and test the parts (divided_by_folder). Values are 0 to 255. All images must have one size and
/// colour unless options.size and options.colour bring them to one.
/// @throws InputError naming the image that is corrupt, differs, or stands in no folder
DataSource read_image_folder(const std::filesystem::path& path, const std::filesystem::path& test,
                             const SourceOptions& options);

}  // namespace parsimony::data
