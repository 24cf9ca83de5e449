#include "parsimony/data/uea_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/arff_reader.hpp"
#include "parsimony/data/class_check.hpp"
#include "parsimony/data/ts_reader.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

/// A pair of files: NAME_TRAIN.ts and NAME_TEST.ts, or of another ending.
struct Pair {
  std::string name, ending;
};

/// Of the folder's own name, else the only pair there is; .ts before .arff.
Pair pair_in(const fs::path& folder) {
  const fs::path clean = fs::absolute(folder).lexically_normal();
  const std::string own = (clean.has_filename() ? clean : clean.parent_path()).filename().string();
  std::set<std::string> names;
  for (const std::string ending : {".ts", ".arff"}) {
    if (fs::exists(folder / (own + "_TRAIN" + ending))) return {own, ending};
    const std::string end = "_TRAIN" + ending;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
      const std::string file = entry.path().filename().string();
      if (file.ends_with(end)) names.insert(file.substr(0, file.size() - end.size()));
    }
    if (names.size() == 1) return {*names.begin(), ending};
  }
  throw InputError(folder.string(),
                   fmt::format("holds {} files *_TRAIN.ts or .arff", names.empty() ? "no" : "several"),
                   fmt::format("a folder with {0}_TRAIN.ts and {0}_TEST.ts, or .arff", own));
}

/// The number in the second column of line `line` of a subjects' file.
std::int32_t subject_in(std::string_view line, const std::string& where) {
  const std::size_t start = std::min(line.find(','), line.size() - 1) + 1;
  const std::string_view field = line.substr(start, line.find_first_of(",\r", start) - start);
  std::int32_t subject = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), subject);
  if (error != std::errc{} || end != field.data() + field.size())
    throw InputError(where, fmt::format("subject \"{}\" is no whole number", field), "lines row,subject,...");
  return subject;
}

/// [n] subjects of a part, or nothing where there is no such file.
std::optional<std::vector<std::int32_t>> read_subjects(const fs::path& file, std::int64_t cases) {
  if (!fs::exists(file)) return std::nullopt;
  const std::string text = read_file(file);
  std::vector<std::int32_t> subjects;
  std::int64_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (++number > 1 && !line.empty())
      subjects.push_back(subject_in(line, fmt::format("{}:{}", file.string(), number)));
  }
  if (static_cast<std::int64_t>(subjects.size()) != cases)
    throw InputError(file.string(), fmt::format("names {} subjects", subjects.size()),
                     fmt::format("{}, one for each case", cases));
  return subjects;
}

void read_groups(const fs::path& folder, const std::string& name, DataSource& source) {
  auto train = read_subjects(folder / (name + "_TRAIN_subjects.csv"), source.train.size());
  auto test = read_subjects(folder / (name + "_TEST_subjects.csv"), source.test.size());
  if (!train || !test) return;
  for (const std::int32_t subject : *test)
    if (std::find(train->begin(), train->end(), subject) != train->end())
      throw InputError((folder / (name + "_TEST_subjects.csv")).string(),
                       fmt::format("subject {} stands in the training file's list too", subject),
                       "each subject in one of the two");
  source.train.groups = std::move(*train);
  source.test.groups = std::move(*test);
}

/// Counts the test labels by the training header's classes; classes that only the test file uses come after
/// them.
void share_classes(DataSource& source) {
  std::vector<std::string>& classes = source.train.class_names;
  for (std::int32_t& label : source.test.labels) {
    const std::string& name = source.test.class_names[static_cast<std::size_t>(label)];
    const auto found = std::find(classes.begin(), classes.end(), name);
    label = static_cast<std::int32_t>(found - classes.begin());
    if (found == classes.end()) classes.push_back(name);
  }
  source.test.class_names = classes;
}

void require_same_shape(const SeriesFile& train, const SeriesFile& test, bool any_length,
                        const fs::path& test_file) {
  if (train.data.channels != test.data.channels)
    throw InputError(test_file.string(), fmt::format("has {} dimensions", test.data.channels),
                     fmt::format("{}, as the training file", train.data.channels));
  if (train.data.length != test.data.length && !any_length)
    throw InputError(test_file.string(), fmt::format("has {} values a series", test.data.length),
                     fmt::format("{}, as the training file", train.data.length));
}

/// Both files' cases to one length, where they differ or the user wants another.
void share_length(SeriesFile& train, SeriesFile& test, const UeaOptions& options, const fs::path& test_file) {
  const bool unequal = train.unequal || test.unequal;
  require_same_shape(train, test, unequal || options.length > 0, test_file);
  if (!unequal && options.length == 0) return;
  const std::int32_t length = options.length > 0 ? options.length : train.data.length;
  fit_length(train, length, options.unequal);
  fit_length(test, length, options.unequal);
}

}  // namespace

DataSource read_uea(const std::filesystem::path& folder, const UeaOptions& options) {
  if (!fs::is_directory(folder))
    throw InputError(folder.string(), "is not a folder", "a folder NAME with NAME_TRAIN.ts and NAME_TEST.ts");
  const auto [name, ending] = pair_in(folder);
  const auto read = ending == ".ts" ? read_ts : read_arff;
  const fs::path test_path = folder / (name + "_TEST" + ending);
  SeriesFile train = read(folder / (name + "_TRAIN" + ending));
  SeriesFile test = read(test_path);
  share_length(train, test, options, test_path);
  DataSource source{std::move(train.data), std::move(test.data)};
  source.train.name = source.test.name = name;
  share_classes(source);
  require_training_classes(source, [&](std::int64_t i) {
    return fmt::format("{}:{}", test_path.string(), test.lines[static_cast<std::size_t>(i)]);
  });
  read_groups(folder, name, source);
  return source;
}

NamedCases read_uea_cases(const std::filesystem::path& path, const UeaOptions& options, std::int32_t length) {
  fs::path file = path;
  if (fs::is_directory(path)) {
    const auto [name, ending] = pair_in(path);
    file = path / (name + "_TEST" + ending);
  }
  SeriesFile series = file.extension() == ".arff" ? read_arff(file) : read_ts(file);
  if (series.unequal || options.length > 0) fit_length(series, length, options.unequal);
  NamedCases cases;
  for (std::size_t i = 0; i < series.lines.size(); ++i) {
    cases.labels.push_back(series.data.class_names[static_cast<std::size_t>(series.data.labels[i])]);
    cases.places.push_back(fmt::format("{}:{}", file.string(), series.lines[i]));
  }
  cases.data = std::move(series.data);
  cases.data.labels.clear();
  cases.data.class_names.clear();
  return cases;
}

}  // namespace parsimony::data
