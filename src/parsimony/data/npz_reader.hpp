#pragma once

#include <filesystem>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// Reads arrays of a NumPy .npz file, or of the .npy files in a folder: X_train and y_train, X_test and
/// y_test, groups_train and groups_test; or X, y and groups, of which a test part is held out (assemble). X
/// or x. The axes are n cases, c channels, l steps, h rows, w columns, as options.axes spells them: "ncl",
/// "nhw", ...; not given, two axes are "nl", three "ncl", four "nchw".
/// @throws InputError naming file and array when one is missing, of another count, or holds what is no finite
/// number
DataSource read_npz(const std::filesystem::path& path, const SourceOptions& options);

/// X, else X_test, with its labels; without them where options.may_lack_labels.
NamedCases read_npz_cases(const std::filesystem::path& path, const SourceOptions& options);

}  // namespace parsimony::data
