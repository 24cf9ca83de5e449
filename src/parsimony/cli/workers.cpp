#include "parsimony/cli/workers.hpp"

#include <fmt/format.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/process.hpp"

namespace parsimony::cli {

driver::Workers training_workers(const std::filesystem::path& folder, int count) {
  const std::filesystem::path program = program_directory() / "parsimony-worker";
  if (!program_exists(program.string()))
    throw EnvironmentError(
        fmt::format("{} is missing: this build cannot train (it needs LibTorch, Debian's libtorch-dev)",
                    program.string()));
  driver::Workers workers;
  workers.count = count;
  workers.command = {program.string(), "--study", std::filesystem::absolute(folder).string()};
  workers.logs = folder / "logs";
  return workers;
}

}  // namespace parsimony::cli
