#include "parsimony/data/source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/motions.hpp"
#include "parsimony/data/ts_reader.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> places_of(const fs::path& path, const DataPlaces& places) {
  if (path.is_absolute()) return {path};
  std::vector<fs::path> candidates = {places.study_directory / path};
  if (!places.data_directory.empty()) candidates.push_back(places.data_directory / path);
  return candidates;
}

}  // namespace

const std::vector<std::string>& known_formats() {
  static const std::vector<std::string> formats = {"motions", "uea"};
  return formats;
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
  const std::vector<std::string>& formats = known_formats();
  if (std::find(formats.begin(), formats.end(), options.format) == formats.end()) {
    const std::string near = nearest_name(options.format, formats);
    throw InputError(
        "data.format",
        fmt::format("is \"{}\"{}", options.format, near.empty() ? "" : ", do you mean " + near + "?"),
        fmt::format("{}", fmt::join(formats, ", ")));
  }
  if (options.format == "uea") return read_uea(resolve_path(options.path, places));
  if (!options.path.empty())
    throw InputError("data.path", fmt::format("is \"{}\", but motions are generated", options.path),
                     "no path");
  MotionsOptions motions;
  motions.seed = options.seed;
  return make_motions(motions);
}

}  // namespace parsimony::data
