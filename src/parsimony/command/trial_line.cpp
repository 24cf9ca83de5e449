#include "parsimony/command/trial_line.hpp"

#include <nlohmann/json.hpp>

namespace parsimony::command {

std::string trial_line(const study::Row& row, const Settings& settings) {
  using Json = nlohmann::ordered_json;  // which writes NaN as null
  Json parameters = Json::object(), objectives = Json::object(), constraints = Json::object();
  for (std::size_t i = 0; i < settings.parameters.size(); ++i)
    parameters[space::parameter_name(settings.parameters[i])] =
        std::visit([](const auto& held) { return Json(held); }, row.configuration.at(i));
  for (std::size_t i = 0; i < settings.objectives.size(); ++i) {
    const double value = row.objectives.at(i);
    objectives[settings.objectives[i].name] = settings.objectives[i].maximise ? 0.0 - value : value;
  }
  for (std::size_t i = 0; i < settings.constraints.size(); ++i)
    constraints[settings.constraints[i]] = row.constraints.at(i);
  Json json{{"trial", row.number},
            {"parameters", std::move(parameters)},
            {"objectives", std::move(objectives)},
            {"constraints", std::move(constraints)},
            {"state", study::state_name(row.state())}};
  if (row.state() == study::State::failed)
    json.update(
        {{"stage", row.execution.stage}, {"code", row.execution.code}, {"reason", row.execution.reason}});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace parsimony::command
