#include "parsimony/base/quantities.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "parsimony/base/errors.hpp"

namespace parsimony {

Bytes parse_bytes(std::string_view where, std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  while (*end == ' ') ++end;
  const std::string unit(end);
  const double factor = unit.empty() || unit == "B" ? 1.0
                        : unit == "KB"              ? 1024.0
                        : unit == "MB"              ? 1024.0 * 1024.0
                                                    : 0.0;
  const double bytes = number * factor;
  if (end == copy.c_str() || factor == 0.0 || !std::isfinite(bytes) || bytes < 1.0 || bytes > 1e12)
    throw InputError(where, fmt::format("is '{}'", text),
                     "a size such as 4096, 256 KB or 1 MB, at least 1 B");
  return Bytes(static_cast<std::int64_t>(bytes));
}

double parse_seconds(std::string_view where, std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  while (*end == ' ') ++end;
  const std::string unit(end);
  const double factor = unit == "ms"    ? 1e-3
                        : unit == "s"   ? 1.0
                        : unit == "min" ? 60.0
                        : unit == "h"   ? 3600.0
                                        : 0.0;
  const double seconds = number * factor;
  if (factor == 0.0 || !(seconds >= 1e-3 && seconds <= 1e7))
    throw InputError(where, fmt::format("is '{}'", text),
                     "a time with its unit, such as 500 ms, 60 s, 5 min or 1 h, from 1 ms to 2700 h");
  return seconds;
}

std::string format_bytes(Bytes bytes) {
  const auto count = static_cast<double>(bytes.value);
  if (bytes.value < 1024) return fmt::format("{} B", bytes.value);
  if (bytes.value < 1024 * 1024) return fmt::format("{:.1f} KB", count / 1024.0);
  return fmt::format("{:.2f} MB", count / (1024.0 * 1024.0));
}

}  // namespace parsimony
