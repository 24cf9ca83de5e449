#include "parsimony/data/source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/byte_images.hpp"
#include "parsimony/data/csv_reader.hpp"
#include "parsimony/data/daliac.hpp"
#include "parsimony/data/image_folder.hpp"
#include "parsimony/data/motions.hpp"
#include "parsimony/data/npz_reader.hpp"
#include "parsimony/data/uea_folder.hpp"
#include "parsimony/data/wav_reader.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> places_of(const fs::path& path, const DataPlaces& places) {
  if (path.is_absolute()) return {path};
  std::vector<fs::path> candidates = {places.study_directory / path};
  if (!places.data_directory.empty()) candidates.push_back(places.data_directory / path);
  return candidates;
}

DataSource open_motions(const SourceOptions& options, const DataPlaces&) {
  if (!options.path.empty())
    throw InputError("data.path", fmt::format("is \"{}\", but motions are generated", options.path),
                     "no path");
  MotionsOptions motions;
  motions.seed = options.seed;
  return make_motions(motions);
}

DataSource open_uea(const SourceOptions& options, const DataPlaces& places) {
  return read_uea(resolve_path(options.path, places),
                  {.unequal = options.unequal == "resample" ? Unequal::kResample : Unequal::kPad,
                   .length = static_cast<std::int32_t>(options.length)});
}

/// The test part's path; empty: none is given.
fs::path test_path(const SourceOptions& options, const DataPlaces& places) {
  return options.test.empty() ? fs::path{} : resolve_path(options.test, places);
}

DataSource open_csv(const SourceOptions& options, const DataPlaces& places) {
  return read_csv(resolve_path(options.path, places), test_path(options, places), options);
}

DataSource open_daliac(const SourceOptions& options, const DataPlaces& places) {
  return read_daliac(resolve_path(options.path, places), test_path(options, places), options);
}

DataSource open_images(const SourceOptions& options, const DataPlaces& places) {
  return read_image_folder(resolve_path(options.path, places), test_path(options, places), options);
}

DataSource open_wav(const SourceOptions& options, const DataPlaces& places) {
  return read_wav(resolve_path(options.path, places), test_path(options, places), options);
}

/// A reader of one path.
template <DataSource (*read)(const fs::path&, const SourceOptions&)>
DataSource open_path(const SourceOptions& options, const DataPlaces& places) {
  return read(resolve_path(options.path, places), options);
}

struct Format {
  std::string name;
  DataSource (*open)(const SourceOptions&, const DataPlaces&);
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {"motions", open_motions},
      {"uea", open_uea},
      {"csv", open_csv},
      {"daliac", open_daliac},
      {"npz", open_path<read_npz>},
      {"images", open_images},
      {"wav", open_wav},
      {"idx", open_path<read_idx>},
      {"cifar10", open_path<read_cifar10>},
  };
  return all;
}

}  // namespace

const std::vector<std::string>& known_formats() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Format& format : formats()) list.push_back(format.name);
    return list;
  }();
  return names;
}

std::filesystem::path data_directory_from_environment() {
  const char* const directory = std::getenv("PARSIMONY_DATA");
  return directory == nullptr ? fs::path{} : fs::path{directory};
}

std::filesystem::path resolve_path(const std::string& path, const DataPlaces& places) {
  if (path.empty()) throw InputError("data.path", "is missing", "a folder, or a name below $PARSIMONY_DATA");
  std::vector<std::string> looked_at;
  for (const fs::path& candidate : places_of(path, places)) {
    std::error_code error;
    if (fs::exists(candidate, error)) return candidate;
    looked_at.push_back(fs::absolute(candidate).lexically_normal().string());
  }
  const bool could_help = fs::path(path).is_relative() && places.data_directory.empty();
  throw InputError("data.path",
                   fmt::format("\"{}\" does not exist; looked at {}{}", path, fmt::join(looked_at, ", "),
                               could_help ? "; $PARSIMONY_DATA is not set" : ""));
}

DataSource open_source(const SourceOptions& options, const DataPlaces& places) {
  for (const Format& format : formats())
    if (format.name == options.format) return format.open(options, places);
  const std::string near = nearest_name(options.format, known_formats());
  throw InputError(
      "data.format",
      fmt::format("is \"{}\"{}", options.format, near.empty() ? "" : ", do you mean " + near + "?"),
      fmt::format("{}", fmt::join(known_formats(), ", ")));
}

}  // namespace parsimony::data
