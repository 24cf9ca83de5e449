#pragma once

#include <filesystem>

#include "parsimony/command/settings.hpp"
#include "parsimony/study/evaluator.hpp"

namespace parsimony::command {

/// Evaluates a trial by running the user's command: the parameters go in as one JSON object, the values come
/// out as the last line. What the command does wrong is a failed outcome, after its retries.
class CommandEvaluator {
 public:
  /// @param directory  where the command runs
  CommandEvaluator(Settings settings, std::filesystem::path directory);

  /// Kills the command, and returns with anything, as soon as keep_going says that nobody wants the outcome.
  /// @throws EnvironmentError when no process can be made
  study::Outcome evaluate(const study::Job& job, const study::KeepGoing& keep_going);

 private:
  Settings settings_;
  std::filesystem::path directory_;
};

/// The command's working directory: `directory` of the settings, relative to the problem file's folder.
/// @throws InputError when it is none, or when the command's program is not there
std::filesystem::path working_directory(const Settings& settings, const std::filesystem::path& problem_file);

}  // namespace parsimony::command
