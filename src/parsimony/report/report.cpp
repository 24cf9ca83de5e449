#include "parsimony/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/report/configuration.hpp"
#include "parsimony/report/front.hpp"
#include "parsimony/report/memory_plan.hpp"
#include "parsimony/report/metrics.hpp"
#include "parsimony/report/table.hpp"
#include "parsimony/study/digest.hpp"

namespace parsimony::report {
namespace {

constexpr const char* kGraph = "model.graph";
constexpr const char* kDeploy = "deploy";      ///< purpose of a training for an export alone
constexpr const char* kDiverged = "diverged";  ///< the evaluator's reason code

const study::Execution* final_of(const Contents& contents, int trial) {
  for (const study::Execution& execution : contents.finals)
    if (execution.trial == trial && study::ended(execution.state)) return &execution;
  return nullptr;
}

/// The network's groups in the order of the study's parameters keep_<group>; the rest after them, as stored.
void order_groups(std::vector<std::pair<std::string, std::int64_t>>& kept,
                  const std::vector<std::string>& parameters) {
  const auto rank = [&](const auto& group) {
    return std::find(parameters.begin(), parameters.end(), "keep_" + group.first) - parameters.begin();
  };
  std::stable_sort(kept.begin(), kept.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

std::string why_not_exportable(const Row& row, const study::Execution* final) {
  if (row.state != study::State::complete) return "not complete";
  if (!row.diverged.empty()) return "training diverged";
  if (final == nullptr) return "";
  if (final->state == study::State::failed) return "final training failed: " + final->reason;
  const std::string diverged = read_diverged(final->metrics);
  return diverged.empty() && final->code != kDiverged ? "" : "final training diverged";
}

Row row_of(const study::Row& stored, const Contents& contents) {
  Row row;
  row.number = stored.number;
  row.state = stored.state();
  row.stage = stored.execution.stage;
  row.code = stored.execution.code;
  row.reason = stored.execution.reason;
  row.seconds = stored.execution.seconds;
  row.configuration = stored.configuration;
  row.objectives = stored.objectives;
  row.constraints = stored.constraints;
  row.diverged = read_diverged(stored.execution.metrics);
  if (row.diverged.empty() && row.code == kDiverged) row.diverged = row.reason.empty() ? "yes" : row.reason;
  const study::Execution* final = final_of(contents, row.number);
  row.network = read_metrics(stored.execution.metrics, final != nullptr ? final->metrics : "");
  row.not_exportable = why_not_exportable(row, final);
  if (!row.network) return row;
  order_groups(row.network->kept, contents.description.parameters);
  if (const auto graph = contents.graphs.find(row.number); graph != contents.graphs.end()) {
    try {
      row.network->plan = memory_plan_of(graph->second, fmt::format("{} of trial {}", kGraph, row.number));
    } catch (const InputError& error) {
      row.not_exportable = error.what();  // the study keeps its report when one stored network is damaged
    }
  }
  return row;
}

/// Under protocol paper what a trial is scored on is the test data.
void score_on_test(std::vector<Row>& rows) {
  for (Row& row : rows)
    if (row.network && !row.network->test_accuracy) {
      row.network->test_accuracy = row.network->validation_accuracy;
      row.network->test_macro_f1 = row.network->validation_macro_f1;
    }
}

std::string last_part(const std::string& directory) {
  std::filesystem::path path = std::filesystem::path(directory).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string name = path.filename().string();
  return name.empty() || name == "." || name == ".." ? "study" : name;
}

}  // namespace

const Row& Report::row(int number) const {
  const auto found = std::lower_bound(rows.begin(), rows.end(), number,
                                      [](const Row& row, int n) { return row.number < n; });
  PARSIMONY_EXPECTS(found != rows.end() && found->number == number);
  return *found;
}

std::map<std::string, int> Report::counts() const {
  using study::State;
  std::map<std::string, int> counts;
  for (State state :
       {State::queued, State::running, State::complete, State::infeasible, State::failed, State::stale})
    counts[study::state_name(state)] = 0;
  for (const Row& row : rows) ++counts[study::state_name(row.state)];
  return counts;
}

Contents read_contents(const study::Store& store) {
  Contents contents{store.description(), store.rows(), store.executions(study::kFinal), {}};
  for (const study::Row& row : contents.rows) {
    if (row.state() != study::State::complete) continue;
    for (const char* purpose : {study::kFinal, study::kTrial, kDeploy}) {  // what is deployed
      if (auto graph = store.artefact(row.number, purpose, kGraph)) {
        contents.graphs.emplace(row.number, std::move(*graph));
        break;
      }
    }
  }
  return contents;
}

Report build_report(const Contents& contents, const ReportOptions& options) {
  Report report;
  report.directory = options.directory.empty() ? "." : options.directory;
  report.study = options.study.empty() ? last_part(report.directory) : options.study;
  report.version = options.version;
  report.configuration = contents.description.configuration;
  report.constraints = contents.description.constraints;
  report.notes = contents.description.notes;
  report.digest = study::digest(contents.rows);
  for (const study::Row& row : contents.rows) report.rows.push_back(row_of(row, contents));
  report.has_networks = std::any_of(report.rows.begin(), report.rows.end(),
                                    [](const Row& row) { return row.network.has_value(); });
  read_configuration(report);
  report.objectives = objective_columns(report, contents.description.objectives);
  report.parameters = parameters_of(report, contents.description.parameters);

  const bool by_number_alone = report.protocol == "paper";
  if (by_number_alone) score_on_test(report.rows);
  std::vector<double> reference;
  for (const ObjectiveColumn& column : report.objectives) reference.push_back(column.reference);
  report.front = front_of(report.rows, by_number_alone);
  if (report.has_one_objective())
    report.best_curve = best_curve_of(report.rows);
  else
    report.hypervolume_curve = hypervolume_curve_of(report.rows, reference);
  report.hypervolume = report.hypervolume_curve.empty() ? 0.0 : report.hypervolume_curve.back().second;
  report.best = best_of(report, by_number_alone);
  return report;
}

Report build_report(const study::Store& store, const ReportOptions& options) {
  return build_report(read_contents(store), options);
}

std::string export_command(const Report& report, int trial) {
  const std::string directory =
      report.directory.starts_with('-') ? "./" + report.directory : report.directory;
  const std::string output =
      (report.study.starts_with('-') ? "./" : "") + report.study + fmt::format("-{}", trial);
  return fmt::format("parsimony export {} --trial {} -o {}", shell_word(directory), trial,
                     shell_word(output));
}

}  // namespace parsimony::report
