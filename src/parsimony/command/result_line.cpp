#include "parsimony/command/result_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "parsimony/base/errors.hpp"

namespace parsimony::command {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kBlank = " \t\r\n\v\f";

/// For messages: the beginning of a long text.
std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 120;
  return text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "...";
}

/// Python's and JavaScript's NaN and Infinity, which JSON does not know, become null; strings stay.
std::string with_nulls(std::string_view line) {
  std::string text;
  bool quoted = false;
  for (std::size_t at = 0; at < line.size();) {
    const auto word = [&]() -> std::size_t {
      for (const std::string_view name : {"-Infinity", "Infinity", "NaN", "-nan", "nan", "-inf", "inf"})
        if (line.substr(at).starts_with(name)) return name.size();
      return 0;
    };
    if (const std::size_t length = quoted ? 0 : word(); length > 0) {
      text += "null";
      at += length;
      continue;
    }
    if (quoted && line[at] == '\\' && at + 1 < line.size())
      text += line[at++];
    else if (line[at] == '"')
      quoted = !quoted;
    text += line[at++];
  }
  return text;
}

Json parsed(std::string_view line) {
  Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json::parse(with_nulls(line), nullptr, false) : json;
}

Failure failure(std::string code, std::string reason) {
  return {"result", std::move(code), std::move(reason)};
}

/// The values of one member ("objectives"), in the order of the names.
/// @param one  what a code calls one of them: "objective"
std::variant<std::vector<double>, Failure> read_values(const Json& json, const std::string& member,
                                                       const std::string& one,
                                                       const std::vector<std::string>& names) {
  const auto found = json.find(member);
  if (found != json.end() && !found->is_object())
    return failure("no-result", fmt::format("\"{}\" is no object of names and numbers", member));
  const Json values = found == json.end() ? Json::object() : *found;
  std::vector<double> numbers;
  for (const std::string& name : names) {
    const auto value = values.find(name);
    if (value == values.end()) return failure("missing-" + one, fmt::format("{} lacks \"{}\"", member, name));
    const double number = value->is_number() ? value->get<double>() : std::nan("");
    if (!std::isfinite(number))
      return failure("not-finite", fmt::format("{}.{} is no finite number", member, name));
    numbers.push_back(number);
  }
  for (const auto& [name, value] : values.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest_name(name, names);
    return failure("unknown-" + one, fmt::format("{}.{} is none of the problem's{}", member, shortened(name),
                                                 near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  return numbers;
}

}  // namespace

std::string_view last_line(std::string_view text) {
  const std::size_t end = text.find_last_not_of(kBlank);
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end + 1);
  const std::size_t begin = text.find_last_of("\r\n");
  if (begin != std::string_view::npos) text.remove_prefix(begin + 1);
  text.remove_prefix(text.find_first_not_of(kBlank));
  return text;
}

std::variant<Values, Failure> read_result(std::string_view output, const Settings& settings) {
  const std::string_view line = last_line(output);
  if (line.empty()) return failure("no-result", "printed nothing on standard output");
  const Json json = parsed(line);
  if (!json.is_object() || !json.contains("objectives"))
    return failure("no-result",
                   fmt::format("the last line is no {{\"objectives\": {{...}}}}: {}", shortened(line)));
  std::vector<std::string> names;
  for (const Objective& objective : settings.objectives) names.push_back(objective.name);
  auto objectives = read_values(json, "objectives", "objective", names);
  if (auto* bad = std::get_if<Failure>(&objectives)) return *bad;
  auto constraints = read_values(json, "constraints", "constraint", settings.constraints);
  if (auto* bad = std::get_if<Failure>(&constraints)) return *bad;
  return Values{std::get<0>(std::move(objectives)), std::get<0>(std::move(constraints))};
}

}  // namespace parsimony::command
