#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/data_form.hpp"
#include "parsimony/cli/predicted_text.hpp"
#include "parsimony/cli/renewed_line.hpp"
#include "parsimony/config/yaml_file.hpp"
#include "parsimony/data/catalogue.hpp"
#include "parsimony/data/file_tree.hpp"
#include "parsimony/data/open_cases.hpp"
#include "parsimony/data/split.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/search/data_field.hpp"
#include "parsimony/verify/host_run.hpp"

namespace parsimony::cli {
namespace {

namespace fs = std::filesystem;

struct PredictArguments {
  std::string folder, data, csv;
  bool json = false;
};

/// What data.json says; of a folder without one, what the graph's input shows.
DataForm form_of(const fs::path& folder, const ir::Graph& graph) {
  if (auto form = read_data_form(folder)) return *form;
  const std::vector<std::int32_t>& shape = graph.tensor(graph.input).shape;
  DataForm form;
  form.source.format.clear();
  form.channels = shape.back();
  form.height = shape.size() == 3 ? shape[0] : 1;
  form.length = static_cast<std::int32_t>(graph.tensor(graph.input).elements()) / form.channels;
  return form;
}

/// What DATA leaves open is as it was in training.
data::SourceOptions filled_in(data::SourceOptions options, const DataForm& form) {
  const data::SourceOptions defaults;
  const bool same_format = options.format == form.source.format;
  if (same_format)
    for (const data::SourceKey& key : data::source_keys_of(options.format))
      std::visit(
          [&](auto member) {
            if (options.*member == defaults.*member) options.*member = form.source.*member;
          },
          key.member);
  if (same_format && options.format == "csv" && options.channels.empty())
    options.channels = form.channel_names;
  if (options.format == "csv" || options.format == "wav") {
    if (options.window == data::Extent{}) options.window.amount = form.length;
    if (options.rate == 0.0) options.rate = form.rate;
  }
  return options;
}

/// The format of a plain path. An archive's name does not tell what it holds.
std::string format_of(const fs::path& path, const DataForm& form) {
  if (data::names_archive(path) && path.extension() != ".npz" && !form.source.format.empty())
    return form.source.format;
  const std::string guess = data::guess_format(path);
  return guess == "csv" && form.source.format == "daliac" ? "daliac" : guess;
}

/// The test part of a study file's data, as its search holds it.
data::NamedCases test_part_of(const std::string& file, const DataForm& form, data::DataPlaces places) {
  const config::Field study = config::Field::from_file(file);
  places.study_directory = fs::path(file).parent_path();
  const data::SourceOptions options = filled_in(search::read_data_field(study.at("data")), form);
  const auto says = [&](const char* key, const char* other, const char* wanted) {
    const auto field = study.find(key);
    return field && field->choice({wanted, other}) == wanted;
  };
  data::DataSource source =
      data::arrange(data::open_source(options, places),
                    says("protocol", "honest", "paper") ? data::Protocol::kPaper : data::Protocol::kHonest,
                    says("split", "auto", "standard") ? data::SplitRule::kStandard : data::SplitRule::kAuto,
                    options.format == "uea");
  return data::named_cases(std::move(source.test), fmt::format("{}: test", file));
}

data::NamedCases read_cases(const std::string& name, const DataForm& form) {
  const data::DataPlaces places{.study_directory = {},
                                .data_directory = data::data_directory_from_environment()};
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return test_part_of(name, form, places);
  data::SourceOptions options;
  const data::KnownData* const known = data::find_known_data(name);
  if (name.starts_with('{')) {
    options = search::read_data_field(config::Field::from_text(name, "DATA"));
  } else if (known != nullptr && !fs::exists(name)) {
    options.format = known->format;
    options.path = known->path;
  } else {
    options.path = data::resolve_path(name, places).string();
    options.format = format_of(options.path, form);
  }
  return data::open_cases(filled_in(options, form), places, form.length);
}

std::string shape_text(std::int32_t channels, std::int32_t height, std::int32_t length) {
  const std::string size =
      height > 1 ? fmt::format("{} × {} pixels", height, length / height) : fmt::format("{} steps", length);
  return fmt::format("{} channel{} of {}", channels, channels == 1 ? "" : "s", size);
}

void require_fit(const data::NamedCases& cases, const DataForm& form, const std::string& folder) {
  const data::Dataset& data = cases.data;
  const std::string& place = cases.places.front();
  const std::string found = shape_text(data.channels, data.height, data.length);
  const std::string wanted = shape_text(form.channels, form.height, form.length);
  if (found != wanted)
    throw InputError(place, "has " + found, fmt::format("{}, as {} takes", wanted, folder));
  if (data.rate > 0.0 && form.rate > 0.0 && data.rate != form.rate)
    throw InputError(place, fmt::format("has {} Hz", data.rate),
                     fmt::format("{} Hz, as {} was trained on", form.rate, folder));
}

int run_predict(const PredictArguments& arguments) {
  const fs::path model = fs::path(arguments.folder) / "model.graph";
  const ir::Graph graph = ir::from_text(read_file(model), model.string());
  const DataForm form = form_of(arguments.folder, graph);
  const data::NamedCases cases = read_cases(arguments.data, form);
  require_fit(cases, form, arguments.folder);
  for (const std::string& note : cases.data.notes) fmt::print(stderr, "parsimony: {}\n", note);
  RenewedLine line;
  const auto outputs = verify::run_on_host(
      arguments.folder, graph, cases.data.values,
      [&](std::int64_t done) { line.show(fmt::format("{} of {} cases", done, cases.labels.size())); });
  line.clear();
  const Predictions predictions = predictions_of(graph, outputs, cases.labels);
  if (!arguments.csv.empty()) write_file(arguments.csv, predictions_csv(predictions, cases));
  if (arguments.json) {
    fmt::print("{}\n", predictions_json(predictions, cases).dump(2));
    return 0;
  }
  fmt::print("{}: {} cases of {}\n{}", arguments.folder, cases.labels.size(), arguments.data,
             predictions_text(predictions, cases));
  return 0;
}

}  // namespace

void add_predict(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "predict", "What an emitted network says of recordings, by its build for this computer");
  auto arguments = std::make_shared<PredictArguments>();
  command->add_option("OUT", arguments->folder, "the emitted folder")->required();
  command
      ->add_option(
          "DATA", arguments->data,
          "a file or folder of recordings or images, with labels or without; a known data set's name; a "
          "study file (its test part); or a data field such as '{format: csv, path: DIR, stride: 1 s}'")
      ->required();
  command->add_option("--csv", arguments->csv, "write a line for each case, with every class's probability");
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony predict build/net recordings/monday.csv --csv monday-classes.csv");
  command->callback([&action, arguments] { action = [arguments] { return run_predict(*arguments); }; });
}

}  // namespace parsimony::cli
