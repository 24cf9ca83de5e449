#include "parsimony/emit/c_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "parsimony/base/contracts.hpp"

namespace parsimony::emit {
namespace {

constexpr std::size_t kLineWidth = 110;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_printable(char c) {
  return c >= 0x20 && c < 0x7f;
}

}  // namespace

bool is_identifier(std::string_view name) {
  return !name.empty() && is_letter(name[0]) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
}

void CWriter::indent() {
  text_.append(static_cast<std::size_t>(2 * depth_), ' ');
}

void CWriter::close(std::string_view after) {
  PARSIMONY_EXPECTS(depth_ > 0);
  --depth_;
  indent();
  text_ += '}';
  text_ += after;
  text_ += '\n';
}

void CWriter::put(Identifier token) {
  PARSIMONY_EXPECTS(is_identifier(token.name));
  text_ += token.name;
}

void CWriter::put(Integer token) {
  if (token.value == std::numeric_limits<std::int32_t>::min())
    text_ += "(-2147483647 - 1)";
  else
    fmt::format_to(std::back_inserter(text_), "{}", token.value);
}

void CWriter::put(Unsigned token) {
  PARSIMONY_EXPECTS(token.value >= 0);
  fmt::format_to(std::back_inserter(text_), "{}u", token.value);
}

void CWriter::put(Real token) {
  PARSIMONY_EXPECTS(std::isfinite(token.value));
  std::string digits = fmt::format("{:.9g}", token.value);
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  text_ += digits + 'f';
}

void CWriter::put(Quoted token) {
  text_ += '"';
  for (const char c : token.text) {
    if (c == '"' || c == '\\' || c == '?')  // ??x would be a trigraph
      text_.append({'\\', c});
    else if (is_printable(c))
      text_ += c;
    else
      fmt::format_to(std::back_inserter(text_), "\\{:03o}", static_cast<unsigned char>(c));
  }
  text_ += '"';
}

void CWriter::put(Comment token) {
  text_ += "/* ";
  for (std::size_t k = 0; k < token.text.size(); ++k) {
    const char c = token.text[k];
    const bool ends = c == '*' && k + 1 < token.text.size() && token.text[k + 1] == '/';
    const bool begins = c == '/' && k + 1 < token.text.size() && token.text[k + 1] == '*';
    text_ += ends || begins || !is_printable(c) || c == '\\' || c == '?' ? '.' : c;
  }
  text_ += " */";
}

/// What stands before value `index`: a comma and a blank, or a new line where this one is full.
void CWriter::separate(std::size_t index) {
  constexpr std::size_t kLongestValue = 20;
  if (index > 0) text_ += ',';
  if (index > 0 && text_.size() - line_start_ + kLongestValue <= kLineWidth) {
    text_ += ' ';
    return;
  }
  if (index > 0) text_ += '\n';
  line_start_ = text_.size();
  indent();
}

template <typename Token, typename Number>
void CWriter::put_array(std::string_view type, Identifier name, std::span<const Number> values,
                        std::int64_t count) {
  PARSIMONY_EXPECTS(!values.empty() && count >= static_cast<std::int64_t>(values.size()));
  if (placement_.empty())
    open("static const ", type, " ", name, "[", Integer{count}, "] = ");
  else
    open("static const ", type, " ", name, "[", Integer{count}, "] ", Identifier{placement_}, " = ");
  this->values<Token>(values);
  close(";");
}

void CWriter::array(std::string_view type, Identifier name, std::span<const std::int8_t> values,
                    std::int64_t count) {
  put_array<Integer>(type, name, values, count);
}
void CWriter::array(std::string_view type, Identifier name, std::span<const std::int32_t> values) {
  put_array<Integer>(type, name, values, static_cast<std::int64_t>(values.size()));
}
void CWriter::array(std::string_view type, Identifier name, std::span<const std::uint32_t> values) {
  put_array<Unsigned>(type, name, values, static_cast<std::int64_t>(values.size()));
}
void CWriter::array(std::string_view type, Identifier name, std::span<const float> values) {
  put_array<Real>(type, name, values, static_cast<std::int64_t>(values.size()));
}

void CWriter::verbatim(std::string_view source) {
  text_ += source;
}

}  // namespace parsimony::emit
