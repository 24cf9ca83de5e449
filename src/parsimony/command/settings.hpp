#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsimony/solver/problem.hpp"
#include "parsimony/solver/solver.hpp"
#include "parsimony/space/space.hpp"

namespace parsimony::command {

/// What the command measures. Values, references and limits here are in the user's sense; only problem_of and
/// the evaluator know that everything is minimised.
struct Objective {
  std::string name;
  bool maximise = false;
  std::optional<double> reference;  ///< the hypervolume's; there when there are two objectives or more
};

/// All that a problem file says, defaults filled in.
struct Settings {
  std::vector<space::Parameter> parameters;
  std::vector<Objective> objectives;     ///< at least one
  std::vector<std::string> constraints;  ///< each feasible when <= 0
  std::vector<std::string> command;      ///< program and arguments
  std::string directory;  ///< its working directory as written, relative to the problem file's folder
  double timeout = std::numeric_limits<double>::infinity();  ///< of one run of the command [s]
  std::int32_t retries = 0;   ///< further runs after one that gave nothing, 0 … 100
  std::int32_t trials = 100;  ///< in all, 1 … 1,000,000
  std::int32_t initial = 10;  ///< of them the first, by Latin hypercube
  std::int32_t workers = 1;   ///< commands at a time: each may use all cores, for all that we know
  std::uint64_t seed = 1;
  std::string solver = "ehvi";
  solver::SolverOptions solver_options;
  std::string schedule = "ordered";  ///< or "eager"
  double hours = 0.0;                ///< 0: no limit
};

/// Reads a problem file. @throws InputError naming file, line, field, value and what is allowed
Settings read_problem_file(const std::filesystem::path& path);
/// The same from text. @param where  what errors call it
Settings read_problem_text(std::string_view text, std::string_view where);

/// The settings as JSON text, of the kind "optimise": what a study is identified by.
std::string to_json(const Settings& settings);
/// Keys of to_json that may differ when a study is resumed.
const std::vector<std::string>& resumable_keys();

/// What the solver is told: everything measured, a maximised objective and its reference negated. One
/// objective without a reference gets 1: no hypervolume is made of it.
solver::Problem problem_of(const Settings& settings);

}  // namespace parsimony::command
