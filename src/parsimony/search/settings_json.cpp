#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/search/data_field.hpp"
#include "parsimony/search/settings.hpp"
#include "parsimony/search/training_field.hpp"

namespace parsimony::search {
namespace {

using Json = nlohmann::json;

Json value_json(const space::Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

space::Value value_of(const Json& json) {
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  return json.get<std::string>();
}

Json parameter_json(const space::Parameter& parameter) {
  if (const auto* real = std::get_if<space::FloatParameter>(&parameter))
    return {{"name", real->name},
            {"type", "float"},
            {"low", real->low},
            {"high", real->high},
            {"log", real->logarithmic}};
  if (const auto* integer = std::get_if<space::IntegerParameter>(&parameter))
    return {{"name", integer->name},
            {"type", "int"},
            {"low", integer->low},
            {"high", integer->high},
            {"log", integer->logarithmic}};
  const auto& categorical = std::get<space::CategoricalParameter>(parameter);
  return {{"name", categorical.name}, {"type", "categorical"}, {"choices", categorical.choices}};
}

space::Parameter parameter_of(const Json& json) {
  const std::string type = json.at("type");
  if (type == "float")
    return space::FloatParameter{json.at("name"), json.at("low"), json.at("high"), json.at("log")};
  if (type == "int")
    return space::IntegerParameter{json.at("name"), json.at("low"), json.at("high"), json.at("log")};
  return space::CategoricalParameter{json.at("name"), json.at("choices")};
}

Json space_json(const SpaceOptions& options) {
  Json parameters = Json::array();
  for (const Override& one : options.overrides) {
    if (const auto* fixed = std::get_if<Fixed>(&one.setting))
      parameters.push_back({{"name", fixed->name}, {"value", value_json(fixed->value)}});
    else
      parameters.push_back(parameter_json(std::get<space::Parameter>(one.setting)));
  }
  return {{"preset", preset_name(options.preset)}, {"parameters", parameters}};
}

SpaceOptions space_of(const Json& json) {
  SpaceOptions options;
  options.preset = find_preset("space.preset", json.at("preset").get<std::string>());
  for (const Json& item : json.at("parameters")) {
    const std::string where = "space." + item.at("name").get<std::string>();
    if (item.contains("value"))
      options.overrides.push_back({where, Fixed{item.at("name"), value_of(item.at("value"))}});
    else
      options.overrides.push_back({where, parameter_of(item)});
  }
  return options;
}

template <typename Quantity>
Json optional_json(const std::optional<Quantity>& quantity) {
  return quantity ? Json(quantity->value) : Json(nullptr);
}

Json solver_json(const StudySettings& settings) {
  Json json{{"name", settings.solver}};
  for (const SolverOption& option : settings.solver_options) json[option.name] = option.value;
  return json;
}

Json network_json(const StudySettings& settings) {
  if (!settings.network_text.empty()) return {{"name", settings.network}, {"text", settings.network_text}};
  return {{"name", settings.network}, {"width", settings.width}};
}

StudySettings settings_of_json(const Json& json) {
  StudySettings settings;
  settings.data = data_of_json(json.at("data"));
  const Json& network = json.at("network");
  settings.network = network.at("name");
  if (network.contains("text"))
    settings.network_text = network.at("text");
  else
    settings.width = network.at("width");
  settings.objectives = json.at("objectives").get<std::vector<std::string>>();
  settings.target = json.at("target");
  const Json& limits = json.at("limits");
  if (!limits.at("rom").is_null()) settings.limits.rom = Bytes(limits.at("rom").get<std::int64_t>());
  if (!limits.at("ram").is_null()) settings.limits.ram = Bytes(limits.at("ram").get<std::int64_t>());
  if (!limits.at("flops").is_null()) settings.limits.flops = Flops(limits.at("flops").get<std::int64_t>());
  if (limits.contains("instructions")) settings.limits.instructions = limits.at("instructions");
  settings.optimise = json.value("optimise", settings.optimise);
  for (const auto& [key, value] : json.at("solver").items()) {
    if (key == "name")
      settings.solver = value;
    else
      settings.solver_options.push_back({key, value, "solver." + key});
  }
  settings.space = space_of(json.at("space"));
  settings.training = training_of_json(json);
  settings.protocol = json.at("protocol") == "paper" ? data::Protocol::kPaper : data::Protocol::kHonest;
  settings.split = json.at("split") == "standard" ? data::SplitRule::kStandard : data::SplitRule::kAuto;
  settings.schedule = json.at("schedule");
  settings.trials = json.at("trials");
  settings.initial = json.at("initial");
  settings.seed = json.at("seed");
  settings.workers = json.at("workers");
  settings.hours = json.at("hours");
  return settings;
}

}  // namespace

/// What later versions have added is written only where it is used: stored studies stay the same.
std::string to_json(const StudySettings& settings) {
  Json json{{"data", data_json(settings.data)},
            {"network", network_json(settings)},
            {"objectives", settings.objectives},
            {"target", settings.target},
            {"limits",
             {{"rom", optional_json(settings.limits.rom)},
              {"ram", optional_json(settings.limits.ram)},
              {"flops", optional_json(settings.limits.flops)}}},
            {"solver", solver_json(settings)},
            {"space", space_json(settings.space)},
            {"protocol", settings.protocol == data::Protocol::kPaper ? "paper" : "honest"},
            {"split", settings.split == data::SplitRule::kStandard ? "standard" : "auto"},
            {"schedule", settings.schedule},
            {"trials", settings.trials},
            {"initial", settings.initial},
            {"seed", settings.seed},
            {"workers", settings.workers},
            {"hours", settings.hours}};
  if (settings.limits.instructions) json["limits"]["instructions"] = *settings.limits.instructions;
  if (settings.optimise != StudySettings().optimise) json["optimise"] = settings.optimise;
  add_training_json(json, settings.training);
  return json.dump();
}

StudySettings from_json(std::string_view text) {
  try {
    return settings_of_json(Json::parse(text));
  } catch (const Json::exception& error) {
    throw InputError("the study's configuration", error.what());
  }
}

const std::vector<std::string>& resumable_keys() {
  static const std::vector<std::string> keys{"trials", "workers", "hours"};
  return keys;
}

}  // namespace parsimony::search
