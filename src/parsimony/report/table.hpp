#pragma once

#include <cstdint>
#include <string>

#include "parsimony/report/report.hpp"

/// Numbers as text.
namespace parsimony::report {

/// Shortest text that reads back as the same double; empty for NaN.
std::string exact(double value);
/// A parameter's value as text.
std::string text_of(const space::Value& value);
/// For people: 4 significant digits.
std::string short_number(double value);
/// "96.5 %"; "–" when absent.
std::string percent(const std::optional<double>& share);
/// "0.965"; "–" when absent.
std::string f1_text(const std::optional<double>& f1);
/// "41.2 KB", "1.49 M"; "–" when absent.
std::string bytes_text(const std::optional<std::int64_t>& bytes);
std::string operations_text(const std::optional<std::int64_t>& operations);
/// A value of that column in its unit.
std::string in_unit(const ObjectiveColumn& column, double value);

/// The text as one word of a POSIX shell, quoted where that would read it otherwise.
std::string shell_word(const std::string& text);

/// The reference point as given, "1.1, 20".
std::string reference_text(const Report& report);

/// "ars, directions 300"
std::string solver_text(const Report& report);

}  // namespace parsimony::report
