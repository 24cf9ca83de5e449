#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace parsimony {

struct ProcessOptions {
  std::filesystem::path directory;            ///< working directory; empty: ours
  std::string input;                          ///< written to its standard input
  std::chrono::milliseconds timeout{600'000}; ///< then its whole process group is killed
};

struct ProcessResult {
  int exit_code = -1;     ///< its exit status; 128 + signal when a signal ended it; 127 when it cannot be started
  bool timed_out = false;
  std::string output;     ///< standard output
  std::string errors;     ///< standard error
};

/// Runs a program (found on PATH), waits, and returns what it said. Never throws for what the program does.
/// @throws EnvironmentError when no process or pipe can be made
ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

/// Whether a program of that name stands on PATH.
bool program_exists(const std::string& name);

}  // namespace parsimony
