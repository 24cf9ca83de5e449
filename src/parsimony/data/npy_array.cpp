#include "parsimony/data/npy_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/data/text_lines.hpp"

namespace parsimony::data {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::string_view kTypes = "bool, integers, float16 to float64, text; no pickled objects";

/// What stands behind 'key': in the header's dictionary, up to `end`.
std::string_view member(std::string_view header, std::string_view key, char end) {
  const std::string quoted = fmt::format("'{}'", key);
  const std::size_t at = header.find(quoted);
  const std::size_t colon = at == std::string_view::npos ? at : header.find(':', at + quoted.size());
  const std::size_t last = colon == std::string_view::npos ? colon : header.find(end, colon + 1);
  if (last == std::string_view::npos) return {};
  return trimmed(header.substr(colon + 1, last - colon - 1));
}

bool multiplied(std::uint64_t& product, std::uint64_t factor) {
  return !__builtin_mul_overflow(product, factor, &product);
}

double half_to_double(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31), fraction = static_cast<int>(bits & 1023);
  const double sign = (bits >> 15) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

}  // namespace

NpyArray::NpyArray(std::string_view bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {
  read_header();
  std::uint64_t all = item_bytes_;
  bool fits = true;
  for (const std::uint64_t axis : shape_) fits = fits && multiplied(size_, axis) && multiplied(all, axis);
  if (!fits || all != bytes_.size() - start_)
    throw InputError(where_,
                     fmt::format("holds {} bytes behind its header; is it cut off?", bytes_.size() - start_),
                     "as many as its shape says");
}

void NpyArray::read_header() {
  if (!bytes_.starts_with(kMagic) || bytes_.size() < 10)
    throw InputError(where_, "does not begin as a .npy file does");
  const auto byte = [&](std::size_t place) {
    return static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes_[place]));
  };
  const std::uint64_t version = byte(6);
  const std::uint64_t first = version == 1 ? 10 : 12;
  if (version < 1 || version > 3 || bytes_.size() < first)
    throw InputError(where_, fmt::format("is of version {}", version), "1 to 3");
  std::uint64_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes_.size() - first) throw InputError(where_, "ends in its header; is it cut off?");
  start_ = first + length;
  const std::string_view header = bytes_.substr(first, length);
  const std::string_view order = member(header, "fortran_order", ','), shape = member(header, "shape", ')');
  if ((order != "True" && order != "False") || !shape.starts_with('('))
    throw InputError(where_, "has a header without fortran_order and shape");
  fortran_ = order == "True";
  read_type(member(header, "descr", ','));
  for (std::string_view rest = trimmed(shape.substr(1)); !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view text = trimmed(rest.substr(0, comma));
    std::uint64_t axis = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), axis);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
      throw InputError(where_, fmt::format("has the shape {:.60})", shape));
    shape_.push_back(axis);
    rest = trimmed(rest.substr(std::min(comma + 1, rest.size())));
  }
}

void NpyArray::read_type(std::string_view descr) {
  const bool quoted = descr.size() >= 5 && descr.front() == '\'' && descr.back() == '\'';
  const std::string_view type = quoted ? descr.substr(1, descr.size() - 2) : "";
  std::uint64_t size = 0;
  const std::size_t digits = std::min<std::size_t>(2, type.size());
  const auto read = std::from_chars(type.data() + digits, type.data() + type.size(), size);
  const std::string_view kinds = "biufUS";
  const bool known = quoted && read.ec == std::errc{} && read.ptr == type.data() + type.size() &&
                     std::string_view("<>|=").find(type[0]) != std::string_view::npos &&
                     kinds.find(type[1]) != std::string_view::npos;
  kind_ = known ? type[1] : 0;
  const bool number =
      (kind_ == 'b' && size == 1) ||
      ((kind_ == 'i' || kind_ == 'u') && (size == 1 || size == 2 || size == 4 || size == 8)) ||
      (kind_ == 'f' && (size == 2 || size == 4 || size == 8));
  const bool text = (kind_ == 'U' || kind_ == 'S') && size >= 1 && size <= 1024;
  if (!number && !text) throw InputError(where_, fmt::format("is of type {:.40}", descr), kTypes);
  big_endian_ = type[0] == '>';
  item_bytes_ = kind_ == 'U' ? 4 * size : size;
}

std::vector<std::uint64_t> NpyArray::strides() const {
  std::vector<std::uint64_t> strides(shape_.size());
  std::uint64_t stride = 1;
  for (std::size_t i = 0; i < shape_.size(); ++i) {
    const std::size_t axis = fortran_ ? i : shape_.size() - 1 - i;
    strides[axis] = stride;
    stride *= shape_[axis];
  }
  return strides;
}

std::uint64_t NpyArray::bits(std::uint64_t place, std::uint64_t first, std::uint64_t count) const {
  PARSIMONY_EXPECTS(place < size_);
  std::uint64_t result = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = start_ + place * item_bytes_ + first + (big_endian_ ? i : count - 1 - i);
    result = result << 8 | static_cast<std::uint8_t>(bytes_[at]);
  }
  return result;
}

double NpyArray::value(std::uint64_t place) const {
  const std::uint64_t raw = bits(place, 0, item_bytes_);
  switch (kind_) {
    case 'f':
      if (item_bytes_ == 2) return half_to_double(raw);
      return item_bytes_ == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(raw))
                              : std::bit_cast<double>(raw);
    case 'i': {
      const int unused = static_cast<int>(64 - 8 * item_bytes_);
      return static_cast<double>(static_cast<std::int64_t>(raw << unused) >> unused);
    }
    default:
      return static_cast<double>(raw);
  }
}

void NpyArray::fail_element(std::uint64_t place, std::string_view problem, std::string_view allowed) const {
  throw InputError(where_, fmt::format("element {} {}", place, problem), allowed);
}

float NpyArray::number(std::uint64_t place) const {
  if (kind_ == 'U' || kind_ == 'S') throw InputError(where_, "holds text", "numbers");
  const auto result = static_cast<float>(value(place));
  if (!std::isfinite(result))
    fail_element(place, fmt::format("is {}", value(place)), "finite numbers that a float can hold");
  return result;
}

std::string NpyArray::name(std::uint64_t place) const {
  if (kind_ != 'U' && kind_ != 'S') {
    const double number = value(place);
    if (number != std::round(number) || std::abs(number) > 1e15)
      fail_element(place, fmt::format("is {}", number), "text or whole numbers");
    return fmt::format("{:.0f}", number);
  }
  const std::uint64_t unit = kind_ == 'U' ? 4 : 1;
  std::string text;
  for (std::uint64_t i = 0; i < item_bytes_; i += unit) {
    const std::uint64_t letter = bits(place, i, unit);
    if (letter == 0) break;
    if (letter < 0x80) {
      text += static_cast<char>(letter);
    } else if (kind_ == 'S' || letter > 0x10ffff) {
      fail_element(place, "is no ASCII text or UTF-32", "such text");
    } else {
      const int more = letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
      text += static_cast<char>((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | letter >> (6 * more));
      for (int k = more - 1; k >= 0; --k) text += static_cast<char>(0x80 | (letter >> (6 * k) & 0x3f));
    }
  }
  if (text.empty()) fail_element(place, "is empty", "a name");
  return text;
}

}  // namespace parsimony::data
