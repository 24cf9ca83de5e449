#include "parsimony/data/text_lines.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "parsimony/base/errors.hpp"

namespace parsimony::data {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lower;
}

std::optional<float> parse_float(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  float value = 0.0f;
  auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc::result_out_of_range) {
    double wide = 0.0;
    result = std::from_chars(text.data(), end, wide);
    value = static_cast<float>(wide);
    if (std::abs(wide) > 1.0) return std::nullopt;
  }
  if (result.ec != std::errc{} || result.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool spells_missing(std::string_view text) {
  return text == "?" || lower_case(text) == "nan";
}

std::optional<std::string_view> TextLines::next() {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = trimmed(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    if (!line.empty() && (comment_ == 0 || line.front() != comment_)) return line;
  }
  return std::nullopt;
}

void TextLines::fail(std::string_view problem, std::string_view allowed) const {
  throw InputError(fmt::format("{}:{}", where_, number_), problem, allowed);
}

}  // namespace parsimony::data
