#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <thread>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/sha256.hpp"
#include "parsimony/cli/commands.hpp"
#include "parsimony/cli/data_form.hpp"
#include "parsimony/cli/progress.hpp"
#include "parsimony/cli/study_report.hpp"
#include "parsimony/cli/workers.hpp"
#include "parsimony/driver/driver.hpp"
#include "parsimony/driver/stop_signals.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/search/network_search.hpp"
#include "parsimony/solver/solver.hpp"
#include "parsimony/study/folder.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::cli {
namespace {

struct SearchArguments {
  std::string file, out, solver, protocol, split;
  std::optional<std::int32_t> trials, workers;
  std::optional<std::uint64_t> seed;
  std::optional<double> hours;
  bool quiet = false, json = false;
};

/// What the readers of the data left out.
void tell_notes(const data::DataSource& source, const driver::Observer& observer) {
  for (const std::string& note : source.train.notes) observer.note("training data: " + note);
  for (const std::string& note : source.test.notes) observer.note("test data: " + note);
}

/// The study file, with what the command line says instead.
search::StudySettings settings_of(const SearchArguments& arguments) {
  search::StudySettings settings = search::read_study_file(arguments.file);
  if (!arguments.solver.empty() && arguments.solver != settings.solver) {
    settings.solver = arguments.solver;
    settings.solver_options.clear();
  }
  if (!arguments.protocol.empty())
    settings.protocol = arguments.protocol == "paper" ? data::Protocol::kPaper : data::Protocol::kHonest;
  if (!arguments.split.empty())
    settings.split = arguments.split == "standard" ? data::SplitRule::kStandard : data::SplitRule::kAuto;
  settings.trials = arguments.trials.value_or(settings.trials);
  settings.workers = arguments.workers.value_or(settings.workers);
  settings.seed = arguments.seed.value_or(settings.seed);
  settings.hours = arguments.hours.value_or(settings.hours);
  if (settings.workers == 0)
    settings.workers = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return settings;
}

solver::Solver solver_of(const search::StudySettings& settings, const std::string& file) {
  solver::SolverOptions options;
  for (const search::SolverOption& option : settings.solver_options) options[option.name] = option.value;
  try {
    return solver::make_solver(settings.solver, options);
  } catch (const InputError& error) {
    throw InputError(file, error.what());
  }
}

/// Which data a study was made of: a resume on other data is refused.
std::string data_digest(const data::DataSource& source) {
  std::string bytes;
  for (const data::Dataset* part : {&source.train, &source.test}) {
    bytes.append(reinterpret_cast<const char*>(part->values.data()), part->values.size() * sizeof(float));
    bytes.append(reinterpret_cast<const char*>(part->labels.data()),
                 part->labels.size() * sizeof(std::int32_t));
    for (const std::string& name : part->class_names) bytes.append(name).push_back('\0');
  }
  return sha256(bytes);
}

/// Whether its rows depend on predicted instructions.
bool counts_instructions(const search::StudySettings& settings) {
  return settings.limits.instructions ||
         std::ranges::find(settings.objectives, "instructions") != settings.objectives.end();
}

study::Description describe(const search::NetworkSearch& search, const data::DataPlaces& places) {
  const target::Target& target = target::find_target("target", search.settings.target);
  const emit::Family family = emit::family_of(target, search::optimise_of(search.settings));
  study::Description description;
  description.configuration = search::to_json(search.settings);
  for (const auto& parameter : search.problem.space.parameters())
    description.parameters.push_back(space::parameter_name(parameter));
  for (const auto& objective : search.problem.objectives) description.objectives.push_back(objective.name);
  for (const auto& constraint : search.problem.constraints)
    description.constraints.push_back(constraint.name);
  description.notes = {{"version", "0.1.0"},
                       {"kernel_table", emit::table_identity(emit::kernel_table(target.name, family))},
                       {"data", data_digest(search.data)},
                       {kDataForm, data_form_note(search.data.train)},
                       {"study_directory", std::filesystem::absolute(places.study_directory).string()},
                       {"data_directory", places.data_directory.empty()
                                              ? std::string()
                                              : std::filesystem::absolute(places.data_directory).string()}};
  if (counts_instructions(search.settings))
    description.notes["instruction_table"] = emit::InstructionCosts(target.name, family).identity();
  return description;
}

study::Store open_store(const std::filesystem::path& folder, const study::Description& description) {
  study::Store store = study::make_or_resume_study(
      folder, description, {search::resumable_keys().begin(), search::resumable_keys().end()});
  for (const char* key : {"data", "kernel_table", "instruction_table"})
    if (description.notes.contains(key) && store.note(key) != description.notes.at(key))
      throw InputError(folder.string(),
                       fmt::format("holds a study of another '{}' (stored {}, now {})", key,
                                   store.note(key).value_or("none"), description.notes.at(key)));
  for (const char* key : {kDataForm, "study_directory", "data_directory"})
    store.set_note(key, description.notes.at(key));
  return store;
}

driver::DriverTask task_of(const search::StudySettings& settings, const std::filesystem::path& folder,
                           const std::atomic<int>& stop) {
  driver::DriverTask task;
  task.folder = folder;
  task.seed = settings.seed;
  task.trials = settings.trials;
  task.initial = settings.initial;
  task.schedule = driver::parse_schedule("schedule", settings.schedule);
  if (settings.hours > 0.0) task.hours = settings.hours;
  task.workers = training_workers(folder, settings.workers);
  task.finals = front_of;
  task.stop = &stop;
  return task;
}

std::string best_text(const std::vector<double>& best) {
  return fmt::format("accuracy {:.1f} %", 100.0 * (1.0 - best.front()));
}

int run_search(const SearchArguments& arguments) {
  const search::StudySettings settings = settings_of(arguments);
  const std::filesystem::path file = arguments.file;
  const data::DataPlaces places{.study_directory = std::filesystem::absolute(file).parent_path(),
                                .data_directory = data::data_directory_from_environment()};
  const search::NetworkSearch search = search::prepare(settings, places, arguments.file);
  const solver::Solver solver = solver_of(settings, arguments.file);
  const std::filesystem::path folder = arguments.out.empty() ? std::filesystem::path("studies") / file.stem()
                                                             : std::filesystem::path(arguments.out);
  study::Store store = open_store(folder, describe(search, places));

  const driver::StopSignals signals;
  ProgressDisplay display(arguments.quiet, best_text);
  tell_notes(search.data, display.observer());
  const driver::Summary summary = driver::run(store, search.problem, solver,
                                              task_of(settings, folder, signals.count()), display.observer());
  display.finish();

  write_report_files(store, folder);
  print_report(store, folder, arguments.json);
  if (!arguments.json) {
    print_times(summary, "training");
    if (summary.exhausted) fmt::print("Every point of the space that is within the limits has been tried.\n");
    if (summary.interrupted) fmt::print("Interrupted; the same command goes on where this one stopped.\n");
  }
  return 0;
}

}  // namespace

void add_search(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("search", "Search networks for a data set and a board; resumes what DIR holds");
  auto arguments = std::make_shared<SearchArguments>();
  command->add_option("STUDY", arguments->file, "the study file (YAML)")->required();
  command->add_option("--trials", arguments->trials, "in all, with those of former runs")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--workers", arguments->workers, "processes that train, one thread each")
      ->check(CLI::Range(1, 256));
  command->add_option("--out", arguments->out, "the study's folder (default studies/<name>)");
  command->add_option("--hours", arguments->hours, "start no trial after so long")
      ->check(CLI::Range(1e-4, 1e6));
  command->add_option("--seed", arguments->seed);
  command->add_option("--solver", arguments->solver, "instead of the study file's");
  command->add_option("--protocol", arguments->protocol, "honest or paper")
      ->check(CLI::IsMember({"honest", "paper"}));
  command->add_option("--split", arguments->split, "auto or standard")
      ->check(CLI::IsMember({"auto", "standard"}));
  command->add_flag("--quiet", arguments->quiet, "no progress");
  command->add_flag("--json", arguments->json, "print what 'report --json' prints");
  command->footer("Example:\n  parsimony search examples/motions.yaml --trials 40 --out studies/motions");
  command->callback([&action, arguments] { action = [arguments] { return run_search(*arguments); }; });
}

}  // namespace parsimony::cli
