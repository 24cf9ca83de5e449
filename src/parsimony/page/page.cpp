#include "parsimony/page/page.hpp"

#include <map>

#include "parsimony/base/sha256.hpp"

namespace parsimony::page {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

int hex_value(char digit) {
  return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/// Base64 of the SHA-256 of the text, as a content security policy names a script.
std::string script_hash(std::string_view script) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  unsigned bits = 0, count = 0;
  for (char digit : sha256(script)) {  // 256 bits, four at a time; six make a letter
    bits = bits << 4 | static_cast<unsigned>(hex_value(digit));
    count += 4;
    if (count >= 6) {
      count -= 6;
      result += kAlphabet[bits >> count & 63u];
    }
  }
  return result + kAlphabet[bits << (6 - count) & 63u] + "=";
}

/// The page with each {{name}} replaced, in one pass: what is filled in is never searched again.
std::string filled(std::string_view page, const std::map<std::string, std::string, std::less<>>& values) {
  std::string result;
  for (;;) {
    const std::size_t open = page.find("{{");
    result += page.substr(0, open);
    if (open == std::string_view::npos) return result;
    const std::size_t close = page.find("}}", open);
    result += values.at(std::string(page.substr(open + 2, close - open - 2)));
    page.remove_prefix(close + 2);
  }
}

}  // namespace

std::string make_page(const Sources& sources, const Content& content) {
  return filled(sources.page, {{"title", escaped(content.title)},
                               {"style", std::string(sources.style)},
                               {"script", std::string(sources.script)},
                               {"script_hash", script_hash(sources.script)},
                               {"data", content.data},
                               {"summary", escaped(content.summary)}});
}

std::string script_safe(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (char c : json) {
    if (c == '<')
      safe += "\\u003c";
    else if (c == '>')
      safe += "\\u003e";
    else if (c == '&')
      safe += "\\u0026";
    else
      safe += c;
  }
  return safe;
}

}  // namespace parsimony::page
