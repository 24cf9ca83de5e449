#include "parsimony/data/csv_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/file_tree.hpp"
#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;
using Fields = std::vector<std::string_view>;
constexpr std::size_t kNone = SIZE_MAX;  ///< no such column

/// What divides the fields: the first of these that the line holds, else blanks.
char separator_of(std::string_view line) {
  for (const char separator : {'\t', ';', ','})
    if (line.find(separator) != std::string_view::npos) return separator;
  return ' ';
}

std::string_view without_quotes(std::string_view text) {
  text = trimmed(text);
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The fields of a line; a separator between double quotes divides nothing.
void divide(std::string_view line, char separator, Fields& fields) {
  fields.clear();
  for (;;) {
    if (separator == ' ') line = trimmed(line);
    const bool quoted = trimmed(line).starts_with('"');
    const std::size_t quote = quoted ? line.find('"', line.find('"') + 1) : 0;
    const std::size_t end = quote == std::string_view::npos ? quote : line.find(separator, quote);
    fields.push_back(without_quotes(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

/// Where each thing stands in a row.
struct Columns {
  std::vector<std::string> names;
  std::vector<std::size_t> channels;
  std::size_t label = kNone, group = kNone, time = kNone;
};

std::size_t find_column(const TextLines& lines, const std::vector<std::string>& names,
                        const std::string& wanted) {
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found == names.end())
    lines.fail(fmt::format("there is no column \"{}\"", wanted), fmt::format("{}", fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

Columns columns_of(const TextLines& lines, std::vector<std::string> names, const SourceOptions& options) {
  Columns columns;
  const auto needs = [&](const std::string& column) {
    return !column.empty() && !(options.may_lack_labels && std::ranges::find(names, column) == names.end());
  };
  if (needs(options.label_column)) columns.label = find_column(lines, names, options.label_column);
  if (needs(options.group_column)) columns.group = find_column(lines, names, options.group_column);
  if (!options.time_column.empty()) columns.time = find_column(lines, names, options.time_column);
  for (const std::string& channel : options.channels)
    columns.channels.push_back(find_column(lines, names, channel));
  for (std::size_t i = 0; options.channels.empty() && i < names.size(); ++i)
    if (i != columns.label && i != columns.group && i != columns.time) columns.channels.push_back(i);
  if (columns.channels.empty()) lines.fail("there is no column of sensor values");
  columns.names = std::move(names);
  return columns;
}

/// The names in the first line, or 1, 2, ... where it holds a number.
std::vector<std::string> column_names(const Fields& first, bool& header) {
  header = std::none_of(first.begin(), first.end(),
                        [](std::string_view field) { return parse_float(field) || spells_missing(field); });
  std::vector<std::string> names;
  for (const std::string_view field : first)
    names.push_back(header ? std::string(field) : std::to_string(names.size() + 1));
  return names;
}

/// Reads rows into a recording.
struct RowReader {
  const TextLines& lines;
  const Columns& columns;
  const SourceOptions& options;
  const std::string& folder_label;
  Recording& recording;
  double time_before = 0.0, time_first = 0.0;  ///< of the group being read [s]
  std::size_t rows_of_group = 0;

  void read(const Fields& fields) {
    if (fields.size() != columns.names.size())
      lines.fail(fmt::format("the row has {} columns{}", fields.size(),
                             lines.at_end() ? "; is the file cut off?" : ""),
                 fmt::format("{}, as the first line has", columns.names.size()));
    const std::string_view label = columns.label == kNone         ? folder_label
                                   : lacks(fields, columns.label) ? ""
                                                                  : named(fields, columns.label, "label");
    const std::string_view group = columns.group == kNone ? "" : named(fields, columns.group, "group");
    const bool group_goes_on = !recording.segments.empty() && recording.segments.back().group == group;
    if (columns.time != kNone) check_time(fields, group_goes_on);
    if (!group_goes_on || recording.segments.back().label != label)
      recording.segments.push_back({row_count(), 0, std::string(label), std::string(group), lines.number()});
    ++recording.segments.back().rows;
    for (const std::size_t channel : columns.channels) recording.values.push_back(number(fields, channel));
  }

  /// The whole group's time against the rate: steps that are each a little off add up.
  void end_group() const {
    if (rows_of_group < 2) return;
    const double rate = static_cast<double>(rows_of_group - 1) / (time_before - time_first);
    if (std::abs(rate - options.rate) >
        0.01 * options.rate + options.rate / static_cast<double>(rows_of_group - 1))
      lines.fail(fmt::format("the {} rows up to here run at {:.4g} Hz", rows_of_group, rate),
                 fmt::format("{} Hz, as data.rate says", options.rate));
  }

 private:
  std::size_t row_count() const { return recording.values.size() / columns.channels.size(); }

  static bool is_missing(std::string_view field) { return field.empty() || spells_missing(field); }

  bool lacks(const Fields& fields, std::size_t column) const {
    return options.may_lack_labels && is_missing(fields[column]);
  }

  std::string_view named(const Fields& fields, std::size_t column, const char* what) const {
    if (is_missing(fields[column]))
      lines.fail(fmt::format("the {} in column \"{}\" is missing", what, columns.names[column]),
                 "a name or number");
    return fields[column];
  }

  float number(const Fields& fields, std::size_t column) const {
    const auto value = parse_float(fields[column]);
    if (!value)
      lines.fail(fmt::format("\"{:.40}\" in column \"{}\" is not a number that a float can hold",
                             fields[column], columns.names[column]),
                 "finite numbers");
    return *value;
  }

  void check_time(const Fields& fields, bool group_goes_on) {
    const std::string_view text = fields[columns.time];
    double time = 0.0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), time);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(time))
      lines.fail(fmt::format("\"{:.40}\" in column \"{}\" is no time", text, options.time_column), "seconds");
    if (!group_goes_on) {
      end_group();
      rows_of_group = 0;
      time_first = time;
    } else if (const double step = time - time_before; !(std::abs(step * options.rate - 1.0) <= 0.5)) {
      lines.fail(fmt::format("the row stands {:.6g} s after the one before", step),
                 fmt::format("{:.6g} s to within half, as data.rate of {} Hz says", 1.0 / options.rate,
                             options.rate));
    }
    time_before = time;
    ++rows_of_group;
  }
};

void check_options(const SourceOptions& options) {
  window_rule(options);
  if (!options.time_column.empty() && options.rate == 0.0)
    throw InputError("data.time_column", fmt::format("is \"{}\", but no rate is given", options.time_column),
                     "`rate: HZ` besides");
}

std::vector<std::string> channel_names(const std::vector<std::string>& columns,
                                       const SourceOptions& options) {
  if (!options.channels.empty()) return options.channels;
  std::vector<std::string> names;
  for (const std::string& column : columns)
    if (column != options.label_column && column != options.group_column && column != options.time_column)
      names.push_back(column);
  return names;
}

}  // namespace

Recording parse_csv(std::string_view text, const std::string& name, const std::string& where,
                    const SourceOptions& options, std::vector<std::string>& columns) {
  TextLines lines(text, where, '#');
  Recording recording{name, where, {}, {}};
  auto line = lines.next();
  if (!line) lines.fail("the file is empty", "rows of numbers");
  const char separator = separator_of(*line);
  Fields fields;
  divide(*line, separator, fields);
  bool header = false;
  const Columns found = columns_of(lines, column_names(fields, header), options);
  if (!columns.empty() && columns != found.names)
    lines.fail(fmt::format("has the columns {}", fmt::join(found.names, ", ")),
               fmt::format("{}, as the file before has", fmt::join(columns, ", ")));
  columns = found.names;
  const std::string folder_label =
      options.label_column.empty()
          ? folder_label_of(name, where, "a folder of the class's name, or `label_column: NAME`",
                            options.may_lack_labels)
          : "";
  RowReader rows{lines, found, options, folder_label, recording};
  if (!header) rows.read(fields);
  while ((line = lines.next())) {
    divide(*line, separator, fields);
    rows.read(fields);
  }
  rows.end_group();
  if (recording.segments.empty()) lines.fail("no row follows the columns' names; is the file cut off?");
  return recording;
}

std::vector<Recording> read_recordings(const fs::path& path, const SourceOptions& options,
                                       std::vector<std::string>& columns) {
  static const std::vector<std::string> endings = {".csv", ".txt", ".tsv", ".dat"};
  std::vector<Recording> recordings;
  visit_files(path, endings, [&](const std::string& name, const std::string& bytes) {
    recordings.push_back(parse_csv(bytes, name, place_of(path, name), options, columns));
  });
  return recordings;
}

DataSource read_csv(const fs::path& path, const fs::path& test_path, const SourceOptions& options) {
  check_options(options);
  std::vector<std::string> columns;
  auto [train, test] = divided_by_folder(read_recordings(path, options, columns));
  if (!test_path.empty()) test = divided_by_folder(read_recordings(test_path, options, columns)).first;
  RecordingParts parts{std::move(train), std::move(test), channel_names(columns, options)};
  return source_of_recordings(parts, path.string(), options);
}

NamedCases read_csv_cases(const fs::path& path, const SourceOptions& options) {
  check_options(options);
  std::vector<std::string> columns;
  const auto recordings = test_part_or_all(read_recordings(path, options, columns));
  return cut_windows(recordings, channel_names(columns, options), options, path.string());
}

}  // namespace parsimony::data
