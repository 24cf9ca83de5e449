#include "parsimony/cli/deployed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "parsimony/base/errors.hpp"
#include "parsimony/cli/progress.hpp"
#include "parsimony/cli/workers.hpp"
#include "parsimony/driver/driver.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::cli {
namespace {

constexpr const char* kModel = "model.graph";
constexpr const char* kDeploy = "deploy";  ///< trains without scoring the test split

std::optional<std::string> stored_network(const study::Store& store, int trial) {
  for (const char* purpose : {study::kFinal, study::kTrial, kDeploy})
    if (auto bytes = store.artefact(trial, purpose, kModel)) return bytes;
  return std::nullopt;
}

void train_now(study::Store& store, const std::filesystem::path& folder, int trial) {
  driver::DriverTask task;
  task.folder = folder;
  task.workers = training_workers(folder, 1);
  ProgressDisplay display(false);
  driver::run_jobs(store, {{trial, kDeploy}}, kDeploy, task, display.observer());
  display.finish();
}

}  // namespace

study::Row complete_row(const study::Store& store, const std::string& folder, int trial) {
  const auto rows = store.rows();
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const study::Row& one) { return one.number == trial; });
  if (row == rows.end())
    throw InputError(folder, fmt::format("has no trial {}", trial),
                     rows.empty() ? "it has none yet" : fmt::format("1 to {}", rows.back().number));
  if (row->state() != study::State::complete)
    throw InputError(folder, fmt::format("trial {} is {}", trial, study::state_name(row->state())),
                     "a complete trial");
  return *row;
}

ir::Graph deployed_network(study::Store& store, const std::filesystem::path& folder, int trial) {
  const study::Row row = complete_row(store, folder.string(), trial);
  if (row.execution.code == "diverged")
    throw InputError(folder.string(),
                     fmt::format("trial {} diverged ({}), it has no network", trial, row.execution.reason));
  if (!stored_network(store, trial)) train_now(store, folder, trial);
  const auto bytes = stored_network(store, trial);
  if (!bytes)
    throw InputError(
        folder.string(),
        fmt::format("trial {}: the training on all cases diverged, there is nothing to export", trial));
  return ir::from_text(*bytes, kModel);
}

}  // namespace parsimony::cli
