#include <fmt/format.h>

#include <algorithm>

#include "parsimony/report/report.hpp"
#include "parsimony/report/table.hpp"

namespace parsimony::report {
namespace {

/// One line of fields, quoted where RFC 4180 asks for it.
std::string line(const std::vector<std::string>& fields) {
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    if (fields[i].find_first_of(",\"\r\n") == std::string::npos) {
      text += fields[i];
      continue;
    }
    text += '"';
    for (char c : fields[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += '"';
  }
  return text + "\r\n";
}

template <typename T>
std::string optional_text(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::vector<std::string> header(const Report& report) {
  std::vector<std::string> names{"trial", "state", "stage", "code", "reason", "on_front", "seconds"};
  for (const ObjectiveColumn& column : report.objectives) names.push_back("objective." + column.name);
  for (const std::string& constraint : report.constraints) names.push_back("constraint." + constraint);
  for (const space::Parameter& parameter : report.parameters)
    names.push_back("parameter." + space::parameter_name(parameter));
  if (report.has_networks)
    for (const char* name : {"validation_accuracy", "float_accuracy", "validation_cross_entropy",
                             "test_accuracy", "rom_bytes", "ram_bytes", "flops", "parameter_count",
                             "constant_bytes", "diverged", "validation_macro_f1", "test_macro_f1"})
      names.push_back(name);
  return names;
}

std::vector<std::string> fields_of(const Report& report, const Row& row) {
  const bool on_front = std::binary_search(report.front.begin(), report.front.end(), row.number);
  std::vector<std::string> fields{fmt::format("{}", row.number),
                                  study::state_name(row.state),
                                  row.stage,
                                  row.code,
                                  row.reason,
                                  on_front ? "1" : "0",
                                  exact(row.seconds)};
  for (std::size_t i = 0; i < report.objectives.size(); ++i)
    fields.push_back(i < row.objectives.size() ? exact(report.objectives[i].as_given(row.objectives[i]))
                                               : "");
  for (std::size_t i = 0; i < report.constraints.size(); ++i)
    fields.push_back(i < row.constraints.size() ? exact(row.constraints[i]) : "");
  for (std::size_t i = 0; i < report.parameters.size(); ++i)
    fields.push_back(i < row.configuration.size() ? text_of(row.configuration[i]) : "");
  if (report.has_networks) {
    const NetworkFigures none, &figures = row.network ? *row.network : none;
    fields.insert(
        fields.end(),
        {optional_text(figures.validation_accuracy), optional_text(figures.float_accuracy),
         optional_text(figures.validation_cross_entropy), optional_text(figures.test_accuracy),
         optional_text(figures.rom_bytes), optional_text(figures.ram_bytes), optional_text(figures.flops),
         optional_text(figures.parameter_count), optional_text(figures.constant_bytes), row.diverged,
         optional_text(figures.validation_macro_f1), optional_text(figures.test_macro_f1)});
  }
  return fields;
}

}  // namespace

std::string to_csv(const Report& report) {
  std::string text = line(header(report));
  for (const Row& row : report.rows) text += line(fields_of(report, row));
  return text;
}

}  // namespace parsimony::report
