#include "parsimony/data/ts_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// What the lines before @data say. 0 stands for "not said": the first case decides.
struct Header {
  std::string problem_name;
  std::int32_t dimensions = 0;
  std::int32_t series_length = 0;
  bool missing = false, unequal = false;
  std::vector<std::string> class_names;
};

std::int32_t positive_number(const TextLines& lines, std::string_view key, std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1)
    lines.fail(fmt::format("{} is \"{}\"", key, text), "a whole number from 1");
  return value;
}

bool truth(const TextLines& lines, std::string_view key, std::string_view text) {
  if (text != "true" && text != "false") lines.fail(fmt::format("{} is \"{}\"", key, text), "true, false");
  return text == "true";
}

std::vector<std::string> declared_classes(const TextLines& lines, std::string_view text) {
  std::vector<std::string> names;
  const std::size_t first = std::min(text.find_first_of(kBlanks), text.size());
  if (!truth(lines, "@classLabel", text.substr(0, first)))
    lines.fail("@classLabel is false: data without classes are not supported", "true and the classes' names");
  for (text = trimmed(text.substr(first)); !text.empty();) {
    const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
    std::string name(text.substr(0, end));
    if (std::find(names.begin(), names.end(), name) != names.end())
      lines.fail(fmt::format("@classLabel names the class \"{}\" twice", name));
    names.push_back(std::move(name));
    text = trimmed(text.substr(end));
  }
  if (names.empty()) lines.fail("@classLabel names no class", "true and the classes' names");
  return names;
}

const std::vector<std::string>& header_keys() {
  static const std::vector<std::string> keys = {"@problemName",  "@timeStamps", "@missing",
                                                "@univariate",   "@dimensions", "@equalLength",
                                                "@seriesLength", "@classLabel", "@data"};
  return keys;
}

/// The key as header_keys() spells it, whatever its case.
std::string known_key(const TextLines& lines, std::string_view text) {
  for (const std::string& key : header_keys())
    if (lower_case(key) == lower_case(text)) return key;
  const std::string near = nearest_name(text, header_keys());
  lines.fail(
      fmt::format("header key \"{}\" is unknown{}", text, near.empty() ? "" : ", do you mean " + near + "?"),
      fmt::format("{}", fmt::join(header_keys(), ", ")));
}

void read_header_line(const TextLines& lines, const std::string& key, std::string_view value,
                      Header& header) {
  if (key == "@problemName") header.problem_name = value;
  if (key == "@dimensions") header.dimensions = positive_number(lines, key, value);
  if (key == "@seriesLength") header.series_length = positive_number(lines, key, value);
  if (key == "@classLabel") header.class_names = declared_classes(lines, value);
  if (key == "@missing") header.missing = truth(lines, key, lower_case(value));
  if (key == "@equalLength") header.unequal = !truth(lines, key, lower_case(value));
  if (key == "@univariate" && truth(lines, key, lower_case(value))) header.dimensions = 1;
  if (key == "@timeStamps" && truth(lines, key, lower_case(value)))
    lines.fail("@timeStamps is true: series with time stamps are not yet supported", "false");
}

Header read_header(TextLines& lines) {
  Header header;
  while (const auto line = lines.next()) {
    if (line->front() != '@')
      lines.fail(fmt::format("\"{:.40}\" stands before @data", *line), "@ keys, # comments");
    const std::size_t end = std::min(line->find_first_of(kBlanks), line->size());
    const std::string key = known_key(lines, line->substr(0, end));
    if (key != "@data") {
      read_header_line(lines, key, trimmed(line->substr(end)), header);
      continue;
    }
    if (header.class_names.empty())
      lines.fail("no @classLabel stands before @data", "@classLabel true NAME NAME ...");
    if (header.unequal) header.series_length = 0;
    return header;
  }
  lines.fail("the file ends without @data; is it cut off?");
}

/// Where a value stands, for messages.
struct Place {
  std::size_t dimension = 0, value = 0;  ///< from 1
};

/// NaN stands for a missing value, where the header declares such.
float parse_value(const TextLines& lines, std::string_view text, const Place& place, bool missing) {
  if (const auto value = parse_float(text)) return *value;
  const std::string at = fmt::format("(dimension {}, value {})", place.dimension, place.value);
  if (!spells_missing(text))
    lines.fail(fmt::format("\"{:.40}\" {} is not a number that a float can hold", text, at),
               "finite numbers");
  if (!missing)
    lines.fail(fmt::format("missing value \"{}\" {}, but the header does not say @missing true", text, at),
               "finite numbers");
  return std::numeric_limits<float>::quiet_NaN();
}

/// One dimension's values, divided by commas.
void parse_series(const TextLines& lines, std::string_view text, std::size_t dimension, bool missing,
                  std::vector<float>& series) {
  series.clear();
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    series.push_back(
        parse_value(lines, trimmed(text.substr(0, comma)), {dimension, series.size() + 1}, missing));
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
}

void require_dimensions(const TextLines& lines, std::size_t found, bool header_says, const Dataset& data) {
  if (found == static_cast<std::size_t>(data.channels)) return;
  const bool cut_off = found < static_cast<std::size_t>(data.channels) && lines.at_end();
  lines.fail(fmt::format("the case has {} dimension{}{}", found, found == 1 ? "" : "s",
                         cut_off ? " and is the last: is the file cut off?" : ""),
             fmt::format("{}, as {}", data.channels, header_says ? "the header says" : "the first case has"));
}

/// How many values each dimension of a case must have, and who says so.
struct Expected {
  std::size_t steps = 0;  ///< 0: nobody yet
  std::string_view as;
};

void require_length(const TextLines& lines, std::size_t found, std::size_t dimension,
                    const Expected& expected) {
  if (found == expected.steps) return;
  lines.fail(fmt::format("dimension {} has {} value{}", dimension, found, found == 1 ? "" : "s"),
             fmt::format("{}, as {}", expected.steps, expected.as));
}

/// The parts of a case's line: each dimension's text, then the label's.
void divide(std::string_view line, std::vector<std::string_view>& parts) {
  parts.clear();
  for (std::size_t colon; (colon = line.find(':')) != std::string_view::npos; line.remove_prefix(colon + 1))
    parts.push_back(line.substr(0, colon));
  parts.push_back(trimmed(line));
}

std::int32_t label_of(const TextLines& lines, std::string_view name,
                      const std::vector<std::string>& classes) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end())
    lines.fail(fmt::format("class \"{}\" is not declared{}", name,
                           lines.at_end() ? "; this is the last line: is the file cut off?" : ""),
               fmt::format("{}", fmt::join(classes, ", ")));
  return static_cast<std::int32_t>(found - classes.begin());
}

/// Reads cases one line after the other; its buffers live as long as the file.
struct CaseReader {
  const TextLines& lines;
  const Header& header;
  Expected expected{};
  std::vector<std::string_view> parts{};
  std::vector<float> series{};

  void read(std::string_view line, SeriesFile& file) {
    Dataset& data = file.data;
    divide(line, parts);
    const std::size_t dimensions = parts.size() - 1;
    if (data.channels == 0) data.channels = static_cast<std::int32_t>(dimensions);
    if (dimensions == 0)
      lines.fail("the case has no ':' between its values and its class; is the file cut off?");
    require_dimensions(lines, dimensions, header.dimensions != 0, data);
    const std::int32_t label = label_of(lines, parts.back(), data.class_names);
    const std::size_t start = data.values.size();
    if (header.unequal) expected = {};
    for (std::size_t c = 0; c < dimensions; ++c) {
      parse_series(lines, parts[c], c + 1, header.missing, series);
      if (expected.steps == 0) expected = first_length();
      require_length(lines, series.size(), c + 1, expected);
      if (c == 0) data.values.resize(start + expected.steps * dimensions);
      for (std::size_t t = 0; t < series.size(); ++t) data.values[start + t * dimensions + c] = series[t];
    }
    if (header.missing) fill(std::span(data.values).subspan(start), dimensions);
    data.length = std::max(data.length, static_cast<std::int32_t>(expected.steps));
    data.labels.push_back(label);
    file.steps.push_back(static_cast<std::int32_t>(expected.steps));
    file.lines.push_back(lines.number());
  }

 private:
  Expected first_length() const {
    if (header.series_length != 0)
      return {static_cast<std::size_t>(header.series_length), "@seriesLength says"};
    return {series.size(), header.unequal ? "the case's first dimension has" : "the first series has"};
  }

  void fill(std::span<float> values, std::size_t dimensions) const {
    if (const auto empty = fill_missing(values, dimensions))
      lines.fail(fmt::format("dimension {} has no value, only missing ones", *empty + 1),
                 "one value or more");
  }
};

}  // namespace

SeriesFile parse_ts(std::string_view text, const std::string& where) {
  TextLines lines(text, where, '#');
  const Header header = read_header(lines);
  SeriesFile file;
  file.data.name = header.problem_name;
  file.data.class_names = header.class_names;
  file.data.channels = header.dimensions;
  file.unequal = header.unequal;
  CaseReader reader{lines, header};
  while (const auto line = lines.next()) reader.read(*line, file);
  if (file.lines.empty()) lines.fail("no case follows @data; is the file cut off?");
  return file;
}

SeriesFile read_ts(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  return parse_ts(text, file.string());
}

}  // namespace parsimony::data
