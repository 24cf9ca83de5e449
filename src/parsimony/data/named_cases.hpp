#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/source_options.hpp"

namespace parsimony::data {

/// One part of a data set as a reader finds it: classes and groups are still names.
struct NamedCases {
  Dataset data;                     ///< shape and values; class_names only where the format fixes their order
  std::vector<std::string> labels;  ///< [n]
  std::vector<std::string> groups;  ///< [n], or empty: none named
  std::vector<std::string> places;  ///< [n] what messages call each case, such as "walk.csv:17"
  std::vector<std::int64_t>
      starts;  ///< [n] of windows: their first sample in the recording, from 0; or empty
};

/// Both parts from one or two lots of cases: classes are the labels of both, sorted (numbers by value) where
/// the format does not fix them; groups are numbered as they first stand; without `test`, 20 % of the cases
/// are held out for it, keyed by options.seed: whole groups where several are named, else stratified. A group
/// that holds the last cases of a class stays for training. Then options.cases and test_cases thin out the
/// parts.
/// @param name  of the data set
/// @throws InputError naming the place when the parts differ in shape, a test case's class is unknown to
///         training, or a group stands in both parts; when no group can be held out
DataSource assemble(std::string name, NamedCases train, std::optional<NamedCases> test,
                    const SourceOptions& options);

/// The label that a file's name "CLASS/.../file" gives; of "train/CLASS/file" and "test/CLASS/file" too.
/// @param may_lack  a file that stands in no folder has the label ""
/// @throws InputError  for `where` when the file stands in no folder
std::string folder_label_of(std::string_view name, const std::string& where, std::string_view allowed,
                            bool may_lack = false);

/// Files sorted by name, as train and test where the names begin with "train/" and "test/" (then taken off),
/// else all as train.
template <typename File>
std::pair<std::vector<File>, std::optional<std::vector<File>>> divided_by_folder(std::vector<File> files);

/// Of files that divided_by_folder divides the test part, else all.
template <typename File>
std::vector<File> test_part_or_all(std::vector<File> files);

}  // namespace parsimony::data

#include <algorithm>

namespace parsimony::data {

template <typename File>
std::pair<std::vector<File>, std::optional<std::vector<File>>> divided_by_folder(std::vector<File> files) {
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.name < b.name; });
  const auto in = [](const char* folder) {
    return [folder](const File& file) { return file.name.starts_with(folder); };
  };
  const bool divided = std::any_of(files.begin(), files.end(), in("train/")) &&
                       std::any_of(files.begin(), files.end(), in("test/"));
  if (!divided) return {std::move(files), std::nullopt};
  std::vector<File> train, test;
  for (File& file : files) {
    std::vector<File>* const part = in("train/")(file) ? &train : in("test/")(file) ? &test : nullptr;
    if (part == nullptr) continue;
    file.name = file.name.substr(file.name.find('/') + 1);
    part->push_back(std::move(file));
  }
  return {std::move(train), std::move(test)};
}

template <typename File>
std::vector<File> test_part_or_all(std::vector<File> files) {
  auto [all, test] = divided_by_folder(std::move(files));
  return test ? std::move(*test) : std::move(all);
}

}  // namespace parsimony::data
