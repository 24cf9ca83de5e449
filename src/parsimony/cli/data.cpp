#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "parsimony/base/errors.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/fetch.hpp"
#include "parsimony/config/yaml_file.hpp"
#include "parsimony/data/catalogue.hpp"
#include "parsimony/data/source.hpp"
#include "parsimony/search/data_field.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;

struct DataArguments {
  std::string name;
  FetchArguments fetch;
  bool json = false;
};

data::DataPlaces places() {
  return {.study_directory = {}, .data_directory = data::data_directory_from_environment()};
}

bool is_here(const data::KnownData& known) {
  if (known.path.empty()) return true;
  try {
    data::resolve_path(std::string(known.path), places());
    return true;
  } catch (const InputError&) {
    return false;
  }
}

std::string list_shape(const data::KnownData& known) {
  if (known.height == 1) return fmt::format("{}×{}", known.channels, known.length);
  return fmt::format("{}×{}×{}", known.channels, known.height, known.length / known.height);
}

int run_list(const DataArguments& arguments) {
  Json json = Json::array();
  if (!arguments.json)
    fmt::print("{:<28} {:>11} {:>12} {:>7}  {}\n", "name", "train/test", "channels×len", "classes", "here");
  for (const data::KnownData& known : data::known_data()) {
    if (arguments.json)
      json.push_back({{"name", known.name},
                      {"format", known.format},
                      {"path", known.path},
                      {"train_cases", known.train_cases},
                      {"test_cases", known.test_cases},
                      {"channels", known.channels},
                      {"length", known.length},
                      {"height", known.height},
                      {"classes", known.classes},
                      {"source", known.source},
                      {"licence", known.licence},
                      {"here", is_here(known)}});
    else
      fmt::print("{:<28} {:>11} {:>11} {:>7}  {}\n", known.name,
                 fmt::format("{}/{}", known.train_cases, known.test_cases), list_shape(known), known.classes,
                 known.path.empty() ? "generated"
                 : is_here(known)   ? "yes"
                                    : "no");
  }
  if (arguments.json)
    fmt::print("{}\n", json.dump(2));
  else
    fmt::print("\nSets marked 'no' are looked for below $PARSIMONY_DATA; `data fetch NAME` loads them.\n");
  return 0;
}

/// What `info` was asked about, and where its relative path may stand.
struct Wanted {
  data::SourceOptions source;
  data::DataPlaces places;
};

Wanted wanted(const std::string& name) {
  Wanted result{{}, places()};
  if (const data::KnownData* known = data::find_known_data(name)) {
    result.source.format = known->format;
    result.source.path = known->path;
  } else if (name.starts_with('{')) {
    result.source = search::read_data_field(config::Field::from_text(name, "data"));
  } else if (name.ends_with(".yaml") || name.ends_with(".yml")) {
    result.source = search::read_data_of_study(name);
    result.places.study_directory = std::filesystem::path(name).parent_path();
  } else {
    result.source.path = name;
  }
  return result;
}

/// "6 channels, 100 steps" or "3 channels, 32×32 pixels".
std::string shape_text(std::int32_t channels, std::int32_t height, std::int32_t width) {
  const std::string colours = fmt::format("{} channel{}", channels, channels == 1 ? "" : "s");
  return height == 1 ? fmt::format("{}, {} steps", colours, width)
                     : fmt::format("{}, {}×{} pixels", colours, height, width);
}

/// How far values lie from the mean, in deviations (`training: {input_clip: K}`).
double furthest(const data::ChannelSummary& channel) {
  if (channel.deviation == 0.0f) return 0.0;
  return std::max(channel.maximum - channel.mean, channel.mean - channel.minimum) / channel.deviation;
}

Json to_json(const data::Dataset& data) {
  const data::Summary summary = data::summarise(data);
  Json channels = Json::array();
  for (const data::ChannelSummary& channel : summary.channels)
    channels.push_back({{"name", channel.name},
                        {"minimum", channel.minimum},
                        {"maximum", channel.maximum},
                        {"mean", channel.mean},
                        {"deviation", channel.deviation},
                        {"furthest", furthest(channel)}});
  return {{"cases", summary.cases},
          {"cases_per_class", summary.cases_per_class},
          {"groups", summary.groups.size()},
          {"channels", channels},
          {"notes", data.notes}};
}

void print_part(const char* part, const data::Dataset& data) {
  const data::Summary summary = data::summarise(data);
  fmt::print("\n{}: {} cases", part, summary.cases);
  if (!summary.groups.empty()) fmt::print(" of {} groups", summary.groups.size());
  fmt::print("\n");
  for (const std::string& note : data.notes) fmt::print("  note: {}\n", note);
  for (std::size_t i = 0; i < data.class_names.size(); ++i)
    fmt::print("  {:<24} {:>6}\n", data.class_names[i], summary.cases_per_class[i]);
  fmt::print("  {:<24} {:>12} {:>12} {:>12} {:>12} {:>9}\n", "channel", "minimum", "maximum", "mean",
             "deviation", "furthest");
  for (const data::ChannelSummary& channel : summary.channels)
    fmt::print("  {:<24} {:>12.4g} {:>12.4g} {:>12.4g} {:>12.4g} {:>9.1f}\n", channel.name, channel.minimum,
               channel.maximum, channel.mean, channel.deviation, furthest(channel));
}

double megabytes(const data::DataSource& source) {
  return static_cast<double>(4 * (source.train.values.size() + source.test.values.size())) /
         (1024.0 * 1024.0);
}

int run_info(const DataArguments& arguments) {
  const auto [options, where] = wanted(arguments.name);
  const data::DataSource source = data::open_source(options, where);
  const data::KnownData* known = data::find_known_data(arguments.name);
  if (arguments.json) {
    Json json{{"name", source.train.name},
              {"length", source.train.length},
              {"height", source.train.height},
              {"channels", source.train.channels},
              {"checksum", data::content_checksum(source)},
              {"class_names", source.train.class_names},
              {"train", to_json(source.train)},
              {"test", to_json(source.test)}};
    if (known != nullptr) json.update({{"source", known->source}, {"licence", known->licence}});
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  fmt::print("{}: {}, {} classes\n", source.train.name,
             shape_text(source.train.channels, source.train.height, source.train.width()),
             source.train.classes());
  if (known != nullptr)
    fmt::print("{}\nsource: {}\nlicence: {}\n", known->about, known->source, known->licence);
  fmt::print("size: {:.1f} MB as float32\nchecksum: {}\n", megabytes(source), data::content_checksum(source));
  print_part("train", source.train);
  print_part("test", source.test);
  return 0;
}

}  // namespace

void add_data(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("data", "Known data sets: their shape, source and licence");
  command->require_subcommand(1);
  command->footer("Example:\n  parsimony data info motions");
  auto arguments = std::make_shared<DataArguments>();
  auto* list = command->add_subcommand("list", "All known data sets, and which are here");
  list->footer("Example:\n  parsimony data list --json");
  auto* info = command->add_subcommand("info", "Classes, channels and their ranges");
  info->add_option("NAME", arguments->name,
                   "a known name, a study file, a study's data field such as '{format: uea, path: DIR}', or "
                   "the folder of a UEA data set")
      ->required();
  info->footer("Example:\n  parsimony data info BasicMotions\n  parsimony data info study.yaml");
  auto* fetch = command->add_subcommand("fetch", "Loads a data set into $PARSIMONY_DATA and checks it");
  fetch->add_option("NAME", arguments->fetch.name, "a known name, or the URL of a file or archive")
      ->required();
  fetch->add_option("--to", arguments->fetch.to, "the folder to make; default: below $PARSIMONY_DATA");
  fetch->add_option("--sha256", arguments->fetch.sha256,
                    "what the loaded file must have, in small hexadecimal digits");
  fetch->footer(
      "A load that broke off is gone on from where it stopped.\nExample:\n  parsimony data fetch "
      "BasicMotions");
  for (auto* one : {list, info}) one->add_flag("--json", arguments->json, "for a program to read");
  list->callback([&action, arguments] { action = [arguments] { return run_list(*arguments); }; });
  fetch->callback([&action, arguments] { action = [arguments] { return run_fetch(arguments->fetch); }; });
  info->callback([&action, arguments] { action = [arguments] { return run_info(*arguments); }; });
}

}  // namespace parsimony::cli
