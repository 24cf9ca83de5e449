#include "parsimony/data/ts_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"

namespace parsimony::data {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The text's lines one after the other, with the number of the last one given.
class Lines {
 public:
  Lines(std::string_view text, const std::string& where) : rest_(text), where_(where) {}

  /// The next line that is neither blank nor a comment, trimmed; nothing at the end.
  std::optional<std::string_view> next() {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      const std::string_view line = trimmed(rest_.substr(0, end));
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      ++number_;
      if (!line.empty() && line.front() != '#') return line;
    }
    return std::nullopt;
  }

  std::int64_t number() const { return number_; }
  bool at_end() const { return rest_.find_first_not_of(" \t\r\n") == std::string_view::npos; }
  [[noreturn]] void fail(std::string_view problem, std::string_view allowed = {}) const {
    throw InputError(fmt::format("{}:{}", where_, number_), problem, allowed);
  }

 private:
  std::string_view rest_;
  const std::string& where_;
  std::int64_t number_ = 0;
};

/// What the lines before @data say. 0 stands for "not said": the first case decides.
struct Header {
  std::string problem_name;
  std::int32_t dimensions = 0;
  std::int32_t series_length = 0;
  std::vector<std::string> class_names;
};

std::int32_t positive_number(const Lines& lines, std::string_view key, std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1)
    lines.fail(fmt::format("{} is \"{}\"", key, text), "a whole number from 1");
  return value;
}

bool truth(const Lines& lines, std::string_view key, std::string_view text) {
  if (text != "true" && text != "false") lines.fail(fmt::format("{} is \"{}\"", key, text), "true, false");
  return text == "true";
}

std::vector<std::string> declared_classes(const Lines& lines, std::string_view text) {
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

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lower;
}

/// The key as header_keys() spells it, whatever its case.
std::string known_key(const Lines& lines, std::string_view text) {
  for (const std::string& key : header_keys())
    if (lower_case(key) == lower_case(text)) return key;
  const std::string near = nearest_name(text, header_keys());
  lines.fail(
      fmt::format("header key \"{}\" is unknown{}", text, near.empty() ? "" : ", do you mean " + near + "?"),
      fmt::format("{}", fmt::join(header_keys(), ", ")));
}

/// Missing values and unequal lengths are refused where they stand: their flags alone do no harm.
void read_header_line(const Lines& lines, const std::string& key, std::string_view value, Header& header) {
  if (key == "@problemName") header.problem_name = value;
  if (key == "@dimensions") header.dimensions = positive_number(lines, key, value);
  if (key == "@seriesLength") header.series_length = positive_number(lines, key, value);
  if (key == "@classLabel") header.class_names = declared_classes(lines, value);
  if (key == "@missing" || key == "@equalLength") truth(lines, key, lower_case(value));
  if (key == "@univariate" && truth(lines, key, lower_case(value))) header.dimensions = 1;
  if (key == "@timeStamps" && truth(lines, key, lower_case(value)))
    lines.fail("@timeStamps is true: series with time stamps are not yet supported", "false");
}

Header read_header(Lines& lines) {
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
    return header;
  }
  lines.fail("the file ends without @data; is it cut off?");
}

/// Where a value stands, for messages.
struct Place {
  std::size_t dimension = 0, value = 0;  ///< from 1
};

[[noreturn]] void fail_value(const Lines& lines, std::string_view text, const Place& place) {
  const std::string at = fmt::format("(dimension {}, value {})", place.dimension, place.value);
  if (text == "?" || lower_case(text) == "nan")
    lines.fail(fmt::format("missing value \"{}\" {}: missing values are not yet supported", text, at),
               "finite numbers");
  lines.fail(fmt::format("\"{:.40}\" {} is not a number that a float can hold", text, at), "finite numbers");
}

/// A number too small for a float is 0, as rounding has it; one too large is refused.
float parse_value(const Lines& lines, std::string_view text, const Place& place) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  const char* const end = digits.data() + digits.size();
  float value = 0.0f;
  auto result = std::from_chars(digits.data(), end, value);
  if (result.ec == std::errc::result_out_of_range) {
    double wide = 0.0;
    result = std::from_chars(digits.data(), end, wide);
    value = static_cast<float>(wide);
    if (result.ec == std::errc::result_out_of_range || std::abs(wide) > 1.0) fail_value(lines, text, place);
  }
  if (result.ec != std::errc{} || result.ptr != end || !std::isfinite(value)) fail_value(lines, text, place);
  return value;
}

/// One dimension's values, divided by commas.
void parse_series(const Lines& lines, std::string_view text, std::size_t dimension,
                  std::vector<float>& series) {
  series.clear();
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    series.push_back(parse_value(lines, trimmed(text.substr(0, comma)), {dimension, series.size() + 1}));
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
}

void require_dimensions(const Lines& lines, std::size_t found, bool header_says, const Dataset& data) {
  if (found == static_cast<std::size_t>(data.channels)) return;
  const bool cut_off = found < static_cast<std::size_t>(data.channels) && lines.at_end();
  lines.fail(fmt::format("the case has {} dimension{}{}", found, found == 1 ? "" : "s",
                         cut_off ? " and is the last: is the file cut off?" : ""),
             fmt::format("{}, as {}", data.channels, header_says ? "the header says" : "the first case has"));
}

void require_length(const Lines& lines, std::size_t found, std::size_t dimension, bool header_says,
                    const Dataset& data) {
  if (found == static_cast<std::size_t>(data.length)) return;
  lines.fail(
      fmt::format("dimension {} has {} values: series of unequal lengths are not yet supported", dimension,
                  found),
      fmt::format("{}, as {}", data.length, header_says ? "@seriesLength says" : "the first series has"));
}

/// The parts of a case's line: each dimension's text, then the label's.
void divide(std::string_view line, std::vector<std::string_view>& parts) {
  parts.clear();
  for (std::size_t colon; (colon = line.find(':')) != std::string_view::npos; line.remove_prefix(colon + 1))
    parts.push_back(line.substr(0, colon));
  parts.push_back(trimmed(line));
}

std::int32_t label_of(const Lines& lines, std::string_view name, const std::vector<std::string>& classes) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end())
    lines.fail(fmt::format("class \"{}\" is not declared{}", name,
                           lines.at_end() ? "; this is the last line: is the file cut off?" : ""),
               fmt::format("{}", fmt::join(classes, ", ")));
  return static_cast<std::int32_t>(found - classes.begin());
}

/// Reads cases one line after the other; its buffers live as long as the file.
struct CaseReader {
  const Lines& lines;
  const Header& header;
  std::vector<std::string_view> parts{};
  std::vector<float> series{};

  void read(std::string_view line, TsFile& file) {
    Dataset& data = file.data;
    divide(line, parts);
    const std::size_t dimensions = parts.size() - 1;
    if (data.channels == 0) data.channels = static_cast<std::int32_t>(dimensions);
    if (dimensions == 0)
      lines.fail("the case has no ':' between its values and its class; is the file cut off?");
    require_dimensions(lines, dimensions, header.dimensions != 0, data);
    const std::int32_t label = label_of(lines, parts.back(), data.class_names);
    const std::size_t start = data.values.size();
    for (std::size_t c = 0; c < dimensions; ++c) {
      parse_series(lines, parts[c], c + 1, series);
      if (data.length == 0) data.length = static_cast<std::int32_t>(series.size());
      require_length(lines, series.size(), c + 1, header.series_length != 0, data);
      if (c == 0) data.values.resize(start + static_cast<std::size_t>(data.case_size()));
      for (std::size_t t = 0; t < series.size(); ++t) data.values[start + t * dimensions + c] = series[t];
    }
    data.labels.push_back(label);
    file.lines.push_back(lines.number());
  }
};

}  // namespace

TsFile parse_ts(std::string_view text, const std::string& where) {
  Lines lines(text, where);
  const Header header = read_header(lines);
  TsFile file;
  file.data.name = header.problem_name;
  file.data.class_names = header.class_names;
  file.data.channels = header.dimensions;
  file.data.length = header.series_length;
  CaseReader reader{lines, header};
  while (const auto line = lines.next()) reader.read(*line, file);
  if (file.lines.empty()) lines.fail("no case follows @data; is the file cut off?");
  return file;
}

TsFile read_ts(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  return parse_ts(text, file.string());
}

}  // namespace parsimony::data
