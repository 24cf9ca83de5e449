#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/command/settings.hpp"

namespace parsimony::command {
namespace {

using Json = nlohmann::json;

Json parameter_json(const space::Parameter& parameter) {
  Json json{{"name", space::parameter_name(parameter)}};
  if (const auto* real = std::get_if<space::FloatParameter>(&parameter))
    json.update({{"type", "float"}, {"low", real->low}, {"high", real->high}, {"log", real->logarithmic}});
  else if (const auto* whole = std::get_if<space::IntegerParameter>(&parameter))
    json.update({{"type", "int"}, {"low", whole->low}, {"high", whole->high}, {"log", whole->logarithmic}});
  else
    json.update(
        {{"type", "categorical"}, {"choices", std::get<space::CategoricalParameter>(parameter).choices}});
  return json;
}

Json objective_json(const Objective& objective) {
  return {{"name", objective.name},
          {"goal", objective.maximise ? "maximise" : "minimise"},
          {"reference", objective.reference ? Json(*objective.reference) : Json(nullptr)}};
}

Json solver_json(const Settings& settings) {
  Json json{{"name", settings.solver}};
  for (const auto& [option, value] : settings.solver_options) json[option] = value;
  return json;
}

}  // namespace

std::string to_json(const Settings& settings) {
  Json parameters = Json::array(), objectives = Json::array(), constraints = Json::array();
  for (const space::Parameter& parameter : settings.parameters)
    parameters.push_back(parameter_json(parameter));
  for (const Objective& objective : settings.objectives) objectives.push_back(objective_json(objective));
  for (const std::string& name : settings.constraints) constraints.push_back({{"name", name}});
  const Json json{{"kind", "optimise"},
                  {"parameters", std::move(parameters)},
                  {"objectives", std::move(objectives)},
                  {"constraints", std::move(constraints)},
                  {"command", settings.command},
                  {"directory", settings.directory},
                  {"timeout", std::isfinite(settings.timeout) ? Json(settings.timeout) : Json(nullptr)},
                  {"retries", settings.retries},
                  {"trials", settings.trials},
                  {"initial", settings.initial},
                  {"workers", settings.workers},
                  {"seed", settings.seed},
                  {"solver", solver_json(settings)},
                  {"schedule", settings.schedule},
                  {"hours", settings.hours}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const std::vector<std::string>& resumable_keys() {
  static const std::vector<std::string> keys{"trials", "workers", "hours", "timeout"};
  return keys;
}

}  // namespace parsimony::command
