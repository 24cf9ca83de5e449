#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace parsimony::emit {

// The tokens of emitted C. A string literal of ours is punctuation or a keyword, taken as it stands; whatever
// comes from a model or a user goes through one of these.

/// A name. Must be a C identifier (a bug otherwise).
struct Identifier {
  std::string_view name;
};

/// A decimal integer literal; INT32_MIN, which has none, as (-2147483647 - 1).
struct Integer {
  std::int64_t value;
};

/// An unsigned decimal literal: 12u.
struct Unsigned {
  std::int64_t value;
};

/// A float literal that reads back exactly: 0.0123456791f. Finite.
struct Real {
  float value;
};

/// A string literal with everything outside printable ASCII escaped.
struct Quoted {
  std::string_view text;
};

/// /* text */; what would end the comment or leave ASCII is replaced.
struct Comment {
  std::string_view text;
};

/// Writes lines of tokens with indentation by open braces.
class CWriter {
 public:
  /// One line; no tokens: an empty one.
  template <typename... Tokens>
  void line(const Tokens&... tokens) {
    if constexpr (sizeof...(Tokens) > 0) indent();
    (put(tokens), ...);
    text_ += '\n';
  }

  /// A line that ends in an open brace; those that follow stand deeper.
  template <typename... Tokens>
  void open(const Tokens&... tokens) {
    indent();
    (put(tokens), ...);
    text_ += "{\n";
    ++depth_;
  }

  /// The brace closed, and what follows it: "};".
  void close(std::string_view after = "");

  /// #define name tokens…
  template <typename... Tokens>
  void define(Identifier name, const Tokens&... tokens) {
    line("#define ", name, " ", tokens...);
  }

  /// What every array has before its initialiser: a section's macro. Empty: nothing.
  void place_arrays(std::string_view macro) { placement_ = macro; }

  /// static const type name[count] = {values};  count >= values.size(), C fills up with zeros. Not empty.
  void array(std::string_view type, Identifier name, std::span<const std::int8_t> values, std::int64_t count);
  void array(std::string_view type, Identifier name, std::span<const std::int32_t> values);
  void array(std::string_view type, Identifier name, std::span<const std::uint32_t> values);
  void array(std::string_view type, Identifier name, std::span<const float> values);

  /// Numbers, separated by commas, as many on a line as fit; Token is Integer, Unsigned or Real.
  template <typename Token, typename Number>
  void values(std::span<const Number> numbers) {
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      separate(k);
      put(Token{numbers[k]});
    }
    text_ += '\n';
  }

  /// Text that is C already: a kernel's source.
  void verbatim(std::string_view source);

  std::string take() { return std::move(text_); }

 private:
  void indent();
  void put(std::string_view text) { text_ += text; }
  void put(Identifier token);
  void put(Integer token);
  void put(Unsigned token);
  void put(Real token);
  void put(Quoted token);
  void put(Comment token);
  void separate(std::size_t index);
  template <typename Token, typename Number>
  void put_array(std::string_view type, Identifier name, std::span<const Number> values, std::int64_t count);

  std::string text_;
  std::string placement_;
  std::size_t line_start_ = 0;  // of the current line of values
  int depth_ = 0;
};

/// Whether `name` is a C identifier.
bool is_identifier(std::string_view name);

}  // namespace parsimony::emit
