#include "parsimony/search/data_field.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "parsimony/data/source.hpp"

namespace parsimony::search {
namespace {

using config::Field;
using data::Extent;
using data::SourceKey;
using Json = nlohmann::json;

Extent extent_of(const Field& field) {
  const auto extent = data::parse_extent(field.text());
  if (!extent)
    field.fail(fmt::format("is '{}'", field.text()), "samples such as 128, or a time such as 2.5 s or 30 ms");
  return *extent;
}

/// `log-mel`, or a mapping with that type and what differs from its defaults.
data::FeatureOptions features_of(const Field& field) {
  data::FeatureOptions options;
  const std::vector<std::string> types{"log-mel"};
  if (field.is_scalar()) {
    field.choice(types);
    return options;
  }
  field.expect_keys({"type", "frame", "hop", "bands", "low", "high", "layout"});
  field.at("type").choice(types);
  if (const auto frame = field.find("frame")) options.frame = extent_of(*frame);
  if (const auto hop = field.find("hop")) options.hop = extent_of(*hop);
  if (const auto bands = field.find("bands")) options.bands = bands->integer(1, 256);
  if (const auto low = field.find("low")) options.low = low->integer(0, 1'000'000);
  if (const auto high = field.find("high")) options.high = high->integer(1, 1'000'000);
  if (const auto layout = field.find("layout")) options.layout = layout->choice({"image", "series"});
  return options;
}

/// How a field reads as each type that a key may have.
struct ReadField {
  const Field& field;
  const SourceKey& key;

  void into(std::string& value) const {
    value = key.choices.empty() ? field.text() : field.choice(key.choices);
  }
  void into(std::vector<std::string>& value) const {
    for (const Field& item : field.items()) value.push_back(item.text());
  }
  void into(std::uint64_t& value) const { value = static_cast<std::uint64_t>(field.integer(0, INT64_MAX)); }
  void into(std::int64_t& value) const {
    value = field.integer(static_cast<std::int64_t>(key.low), static_cast<std::int64_t>(key.high));
  }
  void into(double& value) const { value = field.number(key.low, key.high); }
  void into(bool& value) const { value = field.boolean(); }
  void into(Extent& value) const { value = extent_of(field); }
  void into(std::optional<data::FeatureOptions>& value) const { value = features_of(field); }
};

Json json_of(const Extent& extent) {
  return data::to_text(extent);
}
Json json_of(const std::optional<data::FeatureOptions>& features) {
  return {{"type", "log-mel"},
          {"frame", json_of(features->frame)},
          {"hop", json_of(features->hop)},
          {"bands", features->bands},
          {"low", features->low},
          {"high", features->high},
          {"layout", features->layout}};
}
template <typename Value>
Json json_of(const Value& value) {
  return value;
}

void read_json(const Json& json, Extent& extent) {
  extent = data::parse_extent(json.get<std::string>()).value_or(Extent{});
}
void read_json(const Json& json, std::optional<data::FeatureOptions>& features) {
  features.emplace();
  read_json(json.at("frame"), features->frame);
  read_json(json.at("hop"), features->hop);
  json.at("bands").get_to(features->bands);
  json.at("low").get_to(features->low);
  json.at("high").get_to(features->high);
  json.at("layout").get_to(features->layout);
}
template <typename Value>
void read_json(const Json& json, Value& value) {
  json.get_to(value);
}

}  // namespace

data::SourceOptions read_data_field(const Field& field) {
  data::SourceOptions options;
  const auto given = field.is_mapping() ? field.find("format") : std::nullopt;
  if (given) options.format = given->choice(data::known_formats());
  const std::vector<SourceKey> keys = data::source_keys_of(options.format);
  std::vector<std::string> names{"format", "path"};
  for (const SourceKey& key : keys) names.push_back(key.name);
  if (field.is_mapping() && options.format == "motions")
    if (const auto path = field.find("path")) path->fail("is given", "no path: 'motions' is generated");
  field.expect_keys(names);
  field.at("format");
  if (options.format != "motions") options.path = field.at("path").text();
  for (const SourceKey& key : keys)
    if (const auto value = field.find(key.name))
      std::visit([&](auto member) { ReadField{*value, key}.into(options.*member); }, key.member);
  return options;
}

data::SourceOptions read_data_of_study(const std::filesystem::path& path) {
  return read_data_field(Field::from_file(path).at("data"));
}

Json data_json(const data::SourceOptions& options) {
  const data::SourceOptions defaults;
  Json json{{"format", options.format}, {"path", options.path}, {"seed", options.seed}};
  for (const SourceKey& key : data::source_keys())
    std::visit(
        [&](auto member) {
          if (options.*member != defaults.*member) json[key.name] = json_of(options.*member);
        },
        key.member);
  return json;
}

data::SourceOptions data_of_json(const Json& json) {
  data::SourceOptions options;
  options.format = json.at("format");
  options.path = json.at("path");
  for (const SourceKey& key : data::source_keys())
    if (json.contains(key.name))
      std::visit([&](auto member) { read_json(json.at(key.name), options.*member); }, key.member);
  return options;
}

}  // namespace parsimony::search
