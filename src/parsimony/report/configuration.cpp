#include "parsimony/report/configuration.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/quantities.hpp"
#include "parsimony/report/table.hpp"

namespace parsimony::report {
namespace {

using Json = nlohmann::json;

Json parsed(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

const Json& at(const Json& json, const char* key) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found == json.end() ? nothing : *found;
}

std::string text_of(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number() || json.is_boolean()) return json.dump();
  return "";
}

/// The first of these keys that says something.
std::string first_of(const Json& json, std::initializer_list<const char*> keys) {
  if (!json.is_object()) return text_of(json);
  for (const char* key : keys)
    if (std::string text = text_of(at(json, key)); !text.empty()) return text;
  return "";
}

/// "width 114, depth 3": every other setting that is a word or a number.
std::string rest_of(const Json& json, std::initializer_list<const char*> keys) {
  std::string text;
  if (!json.is_object()) return text;
  for (const auto& [key, value] : json.items()) {
    const bool named = std::find(keys.begin(), keys.end(), key) != keys.end();
    if (const std::string shown = text_of(value); !named && !shown.empty())
      text += (text.empty() ? "" : ", ") + key + " " + shown;
  }
  return text;
}

/// The data set by its path or, when it has none (generated data), its format and seed.
std::string data_name(const Json& json) {
  if (!json.is_object()) return text_of(json);
  const std::string path = text_of(at(json, "path")), format = text_of(at(json, "format")),
                    seed = text_of(at(json, "seed"));
  if (!path.empty()) return path;
  return format.empty() || seed.empty() ? format : format + ", seed " + seed;
}

/// What a study says of how networks are trained: "augment: crop 4, flip true; quantisation: …".
std::string training_text(const Json& json) {
  std::string text;
  for (const char* key : {"augment", "training", "quantisation"}) {
    const Json& part = at(json, key);
    if (!part.is_object()) continue;
    std::string settings;
    for (const auto& [name, value] : part.items())
      settings += (settings.empty() ? "" : ", ") + name + " " +
                  (value.is_string() ? value.get<std::string>() : value.dump());
    text += (text.empty() ? "" : "; ") + std::string(key) + ": " + settings;
  }
  return text;
}

std::string command_text(const Json& json) {
  std::string text;
  if (json.is_array())
    for (const Json& word : json) text += (text.empty() ? "" : " ") + shell_word(text_of(word));
  return text;
}

// -- objectives --

struct KnownObjective {
  const char* name;
  const char* label;
  const char* unit;
  std::optional<std::int64_t> NetworkFigures::*figure;  ///< what the value is a share of; null: of 100 %
};

constexpr KnownObjective kKnown[] = {
    {"error", "Error", "%", nullptr},
    {"macro_f1_error", "Macro-F1 error", "%", nullptr},
    {"rom", "ROM", "B", &NetworkFigures::rom_bytes},
    {"ram", "RAM", "B", &NetworkFigures::ram_bytes},
    {"flops", "FLOPs", "FLOP", &NetworkFigures::flops},
};

std::optional<double> limit_of(const Json& configuration, const std::string& name) {
  const Json& limit = at(at(configuration, "limits"), name.c_str());
  if (limit.is_number()) return limit.get<double>();
  if (!limit.is_string()) return std::nullopt;
  try {
    return static_cast<double>(parse_bytes("limits." + name, limit.get<std::string>()).value);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

/// The figure over its objective's value, from the row where the figure is largest (its rounding weighs
/// least).
std::optional<double> scale_from_rows(const Report& report, std::size_t index,
                                      std::optional<std::int64_t> NetworkFigures::*figure) {
  std::int64_t largest = 0;
  std::optional<double> scale;
  for (const Row& row : report.rows) {
    if (!row.network || index >= row.objectives.size() || !(row.objectives[index] > 0.0)) continue;
    const auto& value = (*row.network).*figure;
    if (!value || *value <= largest) continue;
    largest = *value;
    scale = static_cast<double>(*value) / row.objectives[index];
  }
  return scale;
}

ObjectiveColumn network_column(const Report& report, const Json& configuration, std::size_t index,
                               const std::string& name) {
  ObjectiveColumn column;
  column.name = column.label = name;
  for (const KnownObjective& known : kKnown) {
    if (name != known.name) continue;
    std::optional<double> scale = 100.0;
    if (known.figure != nullptr) {
      scale = limit_of(configuration, name);
      if (!scale) scale = scale_from_rows(report, index, known.figure);
    }
    if (scale) column = {name, known.label, known.unit, *scale, 1.0, name != "macro_f1_error", false};
  }
  return column;
}

/// Goal and reference of an objective that the user defined.
void read_objective(const Json& item, ObjectiveColumn& column) {
  column.maximise = text_of(at(item, "goal")) == "maximise";
  if (column.maximise) column.scale = -column.scale;
  if (at(item, "reference").is_number())
    column.reference = column.as_given(at(item, "reference").get<double>());
}

// -- parameters --

bool is_logarithmic(const Json& json) {
  const Json& mark = at(json, "log");
  return mark.is_boolean() && mark.get<bool>();
}

std::optional<space::Parameter> stored_parameter(const Json& json, const std::string& name) {
  const std::string type = text_of(at(json, "type"));
  const Json &low = at(json, "low"), &high = at(json, "high");
  if (type == "categorical" && at(json, "choices").is_array()) {
    space::CategoricalParameter parameter{name, {}};
    for (const Json& choice : at(json, "choices")) parameter.choices.push_back(text_of(choice));
    return parameter;
  }
  if (!low.is_number() || !high.is_number()) return std::nullopt;
  if (type == "float")
    return space::FloatParameter{name, low.get<double>(), high.get<double>(), is_logarithmic(json)};
  if (type == "int")
    return space::IntegerParameter{name, low.get<std::int64_t>(), high.get<std::int64_t>(),
                                   is_logarithmic(json)};
  return std::nullopt;
}

std::optional<space::Parameter> stored_parameter_named(const Json& configuration, const std::string& name) {
  const Json& space = at(configuration, "space");
  for (const Json* list : {&at(configuration, "parameters"), &space, &at(space, "parameters")}) {
    if (!list->is_array()) continue;
    for (const Json& item : *list)
      if (text_of(at(item, "name")) == name)
        if (auto parameter = stored_parameter(item, name)) return parameter;
  }
  return std::nullopt;
}

space::Parameter parameter_from_values(const Report& report, std::size_t index, const std::string& name) {
  std::vector<std::string> choices;
  double low = 0.0, high = 0.0;
  bool any = false, whole = true;
  for (const Row& row : report.rows) {
    if (index >= row.configuration.size()) continue;
    const space::Value& value = row.configuration[index];
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (std::find(choices.begin(), choices.end(), *text) == choices.end()) choices.push_back(*text);
      continue;
    }
    whole = whole && std::holds_alternative<std::int64_t>(value);
    const double number = whole ? static_cast<double>(std::get<std::int64_t>(value))
                                : std::visit(
                                      [](const auto& held) {
                                        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(held)>>)
                                          return static_cast<double>(held);
                                        else
                                          return 0.0;
                                      },
                                      value);
    low = any ? std::min(low, number) : number;
    high = any ? std::max(high, number) : number;
    any = true;
  }
  if (!choices.empty()) {
    std::sort(choices.begin(), choices.end());
    return space::CategoricalParameter{name, choices};
  }
  if (any && whole)
    return space::IntegerParameter{name, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high),
                                   false};
  return space::FloatParameter{name, low, high, low > 0.0 && high / low > 30.0};
}

}  // namespace

void read_configuration(Report& report) {
  const Json json = parsed(report.configuration);
  report.protocol = text_of(at(json, "protocol"));
  report.solver = first_of(at(json, "solver"), {"name"});
  report.solver_settings = rest_of(at(json, "solver"), {"name"});
  report.command = command_text(at(json, "command"));
  report.data = data_name(at(json, "data"));
  report.network = first_of(at(json, "network"), {"name", "file", "path"});
  if (const std::string rest = rest_of(at(json, "network"), {"name", "file", "path", "text"}); !rest.empty())
    report.network += ", " + rest;
  report.target = first_of(at(json, "target"), {"name"});
  report.split = text_of(at(json, "split"));
  report.training = training_text(json);
  const Json& space = at(json, "space");
  report.space = space.is_object() ? text_of(at(space, "preset")) : text_of(space);
  if (at(json, "seed").is_number_integer()) report.seed = at(json, "seed").get<std::int64_t>();
  if (at(json, "initial").is_number_integer()) report.initial = at(json, "initial").get<int>();
}

std::vector<ObjectiveColumn> objective_columns(const Report& report, const std::vector<std::string>& names) {
  const Json json = parsed(report.configuration);
  std::vector<ObjectiveColumn> columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    ObjectiveColumn column;
    column.name = column.label = names[i];
    if (report.has_networks) column = network_column(report, json, i, names[i]);
    if (at(json, "objectives").is_array())
      for (const Json& item : at(json, "objectives"))
        if (text_of(at(item, "name")) == names[i]) read_objective(item, column);
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<space::Parameter> parameters_of(const Report& report, const std::vector<std::string>& names) {
  const Json json = parsed(report.configuration);
  std::vector<space::Parameter> parameters;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto stored = stored_parameter_named(json, names[i]);
    parameters.push_back(stored ? *stored : parameter_from_values(report, i, names[i]));
  }
  return parameters;
}

}  // namespace parsimony::report
