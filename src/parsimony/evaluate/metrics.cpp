#include "parsimony/evaluate/metrics.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace parsimony::evaluate {
namespace {

using Json = nlohmann::json;

/// JSON has no NaN and no infinity.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json confusion_json(const Score& score) {
  const auto classes =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(score.confusion.size()))));
  Json rows = Json::array();
  for (std::size_t row = 0; row < classes; ++row)
    rows.push_back(std::vector<std::int64_t>(
        score.confusion.begin() + static_cast<std::ptrdiff_t>(row * classes),
        score.confusion.begin() + static_cast<std::ptrdiff_t>((row + 1) * classes)));
  return rows;
}

Json recall_json(const Score& score) {
  Json recalls = Json::array();
  for (const double recall : score.recall()) recalls.push_back(number(recall));
  return recalls;
}

Json validation_json(const Score& score) {
  return {{"validation_cases", score.cases},
          {"validation_accuracy", number(score.accuracy())},
          {"float_accuracy", number(score.float_accuracy())},
          {"validation_cross_entropy", number(score.cross_entropy())},
          {"confusion", confusion_json(score)},
          {"recall", recall_json(score)}};
}

Json test_json(const Score& score) {
  return {{"test_cases", score.cases},
          {"test_accuracy", number(score.accuracy())},
          {"test_cross_entropy", number(score.cross_entropy())},
          {"test_confusion", confusion_json(score)},
          {"test_recall", recall_json(score)}};
}

Json curve_json(const nn::TrainedNetwork& network) {
  Json curve = Json::array();
  for (const nn::EpochStatistics& epoch : network.curve)
    curve.push_back({{"epoch", epoch.epoch},
                     {"loss", number(epoch.loss)},
                     {"accuracy", number(epoch.accuracy)},
                     {"rate", number(epoch.rate)},
                     {"parameters", epoch.parameters}});
  return curve;
}

void add_networks(Json& json, std::span<const nn::TrainedNetwork> networks) {
  double training = 0.0, quantising = 0.0;
  Json curves = Json::array();
  for (const nn::TrainedNetwork& network : networks) {
    training += network.seconds_training;
    quantising += network.seconds_quantising;
    curves.push_back(curve_json(network));
    if (network.diverged) json["diverged"] = network.reason;
  }
  json["curve"] = curves.empty() ? Json::array() : curves.front();
  if (networks.size() > 1) json["fold_curves"] = curves;
  json["seconds_training"] = training;
  json["seconds_quantising"] = quantising;
}

}  // namespace

std::string trial_metrics(const search::SearchSpace& searched, std::span<const std::int32_t> kept,
                          const network::Cost& cost, const Score& score, const data::Dataset& data,
                          std::span<const nn::TrainedNetwork> networks) {
  Json json{{"rom_bytes", cost.rom.value},
            {"ram_bytes", cost.ram.value},
            {"flops", cost.flops.value},
            {"parameter_count", cost.parameters},
            {"constant_bytes", cost.constants.value},
            {"class_names", data.class_names}};
  json.update(validation_json(score));
  for (std::size_t group = 0; group < kept.size(); ++group) {
    const network::Group& one = searched.groups[group];
    json["kept"][one.name] = kept[group];
    json["sparsity"][one.name] = 1.0 - static_cast<double>(kept[group]) / one.channels;
  }
  add_networks(json, networks);
  return json.dump();
}

std::string final_metrics(const Score& score) {
  return test_json(score).dump();
}

std::string repeat_metrics(const Score& validation, const Score& test, const std::string& diverged) {
  Json json = validation_json(validation);
  json.update(test_json(test));
  if (!diverged.empty()) json["diverged"] = diverged;
  return json.dump();
}

}  // namespace parsimony::evaluate
