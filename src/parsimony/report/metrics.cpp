#include "parsimony/report/metrics.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "parsimony/report/macro_f1.hpp"

namespace parsimony::report {
namespace {

using Json = nlohmann::ordered_json;

Json parsed(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

double number(const Json& json) {
  return json.is_number() ? json.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

void read(const Json& json, const char* key, std::optional<double>& value) {
  if (const auto at = json.find(key); at != json.end() && at->is_number()) value = at->get<double>();
}

void read(const Json& json, const char* key, std::optional<std::int64_t>& value) {
  if (const auto at = json.find(key); at != json.end() && at->is_number()) value = at->get<std::int64_t>();
}

void read(const Json& json, const char* key, std::vector<double>& values) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_array()) return;
  values.clear();
  for (const Json& item : *at) values.push_back(number(item));
}

void read_names(const Json& json, const char* key, std::vector<std::string>& names) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_array()) return;
  names.clear();
  for (const Json& item : *at) names.push_back(item.is_string() ? item.get<std::string>() : item.dump());
}

/// A square matrix of counts, or nothing.
void read_matrix(const Json& json, const char* key, std::vector<std::vector<std::int64_t>>& matrix) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_array()) return;
  std::vector<std::vector<std::int64_t>> read_rows;
  for (const Json& row : *at) {
    if (!row.is_array() || row.size() != at->size()) return;
    std::vector<std::int64_t> counts;
    for (const Json& item : row) counts.push_back(item.is_number() ? item.get<std::int64_t>() : 0);
    read_rows.push_back(std::move(counts));
  }
  matrix = std::move(read_rows);
}

void read_curve(const Json& json, Curve& curve) {
  const auto at = json.find("curve");
  if (at == json.end() || !at->is_array()) return;
  for (const Json& point : *at) {
    if (!point.is_object()) continue;
    curve.epoch.push_back(number(point.value("epoch", Json(curve.epoch.size()))));
    curve.loss.push_back(number(point.value("loss", Json())));
    curve.accuracy.push_back(number(point.value("accuracy", Json())));
    curve.rate.push_back(number(point.value("rate", Json())));
    curve.parameters.push_back(number(point.value("parameters", Json())));
  }
}

void read_groups(const Json& json, NetworkFigures& figures) {
  if (const auto at = json.find("kept"); at != json.end() && at->is_object())
    for (const auto& [group, count] : at->items())
      if (count.is_number()) figures.kept.emplace_back(group, count.get<std::int64_t>());
  if (const auto at = json.find("sparsity"); at != json.end() && at->is_object())
    for (const auto& [group, share] : at->items())
      if (share.is_number()) figures.sparsity[group] = share.get<double>();
}

bool is_network(const Json& json) {
  for (const char* key : {"validation_accuracy", "rom_bytes", "parameter_count"})
    if (json.contains(key)) return true;
  return false;
}

}  // namespace

std::optional<NetworkFigures> read_metrics(const std::string& trial, const std::string& final) {
  const Json json = parsed(trial), last = parsed(final);
  if (!is_network(json)) return std::nullopt;
  NetworkFigures figures;
  read(json, "validation_accuracy", figures.validation_accuracy);
  read(json, "float_accuracy", figures.float_accuracy);
  read(json, "validation_cross_entropy", figures.validation_cross_entropy);
  read(json, "rom_bytes", figures.rom_bytes);
  read(json, "ram_bytes", figures.ram_bytes);
  read(json, "flops", figures.flops);
  read(json, "parameter_count", figures.parameter_count);
  read(json, "constant_bytes", figures.constant_bytes);
  read(json, "seconds_training", figures.seconds_training);
  read_groups(json, figures);
  read(json, "validation_cases", figures.validation.cases);
  read_matrix(json, "confusion", figures.validation.confusion);
  read(json, "recall", figures.validation.recall);
  read_names(json, "class_names", figures.class_names);
  read_curve(json, figures.curve);
  if (const auto folds = json.find("fold_curves"); folds != json.end() && folds->is_array())
    figures.folds = static_cast<int>(folds->size());
  for (const Json* source : {&json, &last}) {  // what a trial is scored on last stands in the final job's
    read(*source, "test_accuracy", figures.test_accuracy);
    read(*source, "float_test_accuracy", figures.float_test_accuracy);
    read(*source, "test_cases", figures.test.cases);
    read_matrix(*source, "test_confusion", figures.test.confusion);
    read(*source, "test_recall", figures.test.recall);
  }
  figures.validation_macro_f1 = macro_f1(figures.validation.confusion);
  figures.test_macro_f1 = macro_f1(figures.test.confusion);
  return figures;
}

std::string read_diverged(const std::string& metrics) {
  const Json json = parsed(metrics);
  const auto at = json.find("diverged");
  return at != json.end() && at->is_string() ? at->get<std::string>() : "";
}

}  // namespace parsimony::report
