#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace parsimony {

struct ProcessOptions {
  std::filesystem::path directory = {};        ///< working directory; empty: ours
  std::string input = {};                      ///< written to its standard input
  std::chrono::milliseconds timeout{600'000};  ///< then its whole process group is killed; max(): never
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< names and values, besides ours
  std::function<bool()> keep_going = {};  ///< asked some 20 times a second; false: killed as by the timeout
  std::size_t keep_bytes = SIZE_MAX;      ///< of each stream at least so many of the last bytes are kept
};

struct ProcessResult {
  int exit_code =
      -1;          ///< its exit status; 128 + signal when a signal ended it; 127 when it cannot be started
  int signal = 0;  ///< that ended it; 0: none did
  bool timed_out = false;
  bool abandoned = false;  ///< keep_going said false
  std::string output;      ///< standard output
  std::string errors;      ///< standard error
};

/// Runs a program (found on PATH) in a process group of its own, waits, and returns what it said. Never
/// throws for what the program does. What it left running in its group is killed, a second after its end
/// where that still holds its streams; it dies with the thread that called. May be called from several
/// threads.
/// @throws EnvironmentError when no process or pipe can be made
ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

/// Whether a program of that name stands on PATH.
bool program_exists(const std::string& name);

}  // namespace parsimony
