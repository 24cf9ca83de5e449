#include "parsimony/report/document.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "parsimony/page/page.hpp"
#include "parsimony/report/table.hpp"

namespace parsimony::report {
namespace {

using Json = nlohmann::ordered_json;

/// Five significant digits: enough for a picture, a third of the bytes.
double rounded(double value) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  const double power = std::pow(10.0, 4 - std::floor(std::log10(std::fabs(value))));
  return std::isfinite(power) && power > 0.0 ? std::round(value * power) / power : value;
}

Json rounded_json(const std::vector<double>& values) {
  Json json = Json::array();
  for (double value : values) json.push_back(rounded(value));
  return json;
}

template <typename T>
void put(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}

Json objective_json(const ObjectiveColumn& column) {
  return {{"name", column.name},     {"label", column.label},
          {"unit", column.unit},     {"scale", column.scale},
          {"known", column.network}, {"goal", column.maximise ? "maximise" : "minimise"}};
}

Json parameter_json(const space::Parameter& parameter) {
  Json json{{"name", space::parameter_name(parameter)}};
  if (const auto* categorical = std::get_if<space::CategoricalParameter>(&parameter)) {
    json.update(Json{{"type", "categorical"}, {"log", false}, {"choices", categorical->choices}});
  } else if (const auto* whole = std::get_if<space::IntegerParameter>(&parameter)) {
    json.update(Json{{"type", "integer"}, {"log", whole->logarithmic}});
  } else {
    json.update(Json{{"type", "float"}, {"log", std::get<space::FloatParameter>(parameter).logarithmic}});
  }
  return json;
}

Json scores_json(const Scores& scores) {
  Json json{{"confusion", scores.confusion}};
  if (!scores.recall.empty()) json["recall"] = scores.recall;
  return json;
}

Json plan_json(const MemoryPlan& plan) {
  Json json{{"arena_bytes", plan.arena_bytes},
            {"lower_bound_bytes", plan.lower_bound_bytes},
            {"planner", plan.planner},
            {"steps", plan.steps},
            {"buffers", Json::array()}};
  for (const Buffer& buffer : plan.buffers) {
    Json one{{"name", buffer.name},
             {"offset", buffer.offset},
             {"bytes", buffer.bytes},
             {"first", buffer.first},
             {"last", buffer.last}};
    if (buffer.input) one["input"] = true;
    if (buffer.output) one["output"] = true;
    if (buffer.scratch) one["scratch"] = true;
    json["buffers"].push_back(std::move(one));
  }
  return json;
}

Json network_json(const NetworkFigures& figures) {
  Json json = Json::object();
  put(json, "validation_accuracy", figures.validation_accuracy);
  put(json, "validation_macro_f1", figures.validation_macro_f1);
  put(json, "test_macro_f1", figures.test_macro_f1);
  put(json, "float_accuracy", figures.float_accuracy);
  put(json, "validation_cross_entropy", figures.validation_cross_entropy);
  put(json, "validation_cases", figures.validation.cases);
  put(json, "test_accuracy", figures.test_accuracy);
  put(json, "float_test_accuracy", figures.float_test_accuracy);
  put(json, "test_cases", figures.test.cases);
  put(json, "rom_bytes", figures.rom_bytes);
  put(json, "ram_bytes", figures.ram_bytes);
  put(json, "flops", figures.flops);
  put(json, "parameter_count", figures.parameter_count);
  put(json, "constant_bytes", figures.constant_bytes);
  put(json, "seconds_training", figures.seconds_training);
  json["kept"] =
      figures.kept.empty() ? Json::array() : Json(figures.kept);  // pairs, so that their order stays
  json["sparsity"] = figures.sparsity;
  if (!figures.validation.confusion.empty()) json["validation"] = scores_json(figures.validation);
  if (!figures.test.confusion.empty()) json["test"] = scores_json(figures.test);
  if (figures.folds > 1) json["folds"] = figures.folds;
  if (!figures.curve.epoch.empty())
    json["curve"] = {{"epoch", rounded_json(figures.curve.epoch)},
                     {"loss", rounded_json(figures.curve.loss)},
                     {"accuracy", rounded_json(figures.curve.accuracy)},
                     {"rate", rounded_json(figures.curve.rate)},
                     {"parameters", figures.curve.parameters}};
  if (figures.plan) json["plan"] = plan_json(*figures.plan);
  return json;
}

Json trial_json(const Report& report, const Row& row) {
  Json json{{"number", row.number},
            {"state", study::state_name(row.state)},
            {"parameters", Json::array()},
            {"objectives", row.objectives},
            {"constraints", row.constraints}};
  for (const space::Value& value : row.configuration)
    json["parameters"].push_back(std::visit([](const auto& held) { return Json(held); }, value));
  if (!row.stage.empty()) json["stage"] = row.stage;
  if (!row.reason.empty() || !row.code.empty()) json["reason"] = row.reason.empty() ? row.code : row.reason;
  if (!row.diverged.empty()) json["diverged"] = row.diverged;
  if (row.network) {
    json["network"] = network_json(*row.network);
    if (row.not_exportable.empty())
      json["export"] = export_command(report, row.number);
    else
      json["not_exportable"] = row.not_exportable;
  }
  return json;
}

/// What the program noted, less the folders of the machine that it ran on (a page is there to be passed on)
/// and what is for exports alone.
Json recorded(const Report& report) {
  Json json = Json::object();
  for (const auto& [name, text] : report.notes)
    if (!name.ends_with("_directory") && name != "data_form") json[name] = text;
  return json;
}

Json document(const Report& report) {
  Json configuration = Json::parse(report.configuration, nullptr, false);
  Json json{
      {"study", report.study},
      {"version", report.version},
      {"has_networks", report.has_networks},
      {"accuracy_name", report.protocol == "paper" ? "Test accuracy" : "Validation accuracy"},
      {"about",
       {{"protocol", report.protocol},
        {"solver", solver_text(report)},
        {"data", report.data},
        {"network", report.network},
        {"command", report.command},
        {"target", report.target},
        {"initial", report.initial}}},
      {"configuration", configuration.is_discarded() ? Json(report.configuration) : std::move(configuration)},
      {"notes", reading_notes(report)},
      {"recorded", recorded(report)},
      {"counts", report.counts()},
      {"digest", report.digest},
      {"constraints", report.constraints},
      {"front", report.front}};
  if (report.seed) json["about"]["seed"] = *report.seed;
  if (report.best) json["best"] = *report.best;
  for (const char* list : {"objectives", "parameters", "trials"}) json[list] = Json::array();
  Json reference = Json::array();
  for (const ObjectiveColumn& column : report.objectives) {
    json["objectives"].push_back(objective_json(column));
    reference.push_back(column.reference);
  }
  if (report.has_one_objective())
    json["best_curve"] = report.best_curve;
  else
    json["hypervolume"] = {{"value", report.hypervolume},
                           {"reference", std::move(reference)},
                           {"curve", report.hypervolume_curve}};
  for (const space::Parameter& parameter : report.parameters)
    json["parameters"].push_back(parameter_json(parameter));
  for (const Row& row : report.rows) {
    json["trials"].push_back(trial_json(report, row));
    if (row.network && !row.network->class_names.empty() && !json.contains("class_names"))
      json["class_names"] = row.network->class_names;  // one data set: the same in every row
  }
  return json;
}

}  // namespace

std::string page_document(const Report& report) {
  const std::string text =
      document(report).dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  return page::script_safe(text);
}

}  // namespace parsimony::report
