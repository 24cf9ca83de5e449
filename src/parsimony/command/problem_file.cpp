#include <fmt/format.h>

#include <algorithm>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/command/settings.hpp"
#include "parsimony/config/parameter.hpp"
#include "parsimony/config/yaml_file.hpp"

namespace parsimony::command {
namespace {

using config::Field;

/// A name that is not empty and not yet among `taken`.
std::string read_new_name(const Field& field, std::vector<std::string>& taken) {
  const std::string name = field.text();
  if (name.empty()) field.fail("is empty", "a name");
  if (std::find(taken.begin(), taken.end(), name) != taken.end())
    field.fail(fmt::format("is '{}' again", name), "different names");
  taken.push_back(name);
  return name;
}

std::vector<space::Parameter> read_parameters(const Field& field) {
  std::vector<space::Parameter> parameters;
  std::vector<std::string> names;
  for (const Field& item : field.items()) {
    read_new_name(item.at("name"), names);
    parameters.push_back(config::read_parameter(item));
    try {
      space::Space({parameters.back()});  // knows what a range must be
    } catch (const InputError& error) {
      throw InputError(item.place(), error.what());
    }
  }
  if (parameters.empty()) field.fail("is empty", "at least one parameter");
  return parameters;
}

std::vector<Objective> read_objectives(const Field& field) {
  std::vector<Objective> objectives;
  std::vector<std::string> names;
  const std::vector<Field> items = field.items();
  for (const Field& item : items) {
    item.expect_keys({"name", "goal", "reference"});
    Objective objective{read_new_name(item.at("name"), names), false, {}};
    if (const auto goal = item.find("goal"))
      objective.maximise = goal->choice({"minimise", "maximise"}) == "maximise";
    if (const auto reference = item.find("reference")) objective.reference = reference->number(-1e300, 1e300);
    if (!objective.reference && items.size() > 1)
      item.fail(
          "lacks 'reference'",
          "the worst value of it that still counts in the hypervolume; needed with two objectives or more");
    objectives.push_back(std::move(objective));
  }
  if (objectives.empty()) field.fail("is empty", "at least one objective");
  return objectives;
}

std::vector<std::string> read_constraints(const Field& field) {
  std::vector<std::string> names;
  for (const Field& item : field.items()) {
    item.expect_keys({"name"});
    read_new_name(item.at("name"), names);
  }
  return names;
}

std::vector<std::string> read_command(const Field& field) {
  if (!field.is_sequence())
    field.fail(field.is_scalar() ? fmt::format("is '{}'", field.text()) : "is no list",
               "a list of the program and its arguments, such as [python3, problem.py]");
  std::vector<std::string> words;
  for (const Field& item : field.items()) words.push_back(item.text());
  if (words.empty() || words.front().empty()) field.fail("names no program", "[program, argument, ...]");
  return words;
}

void read_solver(const Field& field, Settings& settings) {
  const Field name = field.is_scalar() ? field : field.at("name");
  settings.solver = name.choice(solver::solver_names());
  if (field.is_scalar()) return;
  std::vector<std::string> known = solver::solver_option_names(settings.solver);
  known.insert(known.begin(), "name");
  field.expect_keys(known);
  for (const std::string& key : field.keys())
    if (key != "name") settings.solver_options[key] = field.at(key).text();
  try {
    solver::make_solver(settings.solver, settings.solver_options);
  } catch (const InputError& error) {
    throw InputError(field.place(), error.what());
  }
}

void read_run(const Field& file, Settings& settings) {
  const auto read_integer = [&](const char* key, std::int32_t& value, std::int64_t low, std::int64_t high) {
    if (const auto field = file.find(key)) value = static_cast<std::int32_t>(field->integer(low, high));
  };
  read_integer("retries", settings.retries, 0, 100);
  read_integer("trials", settings.trials, 1, 1'000'000);
  read_integer("initial", settings.initial, 1, 10'000);
  read_integer("workers", settings.workers, 1, 256);
  if (const auto field = file.find("seed"))
    settings.seed = static_cast<std::uint64_t>(field->integer(0, INT64_MAX));
  if (const auto field = file.find("timeout")) settings.timeout = field->seconds();
  if (const auto field = file.find("schedule")) settings.schedule = field->choice({"ordered", "eager"});
  if (const auto field = file.find("hours")) settings.hours = field->number(1e-4, 1e6);
}

Settings read_problem(const Field& file) {
  file.expect_keys({"parameters", "objectives", "constraints", "command", "directory", "timeout", "retries",
                    "trials", "initial", "workers", "seed", "solver", "schedule", "hours"});
  Settings settings;
  settings.parameters = read_parameters(file.at("parameters"));
  settings.objectives = read_objectives(file.at("objectives"));
  if (const auto field = file.find("constraints")) settings.constraints = read_constraints(*field);
  settings.command = read_command(file.at("command"));
  if (const auto field = file.find("directory")) settings.directory = field->text();
  if (const auto field = file.find("solver")) read_solver(*field, settings);
  read_run(file, settings);
  return settings;
}

}  // namespace

Settings read_problem_text(std::string_view text, std::string_view where) {
  return read_problem(Field::from_text(text, where));
}

Settings read_problem_file(const std::filesystem::path& path) {
  return read_problem_text(read_file(path), path.string());
}

}  // namespace parsimony::command
