#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/deployed.hpp"
#include "parsimony/cli/progress.hpp"
#include "parsimony/cli/spread.hpp"
#include "parsimony/cli/study_search.hpp"
#include "parsimony/cli/workers.hpp"
#include "parsimony/driver/driver.hpp"
#include "parsimony/driver/stop_signals.hpp"
#include "parsimony/report/metrics.hpp"
#include "parsimony/report/report.hpp"
#include "parsimony/report/table.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::cli {
namespace {

using Json = nlohmann::ordered_json;
using Share = std::optional<double>;

struct RepeatArguments {
  std::string folder;
  int trial = 0, seeds = 0, workers = 0;
  bool json = false;
};

/// One training of the trial.
struct Training {
  Share validation, test, validation_f1, test_f1;
  std::string diverged;  ///< why it is void; empty: it is not
  std::string failed;    ///< why there is no outcome; empty: there is one
};

std::string purpose_of(int seed) {
  return study::kRepeat + std::to_string(seed);
}

Training training_of(const study::Execution& execution) {
  Training training;
  training.failed = execution.state == study::State::failed ? execution.reason : "";
  training.diverged = execution.code == "diverged" ? execution.reason : "";
  if (const auto figures = report::read_metrics(execution.metrics, ""))
    training = {figures->validation_accuracy, figures->test_accuracy, figures->validation_macro_f1,
                figures->test_macro_f1,       training.diverged,      training.failed};
  return training;
}

/// The repeats 1 … seeds that have ended.
std::vector<std::pair<int, Training>> repeats_of(const study::Store& store, int trial, int seeds) {
  std::vector<std::pair<int, Training>> repeats;
  for (int seed = 1; seed <= seeds; ++seed)
    for (const study::Execution& execution : store.executions(purpose_of(seed)))
      if (execution.trial == trial && study::ended(execution.state))
        repeats.emplace_back(seed, training_of(execution));
  return repeats;
}

void train(study::Store& store, const RepeatArguments& arguments) {
  std::vector<driver::WantedJob> jobs;
  for (int seed = 1; seed <= arguments.seeds; ++seed) jobs.push_back({arguments.trial, purpose_of(seed)});
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const driver::StopSignals signals;
  driver::DriverTask task;
  task.folder = arguments.folder;
  task.workers = training_workers(arguments.folder, arguments.workers > 0 ? arguments.workers : cores);
  task.stop = &signals.count();
  ProgressDisplay display(false);
  driver::run_jobs(store, jobs, std::string(study::kRepeat) + "*", task, display.observer());
  display.finish();
}

/// Of the repeats that did not diverge.
Spread spread_of(const std::vector<std::pair<int, Training>>& repeats, Share Training::*share) {
  std::vector<double> values;
  for (const auto& [seed, training] : repeats)
    if (training.diverged.empty() && training.*share) values.push_back(*(training.*share));
  return cli::spread_of(values);
}

Json optional_json(const Share& share) {
  return share ? Json(*share) : Json(nullptr);
}

Json to_json(const Training& training) {
  Json json{{"validation_accuracy", optional_json(training.validation)},
            {"test_accuracy", optional_json(training.test)},
            {"validation_macro_f1", optional_json(training.validation_f1)},
            {"test_macro_f1", optional_json(training.test_f1)},
            {"diverged", training.diverged.empty() ? Json(nullptr) : Json(training.diverged)}};
  if (!training.failed.empty()) json["failed"] = training.failed;
  return json;
}

Json to_json(const Spread& spread) {
  if (spread.count == 0) return nullptr;
  return {{"count", spread.count},
          {"mean", spread.mean},
          {"deviation", optional_json(spread.deviation)},
          {"minimum", spread.minimum},
          {"maximum", spread.maximum}};
}

std::string line_of(const std::string& name, const Training& training) {
  if (!training.failed.empty()) return fmt::format("{:<8} failed: {}\n", name, training.failed);
  return fmt::format("{:<8} {:>10} {:>9}{}\n", name, report::percent(training.validation),
                     report::percent(training.test),
                     training.diverged.empty() ? "" : "  diverged: " + training.diverged);
}

std::string spread_text(const char* name, const Spread& validation, const Spread& test,
                        Share (*figure)(const Spread&)) {
  return fmt::format("{:<8} {:>10} {:>9}\n", name, report::percent(figure(validation)),
                     report::percent(figure(test)));
}

void print_text(const report::Report& report, int trial, const Training& stored,
                const std::vector<std::pair<int, Training>>& repeats) {
  const report::NetworkFigures& figures = *report.row(trial).network;
  fmt::print("{}, trial {}: ROM {} B, RAM {} B, {} FLOPs in every repeat\n\n", report.study, trial,
             figures.rom_bytes.value_or(0), figures.ram_bytes.value_or(0), figures.flops.value_or(0));
  fmt::print("{:<8} {:>10} {:>9}\n{}", "seed", "validation", "test", line_of("stored", stored));
  for (const auto& [seed, training] : repeats) fmt::print("{}", line_of(std::to_string(seed), training));
  const Spread validation = spread_of(repeats, &Training::validation);
  const Spread test = spread_of(repeats, &Training::test);
  using Figure = Share (*)(const Spread&);
  const std::pair<const char*, Figure> rows[] = {
      {"mean", [](const Spread& s) { return s.count > 0 ? Share(s.mean) : Share(); }},
      {"deviation", [](const Spread& s) { return s.deviation; }},
      {"min", [](const Spread& s) { return s.count > 0 ? Share(s.minimum) : Share(); }},
      {"max", [](const Spread& s) { return s.count > 0 ? Share(s.maximum) : Share(); }}};
  fmt::print("\n");
  for (const auto& [name, figure] : rows) fmt::print("{}", spread_text(name, validation, test, figure));
  const auto diverged =
      std::ranges::count_if(repeats, [](const auto& one) { return !one.second.diverged.empty(); });
  if (diverged > 0) fmt::print("\n{} of {} diverged and do not count in these\n", diverged, repeats.size());
}

void print_json(const report::Report& report, int trial, const Training& stored,
                const std::vector<std::pair<int, Training>>& repeats) {
  const report::NetworkFigures& figures = *report.row(trial).network;
  Json json{{"study", report.study},
            {"trial", trial},
            {"rom_bytes", figures.rom_bytes.value_or(0)},
            {"ram_bytes", figures.ram_bytes.value_or(0)},
            {"flops", figures.flops.value_or(0)},
            {"stored", to_json(stored)},
            {"repeats", Json::array()},
            {"validation_accuracy", to_json(spread_of(repeats, &Training::validation))},
            {"test_accuracy", to_json(spread_of(repeats, &Training::test))}};
  for (const auto& [seed, training] : repeats) {
    Json one{{"seed", seed}};
    one.update(to_json(training));
    json["repeats"].push_back(std::move(one));
  }
  fmt::print("{}\n", json.dump(2));
}

int run_repeat(const RepeatArguments& arguments) {
  study::Store store = study::open_study(arguments.folder);
  expect_networks(store, arguments.folder);
  complete_row(store, arguments.folder, arguments.trial);
  train(store, arguments);
  const report::Report report =
      report::build_report(store, report::ReportOptions{.study = {}, .directory = arguments.folder});
  const report::Row& row = report.row(arguments.trial);
  const report::NetworkFigures& figures = *row.network;
  const Training stored{figures.validation_accuracy, figures.test_accuracy, figures.validation_macro_f1,
                        figures.test_macro_f1,       row.diverged,          ""};
  const auto repeats = repeats_of(store, arguments.trial, arguments.seeds);
  arguments.json ? print_json(report, arguments.trial, stored, repeats)
                 : print_text(report, arguments.trial, stored, repeats);
  return 0;
}

}  // namespace

void add_repeat(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "repeat", "Train a trial again by other random numbers: how far its figures scatter");
  auto arguments = std::make_shared<RepeatArguments>();
  command->add_option("DIR", arguments->folder, "the study's folder")->required();
  command->add_option("--trial", arguments->trial, "a complete trial's number")->required();
  command->add_option("--seeds", arguments->seeds, "how often, with those of former runs")
      ->required()
      ->check(CLI::Range(1, 1000));
  command->add_option("--workers", arguments->workers, "processes that train (default: one for each core)")
      ->check(CLI::Range(1, 256));
  command->add_flag("--json", arguments->json, "for a program to read");
  command->footer("Example:\n  parsimony repeat studies/motions --trial 12 --seeds 5");
  command->callback([&action, arguments] { action = [arguments] { return run_repeat(*arguments); }; });
}

}  // namespace parsimony::cli
