#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "parsimony/base/errors.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/progress.hpp"
#include "parsimony/cli/study_report.hpp"
#include "parsimony/command/evaluator.hpp"
#include "parsimony/command/settings.hpp"
#include "parsimony/command/trial_line.hpp"
#include "parsimony/driver/driver.hpp"
#include "parsimony/driver/stop_signals.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::cli {
namespace {

struct OptimiseArguments {
  std::string file, out, solver;
  std::optional<std::int32_t> trials, workers;
  std::optional<std::uint64_t> seed;
  std::optional<double> hours;
  bool quiet = false, json = false;
};

/// The problem file, with what the command line says instead.
command::Settings settings_of(const OptimiseArguments& arguments) {
  command::Settings settings = command::read_problem_file(arguments.file);
  if (!arguments.solver.empty() && arguments.solver != settings.solver) {
    settings.solver = arguments.solver;
    settings.solver_options.clear();
  }
  settings.trials = arguments.trials.value_or(settings.trials);
  settings.workers = arguments.workers.value_or(settings.workers);
  settings.seed = arguments.seed.value_or(settings.seed);
  settings.hours = arguments.hours.value_or(settings.hours);
  return settings;
}

study::Description describe(const command::Settings& settings, const solver::Problem& problem,
                            const std::filesystem::path& directory) {
  study::Description description;
  description.configuration = command::to_json(settings);
  for (const auto& parameter : problem.space.parameters())
    description.parameters.push_back(space::parameter_name(parameter));
  for (const auto& objective : problem.objectives) description.objectives.push_back(objective.name);
  for (const auto& constraint : problem.constraints) description.constraints.push_back(constraint.name);
  description.notes = {{"version", "0.1.0"}, {"command_directory", directory.string()}};
  return description;
}

study::Store open_store(const std::filesystem::path& folder, const study::Description& description) {
  const std::vector<std::string>& keys = command::resumable_keys();
  study::Store store = study::make_or_resume_study(folder, description, {keys.begin(), keys.end()});
  store.set_note("command_directory", description.notes.at("command_directory"));
  return store;
}

driver::DriverTask task_of(const command::Settings& settings, const std::filesystem::path& folder,
                           const std::filesystem::path& directory, const std::atomic<int>& stop) {
  driver::DriverTask task;
  task.folder = folder;
  task.seed = settings.seed;
  task.trials = settings.trials;
  task.initial = settings.initial;
  task.schedule = driver::parse_schedule("schedule", settings.schedule);
  if (settings.hours > 0.0) task.hours = settings.hours;
  task.workers.count = settings.workers;
  task.workers.in_process = [settings, directory] {
    return study::Evaluator(command::CommandEvaluator(settings, directory));
  };
  task.stop = &stop;
  return task;
}

/// "f1 0.0123, f2 4.5": the best of each objective, in the user's sense.
BestText best_text_of(const command::Settings& settings) {
  return [objectives = settings.objectives](const std::vector<double>& best) {
    std::string text;
    for (std::size_t i = 0; i < objectives.size() && i < best.size(); ++i)
      text += fmt::format("{}{} {:.4g}", i == 0 ? "" : ", ", objectives[i].name,
                          objectives[i].maximise ? 0.0 - best[i] : best[i]);
    return text;
  };
}

/// At once: whoever reads must not wait for a buffer to fill.
void print_line(const study::Row& row, const command::Settings& settings) {
  fmt::print("{}\n", command::trial_line(row, settings));
  std::fflush(stdout);
}

/// With --json the trials of former runs come first: the reader gets every trial, resumed or not.
driver::Observer observer_of(ProgressDisplay& display, const command::Settings& settings,
                             const study::Store& store, bool json) {
  driver::Observer observer = display.observer();
  if (!json) return observer;
  for (const study::Row& row : store.rows())
    if (study::ended(row.state())) print_line(row, settings);
  observer.trial_ended = [settings](const study::Row& row) { print_line(row, settings); };
  return observer;
}

void print_end(const driver::Summary& summary) {
  print_times(summary, "commands");
  if (summary.exhausted) fmt::print("Every point of the space has been tried.\n");
  if (summary.interrupted) fmt::print("Interrupted; the same command goes on where this one stopped.\n");
}

int run_optimise(const OptimiseArguments& arguments) {
  const command::Settings settings = settings_of(arguments);
  const solver::Problem problem = command::problem_of(settings);
  const solver::Solver solver = solver::make_solver(settings.solver, settings.solver_options);
  const std::filesystem::path file = arguments.file;
  const std::filesystem::path directory = command::working_directory(settings, file);
  const std::filesystem::path folder = arguments.out.empty() ? std::filesystem::path("studies") / file.stem()
                                                             : std::filesystem::path(arguments.out);
  study::Store store = open_store(folder, describe(settings, problem, directory));

  const driver::StopSignals signals;
  ProgressDisplay display(arguments.quiet, best_text_of(settings));
  const driver::Summary summary =
      driver::run(store, problem, solver, task_of(settings, folder, directory, signals.count()),
                  observer_of(display, settings, store, arguments.json));
  display.finish();

  write_report_files(store, folder);
  if (arguments.json) return 0;
  print_report(store, folder, false);
  print_end(summary);
  return 0;
}

}  // namespace

void add_optimise(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("optimise", "Optimise the parameters of any command; resumes what DIR holds");
  auto arguments = std::make_shared<OptimiseArguments>();
  command->add_option("PROBLEM", arguments->file, "the problem file (YAML)")->required();
  command->add_option("--solver", arguments->solver, "instead of the problem file's");
  command->add_option("--seed", arguments->seed);
  command->add_option("--trials", arguments->trials, "in all, with those of former runs")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--workers", arguments->workers, "commands at a time")->check(CLI::Range(1, 256));
  command->add_option("--hours", arguments->hours, "start no trial after so long")
      ->check(CLI::Range(1e-4, 1e6));
  command->add_option("--out", arguments->out, "the study's folder (default studies/<name>)");
  command->add_flag("--json", arguments->json, "print each trial as one line of JSON when it ends");
  command->add_flag("--quiet", arguments->quiet, "no progress");
  command->footer("Example:\n  parsimony optimise examples/allocation.yaml --out studies/allocation");
  command->callback([&action, arguments] { action = [arguments] { return run_optimise(*arguments); }; });
}

}  // namespace parsimony::cli
