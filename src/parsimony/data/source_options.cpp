#include "parsimony/data/source_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {

std::optional<Extent> parse_extent(std::string_view text) {
  text = trimmed(text);
  Extent extent;
  extent.in_seconds = text.ends_with('s');
  const bool thousandths = text.ends_with("ms");
  if (extent.in_seconds) text = trimmed(text.substr(0, text.size() - (thousandths ? 2 : 1)));
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, extent.amount);
  const bool whole = extent.in_seconds || extent.amount == std::floor(extent.amount);
  if (read.ec != std::errc{} || read.ptr != end || !(extent.amount > 0.0 && extent.amount <= 1e9) || !whole)
    return std::nullopt;
  if (thousandths) extent.amount /= 1000.0;
  return extent;
}

std::string to_text(const Extent& extent) {
  return fmt::format("{}{}", extent.amount, extent.in_seconds ? " s" : "");
}

const std::vector<SourceKey>& source_keys() {
  using S = SourceOptions;
  static const std::vector<SourceKey> keys = {
      {"seed", &S::seed, {"motions", "csv", "daliac", "npz", "images", "wav", "idx", "cifar10"}},
      {"unequal", &S::unequal, {"uea"}, 0, 0, {"pad", "resample"}},
      {"length", &S::length, {"uea"}, 1, 1e6},
      {"test", &S::test, {"csv", "daliac", "images", "wav"}},
      {"window", &S::window, {"csv", "daliac", "wav"}},
      {"stride", &S::stride, {"csv", "daliac", "wav"}},
      {"rate", &S::rate, {"csv", "wav"}, 1e-6, 1e9},
      {"label_column", &S::label_column, {"csv"}},
      {"group_column", &S::group_column, {"csv"}},
      {"time_column", &S::time_column, {"csv"}},
      {"channels", &S::channels, {"csv"}},
      {"size", &S::size, {"images"}},
      {"colour", &S::colour, {"images"}, 0, 0, {"grey", "rgb"}},
      {"axes", &S::axes, {"npz"}},
      {"cases", &S::cases, {"npz", "images", "idx", "cifar10"}, 1, 1e9},
      {"test_cases", &S::test_cases, {"npz", "images", "idx", "cifar10"}, 1, 1e9},
      {"mix_recordings", &S::mix_recordings, {"csv", "wav"}},
      {"features", &S::features, {"wav"}},
  };
  return keys;
}

std::vector<SourceKey> source_keys_of(std::string_view format) {
  std::vector<SourceKey> known;
  for (const SourceKey& key : source_keys())
    if (std::find(key.formats.begin(), key.formats.end(), format) != key.formats.end()) known.push_back(key);
  return known;
}

}  // namespace parsimony::data
