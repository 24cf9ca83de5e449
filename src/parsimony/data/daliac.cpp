#include "parsimony/data/daliac.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/csv_reader.hpp"

namespace parsimony::data {
namespace {

constexpr double kRate = 204.8;  // [Hz]
constexpr std::array kActivities = {
    "sitting",        "lying",           "standing",         "washing dishes",    "vacuuming",
    "sweeping",       "walking",         "ascending stairs", "descending stairs", "treadmill running",
    "bicycling 50 W", "bicycling 100 W", "rope jumping"};

std::vector<std::string> channel_names() {
  std::vector<std::string> names;
  for (const char* node : {"wrist", "chest", "hip", "ankle"})
    for (const char* sensor : {"acceleration", "turning rate"})
      for (const char axis : {'x', 'y', 'z'}) names.push_back(fmt::format("{} {} {}", node, sensor, axis));
  return names;
}

void name_activities(std::vector<Recording>& recordings) {
  for (Recording& recording : recordings)
    for (Segment& segment : recording.segments) {
      std::size_t activity = 1;
      while (activity <= kActivities.size() && segment.label != std::to_string(activity)) ++activity;
      if (activity > kActivities.size())
        throw InputError(fmt::format("{}:{}", recording.where, segment.line),
                         fmt::format("the activity is \"{}\"", segment.label),
                         fmt::format("1 to {}", kActivities.size()));
      segment.label = kActivities[activity - 1];
    }
}

std::vector<Recording> read_subjects(const std::filesystem::path& path, const SourceOptions& options) {
  std::vector<std::string> columns;
  for (int column = 1; column <= 25; ++column) columns.push_back(std::to_string(column));
  std::vector<Recording> subjects = read_recordings(path, options, columns);
  name_activities(subjects);
  return subjects;
}

SourceOptions as_csv(const SourceOptions& options) {
  SourceOptions csv = options;
  csv.rate = kRate;
  csv.label_column = "25";
  if (csv.window == Extent{}) csv.window = {5.0, true};
  if (csv.stride == Extent{}) csv.stride = {2.5, true};
  csv.may_lack_labels = false;  // a file without the 25th column is none of DaLiAc's
  return csv;
}

}  // namespace

DataSource read_daliac(const std::filesystem::path& path, const std::filesystem::path& test,
                       const SourceOptions& options) {
  const SourceOptions csv = as_csv(options);
  RecordingParts parts{read_subjects(path, csv), std::nullopt, channel_names()};
  if (!test.empty()) parts.test = read_subjects(test, csv);
  return source_of_recordings(parts, path.string(), csv);
}

NamedCases read_daliac_cases(const std::filesystem::path& path, const SourceOptions& options) {
  const SourceOptions csv = as_csv(options);
  return cut_windows(test_part_or_all(read_subjects(path, csv)), channel_names(), csv, path.string());
}

}  // namespace parsimony::data
