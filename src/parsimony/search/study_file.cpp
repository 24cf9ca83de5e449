#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/config/parameter.hpp"
#include "parsimony/config/yaml_file.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/search/board_file.hpp"
#include "parsimony/search/data_field.hpp"
#include "parsimony/search/settings.hpp"
#include "parsimony/search/training_field.hpp"
#include "parsimony/solver/solver.hpp"

namespace parsimony::search {
namespace {

using config::Field;

/// A network file, absolute or relative to the study's.
void read_network_file(const Field& field, const std::filesystem::path& study, StudySettings& settings) {
  settings.network = field.text();
  const std::filesystem::path path = study.parent_path() / settings.network;
  if (!std::filesystem::is_regular_file(path))
    field.fail(fmt::format("is '{}', no file", settings.network), "a network file, or a name: network list");
  settings.network_text = read_file(path);
}

bool is_file_name(const std::string& text) {
  const std::string ending = std::filesystem::path(text).extension();
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

void read_network(const Field& field, const std::filesystem::path& study, StudySettings& settings) {
  if (field.is_scalar() && is_file_name(field.text())) return read_network_file(field, study, settings);
  if (field.is_mapping() && field.find("file")) {
    field.expect_keys({"file"});
    return read_network_file(field.at("file"), study, settings);
  }
  if (!field.is_scalar()) field.expect_keys({"name", "width"});
  const Field name = field.is_scalar() ? field : field.at("name");
  const network::BuiltIn& built_in = network::find_built_in(name.place(), name.text());
  settings.network = built_in.name;
  settings.width = built_in.width;
  if (field.is_scalar()) return;
  if (const auto width = field.find("width"))
    settings.width = static_cast<std::int32_t>(width->integer(1, built_in.widest));
}

std::vector<std::string> read_objectives(const Field& field) {
  std::vector<std::string> names;
  for (const Field& item : field.items()) {
    const std::string name = item.choice(known_objectives());
    if (std::find(names.begin(), names.end(), name) != names.end())
      item.fail(fmt::format("is '{}' again", name));
    names.push_back(name);
  }
  if (names.empty() || names.front() != "error")
    field.fail("does not begin with 'error'", "error, then any of rom, ram, flops, instructions");
  return names;
}

void read_limits(const Field& field, Limits& limits) {
  field.expect_keys({"rom", "ram", "flops", "instructions"});
  if (const auto rom = field.find("rom")) limits.rom = rom->bytes();
  if (const auto ram = field.find("ram")) limits.ram = ram->bytes();
  if (const auto flops = field.find("flops")) limits.flops = Flops(std::llround(flops->number(1.0, 1e15)));
  if (const auto count = field.find("instructions"))
    limits.instructions = std::llround(count->number(1.0, 1e15));
}

/// Core and limits; what the study says beside them wins.
void read_study_board(const Field& field, const std::filesystem::path& folder, StudySettings& settings) {
  const target::Board board = read_board(field.place(), field.text(), folder);
  settings.target = board.core;
  settings.limits.rom = board.flash;
  settings.limits.ram = board.ram;
}

void read_solver(const Field& field, StudySettings& settings) {
  const Field name = field.is_scalar() ? field : field.at("name");
  settings.solver = name.choice(solver::solver_names());
  if (field.is_scalar()) return;
  std::vector<std::string> known = solver::solver_option_names(settings.solver);
  known.insert(known.begin(), "name");
  field.expect_keys(known);
  for (const std::string& key : field.keys()) {
    if (key == "name") continue;
    const Field option = field.at(key);
    settings.solver_options.push_back({key, option.text(), option.place()});
  }
}

/// A value that every trial has: an integer where it reads as one, else a number, else a word.
space::Value read_value(const Field& field) {
  const std::string text = field.text();
  std::int64_t integer = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, integer); read.ec == std::errc{} && read.ptr == end)
    return integer;
  double number = 0.0;
  if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc{} && read.ptr == end)
    return number;
  return text;
}

Override read_override(const Field& field) {
  const std::string name = field.at("name").text();
  if (const auto value = field.find("value")) {
    field.expect_keys({"name", "value"});
    return {field.place(), Fixed{name, read_value(*value)}};
  }
  return {field.place(), config::read_parameter(field)};
}

/// A preset, or a list that overrides single parameters of the default one, or {preset: …, parameters: […]}.
SpaceOptions read_space(const Field& field) {
  SpaceOptions options;
  if (field.is_scalar()) {
    options.preset = find_preset(field.place(), field.text());
    return options;
  }
  if (field.is_mapping()) {
    field.expect_keys({"preset", "parameters"});
    if (const auto preset = field.find("preset"))
      options.preset = find_preset(preset->place(), preset->text());
  }
  const auto parameters = field.is_mapping() ? field.find("parameters") : field;
  if (!parameters) return options;
  std::set<std::string> names;
  for (const Field& item : parameters->items()) {
    options.overrides.push_back(read_override(item));
    if (!names.insert(item.at("name").text()).second)
      item.fail(fmt::format("names '{}' again", item.at("name").text()));
  }
  return options;
}

/// @param path  the file; what it names is relative to its folder
StudySettings read_study(const Field& file, const std::filesystem::path& path) {
  std::vector<std::string> keys{"data",   "network", "objectives", "board",    "target", "optimise",
                                "limits", "solver",  "space",      "protocol", "split",  "schedule",
                                "trials", "initial", "seed",       "workers",  "hours"};
  keys.insert(keys.end(), training_keys().begin(), training_keys().end());
  file.expect_keys(keys);
  StudySettings settings;
  settings.data = read_data_field(file.at("data"));
  read_network(file.at("network"), path, settings);
  if (const auto field = file.find("objectives")) settings.objectives = read_objectives(*field);
  if (const auto field = file.find("board")) read_study_board(*field, path.parent_path(), settings);
  if (const auto field = file.find("target")) settings.target = read_core(field->place(), field->text());
  if (const auto field = file.find("optimise")) settings.optimise = field->choice({"size", "speed"});
  if (const auto field = file.find("limits")) read_limits(*field, settings.limits);
  if (const auto field = file.find("solver")) read_solver(*field, settings);
  if (const auto field = file.find("space")) settings.space = read_space(*field);
  settings.training = read_training(file);
  if (const auto field = file.find("protocol"))
    settings.protocol =
        field->choice({"honest", "paper"}) == "paper" ? data::Protocol::kPaper : data::Protocol::kHonest;
  if (const auto field = file.find("split"))
    settings.split = field->choice({"auto", "standard"}) == "standard" ? data::SplitRule::kStandard
                                                                       : data::SplitRule::kAuto;
  if (const auto field = file.find("schedule")) settings.schedule = field->choice({"ordered", "eager"});
  if (const auto field = file.find("trials"))
    settings.trials = static_cast<std::int32_t>(field->integer(1, 1000000));
  if (const auto field = file.find("initial"))
    settings.initial = static_cast<std::int32_t>(field->integer(1, 10000));
  if (const auto field = file.find("seed"))
    settings.seed = static_cast<std::uint64_t>(field->integer(0, INT64_MAX));
  if (const auto field = file.find("workers"))
    settings.workers = static_cast<std::int32_t>(field->integer(1, 256));
  if (const auto field = file.find("hours")) settings.hours = field->number(1e-3, 1e6);
  return settings;
}

}  // namespace

StudySettings read_study_text(std::string_view text, std::string_view where) {
  return read_study(Field::from_text(text, where), where);
}

StudySettings read_study_file(const std::filesystem::path& path) {
  return read_study_text(read_file(path), path.string());
}

}  // namespace parsimony::search
