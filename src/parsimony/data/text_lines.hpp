#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parsimony::data {

/// Without blanks, tabs and carriage returns at both ends.
std::string_view trimmed(std::string_view text);

/// ASCII letters made small.
std::string lower_case(std::string_view text);

/// The number that the whole text spells, finite in a float; "+" may stand before it. One too small for a
/// float is 0, as rounding has it. Nothing for any other text.
std::optional<float> parse_float(std::string_view text);

/// Whether the text stands for a missing value: "?" or "nan" in any case.
bool spells_missing(std::string_view text);

/// A text's lines one after the other, with the number of the last one given.
class TextLines {
 public:
  /// @param where    what messages call the text: its file; must outlive this
  /// @param comment  lines that begin with it are passed over; 0: none are
  TextLines(std::string_view text, const std::string& where, char comment)
      : rest_(text), where_(where), comment_(comment) {}

  /// The next line that is neither blank nor a comment, trimmed; nothing at the end.
  std::optional<std::string_view> next();

  std::int64_t number() const { return number_; }
  bool at_end() const { return rest_.find_first_not_of(" \t\r\n") == std::string_view::npos; }
  /// @throws InputError "<where>:<number>: <problem>; allowed: <allowed>"
  [[noreturn]] void fail(std::string_view problem, std::string_view allowed = {}) const;

 private:
  std::string_view rest_;
  const std::string& where_;
  char comment_;
  std::int64_t number_ = 0;
};

}  // namespace parsimony::data
