#include "parsimony/data/open_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/csv_reader.hpp"
#include "parsimony/data/daliac.hpp"
#include "parsimony/data/image_folder.hpp"
#include "parsimony/data/npz_reader.hpp"
#include "parsimony/data/text_lines.hpp"
#include "parsimony/data/uea_folder.hpp"
#include "parsimony/data/wav_reader.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

using ReadCases = NamedCases (*)(const fs::path&, const SourceOptions&);

/// What reads a path without holding anything out; nothing: the format has a test part of its own.
ReadCases reader_of(const std::string& format) {
  static const std::map<std::string, ReadCases> readers = {{"csv", read_csv_cases},
                                                           {"wav", read_wav_cases},
                                                           {"images", read_image_cases},
                                                           {"npz", read_npz_cases},
                                                           {"daliac", read_daliac_cases}};
  const auto found = readers.find(format);
  return found == readers.end() ? nullptr : found->second;
}

struct Hint {
  const char* ending;
  const char* format;
};

/// The first that some file's name ends in decides: subjects of a UEA set stand in .csv files beside it.
constexpr Hint kHints[] = {
    {".ts", "uea"},     {".arff", "uea"}, {"-ubyte", "idx"}, {"-ubyte.gz", "idx"}, {".bin", "cifar10"},
    {".npz", "npz"},    {".npy", "npz"},  {".wav", "wav"},   {".jpg", "images"},   {".jpeg", "images"},
    {".png", "images"}, {".csv", "csv"},  {".txt", "csv"},   {".tsv", "csv"},      {".dat", "csv"},
};

std::vector<std::string> names_at(const fs::path& path) {
  if (!fs::is_directory(path)) return {lower_case(path.filename().string())};
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(path, error))
    names.push_back(lower_case(entry.path().filename().string()));
  return names;
}

}  // namespace

NamedCases named_cases(Dataset part, const std::string& where) {
  NamedCases cases;
  for (std::size_t i = 0; i < part.labels.size(); ++i) {
    cases.labels.push_back(part.class_names[static_cast<std::size_t>(part.labels[i])]);
    cases.places.push_back(fmt::format("{}, case {}", where, i));
  }
  cases.data = std::move(part);
  cases.data.labels.clear();
  cases.data.class_names.clear();
  return cases;
}

NamedCases open_cases(const SourceOptions& given, const DataPlaces& places, std::int32_t length) {
  SourceOptions options = given;
  options.may_lack_labels = true;
  if (options.format == "uea")
    return read_uea_cases(resolve_path(options.path, places),
                          {.unequal = options.unequal == "resample" ? Unequal::kResample : Unequal::kPad,
                           .length = static_cast<std::int32_t>(options.length)},
                          options.length > 0 ? static_cast<std::int32_t>(options.length) : length);
  if (const ReadCases read = reader_of(options.format))
    return read(resolve_path(options.path, places), options);
  options.cases = options.test_cases = 0;
  return named_cases(open_source(options, places).test, options.path.empty() ? options.format : options.path);
}

std::string guess_format(const fs::path& path) {
  const std::vector<std::string> names = names_at(path);
  for (const Hint& hint : kHints)
    if (std::ranges::any_of(names, [&](const std::string& name) { return name.ends_with(hint.ending); }))
      return hint.format;
  std::string endings;
  for (const Hint& hint : kHints) endings += fmt::format("{}*{}", endings.empty() ? "" : ", ", hint.ending);
  throw InputError(path.string(), "is of no format that its name tells",
                   endings + ", or '{format: …, path: …}'");
}

}  // namespace parsimony::data
