#include "parsimony/data/arff_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "parsimony/base/files.hpp"
#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {
namespace {

/// What the lines before @data say.
struct Header {
  std::string relation;
  bool relational = false;         ///< several dimensions, quoted
  std::size_t steps = 0;           ///< numeric attributes
  std::vector<std::string> names;  ///< of the classes; empty: not yet declared
};

/// The first word of `text`, quoted or not, taken off its front.
std::string take_word(const TextLines& lines, std::string_view& text) {
  text = trimmed(text);
  if (text.empty()) lines.fail("a word is missing at the end of the line");
  const bool quoted = text.front() == '\'' || text.front() == '"';
  const std::size_t end =
      quoted ? text.find(text.front(), 1) : std::min(text.find_first_of(" \t{"), text.size());
  if (end == std::string_view::npos)
    lines.fail(fmt::format("the quote before \"{:.40}\" is not closed", text.substr(1)));
  const std::string word(quoted ? text.substr(1, end - 1) : text.substr(0, end));
  text.remove_prefix(quoted ? end + 1 : end);
  return word;
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  const bool quoted =
      text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The names between { and }, divided by commas.
std::vector<std::string> nominal_values(const TextLines& lines, std::string_view text) {
  if (text.size() < 2 || text.back() != '}') lines.fail("the class names are not closed by '}'");
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> names;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    std::string name(unquoted(text.substr(0, comma)));
    if (name.empty()) lines.fail("a class name is empty");
    if (std::find(names.begin(), names.end(), name) != names.end())
      lines.fail(fmt::format("the class \"{}\" is named twice", name));
    names.push_back(std::move(name));
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return names;
}

void read_attribute(const TextLines& lines, std::string_view rest, Header& header) {
  const std::string name = take_word(lines, rest);
  rest = trimmed(rest);
  if (!header.names.empty())
    lines.fail(fmt::format("attribute \"{}\" stands after the class", name), "the class last");
  if (rest.starts_with('{')) {
    header.names = nominal_values(lines, rest);
    return;
  }
  const std::string type = lower_case(rest);
  if (type == "relational" && header.steps == 0 && !header.relational)
    header.relational = true;
  else if (type == "numeric" || type == "real" || type == "integer")
    ++header.steps;
  else
    lines.fail(fmt::format("attribute \"{}\" is of type \"{:.40}\"", name, rest),
               "numeric attributes, in a relational one or alone, then a class {NAME,NAME,...}");
}

Header read_header(TextLines& lines) {
  Header header;
  while (const auto line = lines.next()) {
    std::string_view rest = *line;
    const std::string key = lower_case(take_word(lines, rest));
    if (key == "@relation") {
      header.relation = take_word(lines, rest);
    } else if (key == "@attribute") {
      read_attribute(lines, rest, header);
    } else if (key == "@data") {
      if (header.steps == 0) lines.fail("no numeric attribute stands before @data");
      if (header.names.empty()) lines.fail("no class stands before @data", "@attribute NAME {NAME,NAME,...}");
      return header;
    } else if (key != "@end") {
      lines.fail(fmt::format("\"{:.40}\" stands before @data", *line),
                 "@relation, @attribute, @end, % comments");
    }
  }
  lines.fail("the file ends without @data; is it cut off?");
}

/// A case's series, the dimensions one after the other as text, and its class.
struct CaseText {
  std::vector<std::string_view> dimensions;
  std::string_view label;
};

CaseText divide(const TextLines& lines, const Header& header, std::string_view line) {
  CaseText parts;
  if (!header.relational) {
    const std::size_t comma = line.rfind(',');
    if (comma == std::string_view::npos)
      lines.fail("the case has no ',' before its class; is the file cut off?");
    parts.dimensions.push_back(line.substr(0, comma));
    parts.label = unquoted(line.substr(comma + 1));
    return parts;
  }
  const char quote = line.front();
  const std::size_t end = quote == '\'' || quote == '"' ? line.find(quote, 1) : std::string_view::npos;
  if (end == std::string_view::npos) lines.fail("the case's series are not in quotes; is the file cut off?");
  std::string_view series = line.substr(1, end - 1);
  const std::string_view rest = trimmed(line.substr(end + 1));
  if (!rest.starts_with(',')) lines.fail("no ',' and class follow the series; is the file cut off?");
  parts.label = unquoted(rest.substr(1));
  for (bool more = true; more;) {
    const std::size_t end_of_dimension = series.find("\\n");
    parts.dimensions.push_back(series.substr(0, end_of_dimension));
    more = end_of_dimension != std::string_view::npos;
    if (more) series.remove_prefix(end_of_dimension + 2);
  }
  return parts;
}

/// One dimension into values [steps, channels], NaN where a value is missing.
void parse_dimension(const TextLines& lines, const Header& header, std::string_view text, std::size_t c,
                     std::size_t channels, std::span<float> values) {
  std::size_t found = 0;
  for (bool more = true; more; ++found) {
    const std::size_t comma = text.find(',');
    const std::string_view word = trimmed(text.substr(0, comma));
    const auto value = word == "?" ? std::numeric_limits<float>::quiet_NaN() : parse_float(word);
    if (!value)
      lines.fail(fmt::format("\"{:.40}\" (dimension {}, value {}) is not a number that a float can hold",
                             word, c + 1, found + 1),
                 "finite numbers, ? for a missing one");
    if (found < header.steps) values[found * channels + c] = *value;
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  if (found != header.steps)
    lines.fail(fmt::format("dimension {} has {} value{}", c + 1, found, found == 1 ? "" : "s"),
               fmt::format("{}, as the header has attributes", header.steps));
}

/// Steps before the trailing ones that hold no value in any dimension.
std::size_t steps_with_values(std::span<const float> values, std::size_t channels) {
  std::size_t size = values.size();
  while (size > 0 && std::isnan(values[size - 1])) --size;
  return (size + channels - 1) / channels;
}

void read_case(const TextLines& lines, const Header& header, std::string_view line, SeriesFile& file) {
  Dataset& data = file.data;
  const CaseText parts = divide(lines, header, line);
  const std::size_t channels = parts.dimensions.size();
  if (data.channels == 0) data.channels = static_cast<std::int32_t>(channels);
  if (channels != static_cast<std::size_t>(data.channels))
    lines.fail(fmt::format("the case has {} dimension{}", channels, channels == 1 ? "" : "s"),
               fmt::format("{}, as the first case has", data.channels));
  const auto found = std::find(data.class_names.begin(), data.class_names.end(), parts.label);
  if (found == data.class_names.end())
    lines.fail(fmt::format("class \"{}\" is not declared", parts.label),
               fmt::format("{}", fmt::join(data.class_names, ", ")));
  std::vector<float> values(header.steps * channels);
  for (std::size_t c = 0; c < channels; ++c)
    parse_dimension(lines, header, parts.dimensions[c], c, channels, values);
  values.resize(steps_with_values(values, channels) * channels);
  if (const auto empty = values.empty() ? 0 : fill_missing(values, channels))
    lines.fail(fmt::format("dimension {} has no value, only missing ones", *empty + 1), "one value or more");
  const auto steps = static_cast<std::int32_t>(values.size() / channels);
  data.values.insert(data.values.end(), values.begin(), values.end());
  data.length = std::max(data.length, steps);
  data.labels.push_back(static_cast<std::int32_t>(found - data.class_names.begin()));
  file.steps.push_back(steps);
  file.lines.push_back(lines.number());
}

}  // namespace

SeriesFile parse_arff(std::string_view text, const std::string& where) {
  TextLines lines(text, where, '%');
  const Header header = read_header(lines);
  SeriesFile file;
  file.data.name = header.relation;
  file.data.class_names = header.names;
  while (const auto line = lines.next()) read_case(lines, header, *line, file);
  if (file.lines.empty()) lines.fail("no case follows @data; is the file cut off?");
  file.unequal =
      std::adjacent_find(file.steps.begin(), file.steps.end(), std::not_equal_to<>()) != file.steps.end();
  return file;
}

SeriesFile read_arff(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  return parse_arff(text, file.string());
}

}  // namespace parsimony::data
