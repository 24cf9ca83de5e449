#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace parsimony {

/// A count with a unit: two quantities of different units do not convert into each other.
template <typename Unit>
struct Quantity {
  std::int64_t value = 0;
  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t count) : value(count) {}
  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator+(Quantity other) const { return Quantity(value + other.value); }
  constexpr Quantity operator-(Quantity other) const { return Quantity(value - other.value); }
  constexpr Quantity& operator+=(Quantity other) {
    value += other.value;
    return *this;
  }
};

using Bytes = Quantity<struct BytesUnit>;  ///< [B]
using Flops = Quantity<struct FlopsUnit>;  ///< 2 per multiply-accumulate, by docs/costs.md

/// "256 KB", "1 MB", "4096", "4096 B" -> bytes (KB is 1024 B, MB 1024²).
/// @throws InputError naming `where` and the text
Bytes parse_bytes(std::string_view where, std::string_view text);

/// "500 ms", "60 s", "5 min", "1.5 h" -> [s].
/// @throws InputError naming `where` and the text
double parse_seconds(std::string_view where, std::string_view text);

/// 131176 -> "128.1 KB"; under 1024 "768 B".
std::string format_bytes(Bytes bytes);

}  // namespace parsimony
