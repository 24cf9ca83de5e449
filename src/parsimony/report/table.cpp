#include "parsimony/report/table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "parsimony/base/quantities.hpp"

namespace parsimony::report {
namespace {

constexpr const char* kAbsent = "–";

std::string operations_of(double value) {
  if (value >= 1e9) return fmt::format("{:.3g} G", value / 1e9);
  if (value >= 1e6) return fmt::format("{:.3g} M", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.3g} k", value / 1e3);
  return fmt::format("{:.0f}", value);
}

}  // namespace

std::string exact(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

std::string text_of(const space::Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return exact(*real);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  return std::get<std::string>(value);
}

std::string short_number(double value) {
  return std::isnan(value) ? kAbsent : fmt::format("{:.4g}", value);
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", std::round(1000.0 * *share) / 10.0)
               : kAbsent;  // ties go up, as on the page
}

std::string f1_text(const std::optional<double>& f1) {
  return f1 ? fmt::format("{:.3f}", *f1) : kAbsent;
}

std::string bytes_text(const std::optional<std::int64_t>& bytes) {
  return bytes ? format_bytes(Bytes(*bytes)) : kAbsent;
}

std::string operations_text(const std::optional<std::int64_t>& operations) {
  return operations ? operations_of(static_cast<double>(*operations)) : kAbsent;
}

std::string in_unit(const ObjectiveColumn& column, double value) {
  const double shown = value * column.scale;
  if (std::isnan(shown)) return kAbsent;
  if (column.unit == "B") return format_bytes(Bytes(std::llround(shown)));
  if (column.unit == "FLOP") return operations_of(shown);
  if (column.unit == "%") return fmt::format("{:.1f} %", shown);
  return short_number(shown);
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-:@%,=";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string result = "'";
  for (char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string reference_text(const Report& report) {
  std::string text;
  for (const ObjectiveColumn& column : report.objectives)
    text += (text.empty() ? "" : ", ") + short_number(column.as_given(column.reference));
  return text;
}

std::string solver_text(const Report& report) {
  return report.solver_settings.empty() ? report.solver : report.solver + ", " + report.solver_settings;
}

}  // namespace parsimony::report
