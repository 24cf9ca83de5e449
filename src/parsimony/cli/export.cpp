#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/quantities.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/data_form.hpp"
#include "parsimony/cli/deployed.hpp"
#include "parsimony/cli/study_search.hpp"
#include "parsimony/cli/write_network.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/report/report.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::json;

struct ExportArguments {
  std::string folder, trial;
  NetworkOptions network;
  bool json = false;
};

/// Of the front: the network with the least ROM that is within 10 points of the best one's accuracy.
int small_of(const report::Report& report) {
  const double best = report.row(*report.best).network->validation_accuracy.value_or(0.0);
  int chosen = *report.best;
  for (const int number : report.front) {
    const auto& network = report.row(number).network;
    if (!network || network->validation_accuracy.value_or(0.0) < best - 0.1) continue;
    if (network->rom_bytes.value_or(INT64_MAX) < report.row(chosen).network->rom_bytes.value_or(INT64_MAX))
      chosen = number;
  }
  return chosen;
}

/// A number, "best" (of the front, by validation score) or "small".
int trial_number(const std::string& text, const study::Store& store, const std::string& folder) {
  int number = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc{} && read.ptr == end)
    return number;
  if (text != "best" && text != "small")
    throw InputError("--trial", fmt::format("is '{}'", text), "a trial's number, best or small");
  const report::Report report =
      report::build_report(store, report::ReportOptions{.study = {}, .directory = folder});
  if (!report.best || !report.row(*report.best).network)
    throw InputError(folder, "has no complete trial yet", "a study with a front");
  return text == "best" ? *report.best : small_of(report);
}

/// What the command line leaves open is as the study has costed it.
NetworkOptions as_searched(NetworkOptions options, const study::Store& store) {
  const search::StudySettings settings = search::from_json(store.description().configuration);
  if (options.optimise.empty()) options.optimise = settings.optimise;
  if (options.board.target.empty() && options.board.board.empty()) options.board.target = settings.target;
  return options;
}

int run_export(const ExportArguments& arguments) {
  study::Store store = study::open_study(arguments.folder);
  expect_networks(store, arguments.folder);
  const int trial = trial_number(arguments.trial, store, arguments.folder);
  NetworkOptions options = as_searched(arguments.network, store);
  options.data_form = data_form_of_study(store);
  const WrittenNetwork network = write_network(lower::lower(deployed_network(store, arguments.folder, trial)),
                                               options, fmt::format("parsimony export --trial {}", trial));
  if (arguments.json) {
    Json json = to_json(network);
    json.update({{"trial", trial}, {"folder", arguments.network.out}});
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  fmt::print("trial {} -> {}: ROM {} ({} B), RAM {} ({} B){}\n", trial, arguments.network.out,
             format_bytes(network.rom.total()), network.rom.total().value, format_bytes(network.plan.arena),
             network.plan.arena.value, speed_text(network));
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("export", "The emitted network of one trial: a folder of C that builds as it is");
  auto arguments = std::make_shared<ExportArguments>();
  arguments->network.optimise.clear();
  command->add_option("DIR", arguments->folder, "the study's folder")->required();
  command
      ->add_option("--trial", arguments->trial,
                   "its number; best: of the front; small: the least ROM within 10 points of the best")
      ->required();
  add_network_options(*command, arguments->network);
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony export studies/motions --trial best -o build/net --name motions");
  command->callback([&action, arguments] { action = [arguments] { return run_export(*arguments); }; });
}

}  // namespace parsimony::cli
