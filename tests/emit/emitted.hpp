#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "parsimony/base/process.hpp"
#include "parsimony/emit/emit.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/plan/plan.hpp"

namespace parsimony::test {

/// A folder that is gone with the object.
struct TemporaryFolder {
  std::filesystem::path path;

  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "parsimony-test-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

/// The folder's files of a graph with its plan.
inline emit::Folder emitted(const ir::Graph& graph, const std::string& name,
                            emit::Optimise optimise = emit::Optimise::size,
                            const std::string& target = "cortex-m4") {
  const emit::Family family = emit::family_of(target::find_target("test", target), optimise);
  return emit::emit(graph, emit::plan_memory(graph, family),
                    {.name = name,
                     .target = target,
                     .command_line = "parsimony export --name " + name,
                     .optimise = optimise});
}

/// Runs a command in a folder and expects it to end well; returns what it printed.
inline std::string run(const std::filesystem::path& directory, const std::vector<std::string>& command) {
  ProcessOptions options;
  options.directory = directory;
  const ProcessResult result = run_process(command, options);
  std::string shown;
  for (const std::string& word : command) shown += word + " ";
  EXPECT_EQ(result.exit_code, 0) << shown << "\n" << result.errors << result.output;
  return result.output;
}

}  // namespace parsimony::test
