#include "parsimony/study/digest.hpp"

#include <fmt/format.h>

#include <cmath>
#include <variant>

#include "parsimony/base/sha256.hpp"

namespace parsimony::study {
namespace {

/// Every NaN is the same one; the sign of a zero counts.
std::string hexadecimal(double value) {
  return std::isnan(value) ? "nan" : fmt::format("{:a}", value);
}

/// Kind, length and text: no two different values read the same.
std::string written(const space::Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return "f " + hexadecimal(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("i {}", *integer);
  const std::string& text = std::get<std::string>(value);
  return fmt::format("s {} {}", text.size(), text);
}

void write(std::string& text, const Row& row) {
  text += fmt::format("trial {} {} {}\n", row.number, state_name(row.state()), row.execution.code);
  for (const space::Value& value : row.configuration) text += fmt::format("parameter {}\n", written(value));
  for (double value : row.objectives) text += fmt::format("objective {}\n", hexadecimal(value));
}

}  // namespace

std::string digest(std::span<const Row> rows) {
  std::string text;
  for (const Row& row : rows)
    if (ended(row.state())) write(text, row);
  return sha256(text);
}

}  // namespace parsimony::study
