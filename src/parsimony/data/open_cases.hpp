#pragma once

#include <filesystem>
#include <string>

#include "parsimony/data/named_cases.hpp"
#include "parsimony/data/source.hpp"

namespace parsimony::data {

/// The cases of a path for a network that is trained already: all of them, or those of its test part where
/// the path itself is divided (folders train and test, NAME_TEST, X_test, MNIST's t10k, CIFAR-10's
/// test_batch; of what is generated the test part). Nothing is held out or thinned out.
/// A case may lack its label ("") where the format can do without.
/// @param options  as of open_source; test, cases and test_cases are not looked at
/// @param length   steps of a series from a file that declares unequal lengths
/// @throws InputError as the format's reader
NamedCases open_cases(const SourceOptions& options, const DataPlaces& places, std::int32_t length);

/// A part of a data set under its classes' names. @param where  what messages call it
NamedCases named_cases(Dataset part, const std::string& where);

/// What the names of a file, or of the files below a folder, tell of their format.
/// @throws InputError when that is nothing, naming the endings that are known
std::string guess_format(const std::filesystem::path& path);

}  // namespace parsimony::data
