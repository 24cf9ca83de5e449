#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// A data set that the program knows, with the shape that its files must have.
struct KnownData {
  std::string_view name;
  std::string_view format;  ///< as in a study's `data:`
  std::string_view path;    ///< below $PARSIMONY_DATA; empty: generated
  std::int32_t train_cases, test_cases, channels, length, classes;
  std::string_view about;       ///< what was measured
  std::string_view source;      ///< where it comes from
  std::string_view licence;     ///< terms and what to cite
  std::int32_t height = 1;      ///< rows of an image; 1: a series
  std::string_view checksum{};  ///< content_checksum of the set as read; empty: not fixed
};

/// All of them, `motions` first, the others by name.
std::span<const KnownData> known_data();

/// Where the set can be loaded from: one archive, or the files of its folder; empty: from its authors only.
std::vector<std::string> download_urls(const KnownData& known);

/// SHA-256 over shapes, class names, labels and values of both parts as read, whatever the files' format.
std::string content_checksum(const DataSource& source);

/// The entry of that name, or nullptr.
const KnownData* find_known_data(std::string_view name);

struct ChannelSummary {
  std::string name;
  float minimum = 0.0f, maximum = 0.0f, mean = 0.0f, deviation = 0.0f;  ///< sensor units
};

/// One part of a data set, for `data info`.
struct Summary {
  std::int64_t cases = 0;
  std::vector<std::int64_t> cases_per_class;  ///< [classes]
  std::vector<std::int32_t> groups;           ///< distinct, ascending; empty: none named
  std::vector<ChannelSummary> channels;       ///< [channels]
};

/// Precondition: at least one case.
Summary summarise(const Dataset& data);

}  // namespace parsimony::data
