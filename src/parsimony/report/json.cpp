#include <nlohmann/json.hpp>

#include "parsimony/report/report.hpp"

namespace parsimony::report {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json value_json(const space::Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Json member_json(const Report& report, const Row& row) {
  Json json{{"trial", row.number}, {"objectives", Json::object()}, {"parameters", Json::object()}};
  for (std::size_t i = 0; i < report.objectives.size(); ++i)
    json["objectives"][report.objectives[i].name] = report.objectives[i].as_given(row.objectives[i]);
  for (std::size_t i = 0; i < report.parameters.size() && i < row.configuration.size(); ++i)
    json["parameters"][space::parameter_name(report.parameters[i])] = value_json(row.configuration[i]);
  if (!row.network) return json;
  const NetworkFigures& figures = *row.network;
  json["validation_accuracy"] = optional_json(figures.validation_accuracy);
  json["test_accuracy"] = optional_json(figures.test_accuracy);
  json["validation_macro_f1"] = optional_json(figures.validation_macro_f1);
  json["test_macro_f1"] = optional_json(figures.test_macro_f1);
  json["rom_bytes"] = optional_json(figures.rom_bytes);
  json["ram_bytes"] = optional_json(figures.ram_bytes);
  json["flops"] = optional_json(figures.flops);
  json["parameter_count"] = optional_json(figures.parameter_count);
  json["constant_bytes"] = optional_json(figures.constant_bytes);
  json["float_accuracy"] = optional_json(figures.float_accuracy);
  json["validation_cross_entropy"] = optional_json(figures.validation_cross_entropy);
  if (row.not_exportable.empty())
    json["export"] = export_command(report, row.number);
  else
    json["not_exportable"] = row.not_exportable;
  return json;
}

/// What stands in the hypervolume's place when there is one objective.
void put_best_value(Json& json, const Report& report) {
  const ObjectiveColumn& column = report.objectives.front();
  json["best_value"] =
      report.best_curve.empty() ? Json(nullptr) : Json(column.as_given(report.best_curve.back().second));
  json["best_value_curve"] = Json::array();
  for (const auto& [trial, value] : report.best_curve)
    json["best_value_curve"].push_back(Json::array({trial, column.as_given(value)}));
}

}  // namespace

std::string to_json(const Report& report) {
  Json json{{"study", report.study},
            {"trials", report.counts()},
            {"objectives", Json::array()},
            {"goals", Json::array()},
            {"hypervolume", report.has_one_objective() ? Json(nullptr) : Json(report.hypervolume)},
            {"reference", Json::array()},
            {"digest", report.digest},
            {"protocol", report.protocol},
            {"solver", report.solver},
            {"training", report.training},
            {"seed", optional_json(report.seed)},
            {"best", optional_json(report.best)},
            {"front", Json::array()},
            {"hypervolume_curve", report.hypervolume_curve}};
  for (const ObjectiveColumn& column : report.objectives) {
    json["objectives"].push_back(column.name);
    json["goals"].push_back(column.maximise ? "maximise" : "minimise");
    json["reference"].push_back(column.as_given(column.reference));
  }
  if (report.has_one_objective()) put_best_value(json, report);
  for (int number : report.front) json["front"].push_back(member_json(report, report.row(number)));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace parsimony::report
