#include "parsimony/cli/data_form.hpp"

#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/search/data_field.hpp"
#include "parsimony/search/settings.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string data_form_note(const data::Dataset& train) {
  Json json{{"length", train.length}, {"height", train.height}, {"channels", train.channels}};
  if (train.rate > 0.0) json["rate"] = train.rate;
  if (!train.channel_names.empty()) json["channel_names"] = train.channel_names;
  return json.dump();
}

std::string data_form_of_study(const study::Store& store) {
  const auto note = store.note(kDataForm);
  if (!note) return "";  // a study of an older version
  Json data = search::data_json(search::from_json(store.description().configuration).data);
  for (const char* place : {"path", "test", "seed", "cases", "test_cases"}) data.erase(place);
  Json json{{"data", std::move(data)}};
  json.update(Json::parse(*note));
  return json.dump(2) + "\n";
}

std::string data_form_of_folder(const std::filesystem::path& model) {
  const auto file = model / kDataFile;
  return std::filesystem::is_regular_file(file) ? read_file(file) : "";
}

std::optional<DataForm> read_data_form(const std::filesystem::path& folder) {
  const std::string text = data_form_of_folder(folder);
  if (text.empty()) return std::nullopt;
  try {
    nlohmann::json json = nlohmann::json::parse(text);
    json["data"]["path"] = "";
    DataForm form;
    form.source = search::data_of_json(json.at("data"));
    form.length = json.at("length");
    form.height = json.at("height");
    form.channels = json.at("channels");
    form.rate = json.value("rate", 0.0);
    form.channel_names = json.value("channel_names", form.channel_names);
    return form;
  } catch (const nlohmann::json::exception& error) {
    throw InputError((folder / kDataFile).string(), error.what(), "as `parsimony export` writes it");
  }
}

}  // namespace parsimony::cli
