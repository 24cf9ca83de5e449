#include <fmt/format.h>

#include <algorithm>

#include "parsimony/report/document.hpp"
#include "parsimony/report/table.hpp"

namespace parsimony::report {
namespace {

using Notes = std::vector<std::pair<std::string, std::string>>;

std::string protocol_text(const Report& report) {
  if (report.protocol == "paper")
    return "paper: the search maximised accuracy on the test data, as the paper does. These figures are "
           "optimistic and must "
           "not be set beside those of the honest protocol." +
           std::string(
               report.split == "standard"
                   ? " The files were used as shipped (split: standard)."
                   : " Of a UEA set's two files the larger one trained and the smaller one was scored "
                     "(split: auto).");
  return "honest: the search saw training data only. Accuracy is that of the int8 network on validation "
         "cases: a fifth of the "
         "training cases held out (from 400 on), or three folds pooled (fewer). The test split was scored "
         "once, for the networks "
         "of the front, and ranked nothing.";
}

std::string space_text(const Report& report) {
  if (report.space == "paper-literal")
    return "paper-literal: the paper's Table 3 as printed: weight decay 0.6 to 0.99 on all parameters, the "
           "learning rate decays in "
           "every epoch.";
  return report.space +
         ": the paper's Table 3 with weight decay read as an L2 coefficient of 1e-6 to 1e-2 on convolution "
         "and linear "
         "weights, and ten steps of the learning rate from its start of decay to the end.";
}

std::string objectives_text(const Report& report) {
  std::string text, maximised;
  for (const ObjectiveColumn& column : report.objectives) {
    if (column.maximise) maximised += (maximised.empty() ? "" : ", ") + column.label;
    if (!text.empty()) text += "; ";
    text += column.label;
    if (column.unit == "%")
      text += " (share of wrong cases)";
    else if (!column.unit.empty())
      text += fmt::format(" (a value of 1 is {})", in_unit(column, 1.0));
  }
  if (text.empty()) return "";
  if (std::all_of(report.objectives.begin(), report.objectives.end(),
                  [](const ObjectiveColumn& column) { return column.maximise; }))
    return text + (report.has_one_objective() ? ", maximised." : ". All are maximised.");
  return text + (maximised.empty() ? ". All are minimised."
                                   : ". Maximised: " + maximised + "; the rest is minimised.");
}

std::string time_text(const Report& report) {
  double seconds = 0.0, longest = 0.0;
  int measured = 0;
  for (const Row& row : report.rows) {
    if (row.seconds <= 0.0) continue;
    seconds += row.seconds;
    longest = std::max(longest, row.seconds);
    ++measured;
  }
  if (measured == 0) return "";
  return fmt::format("{:.1f} minutes in evaluations, {:.3g} s a trial on average, {:.3g} s the longest.",
                     seconds / 60.0, seconds / measured, longest);
}

}  // namespace

Notes reading_notes(const Report& report) {
  Notes notes;
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) notes.emplace_back(name, text);
  };
  if (report.has_networks || !report.protocol.empty()) add("Protocol", protocol_text(report));
  if (report.space.starts_with("paper")) add("Reading of the space", space_text(report));
  add("Training", report.training);
  add("Objectives", objectives_text(report));
  if (!report.has_one_objective())
    add("Hypervolume", "exact, against the reference point (" + reference_text(report) +
                           "), fixed before the first trial; only complete trials count.");
  if (report.has_networks)
    add("ROM and RAM",
        "predicted from the network's shapes: RAM is the arena of inputs, outputs, activations and scratch, "
        "without the "
        "stack; ROM is code and constants. parsimony verify measures both on the linked program.");
  add("Equal trials", report.protocol == "paper" || !report.has_networks
                          ? "of trials with equal objectives the front keeps the one of the lower number."
                          : "of trials with equal objectives the front keeps the one of lower validation "
                            "cross-entropy, then of lower number.");
  add("Command", report.command);
  add("Solver", solver_text(report));
  add("Time", time_text(report));
  return notes;
}

}  // namespace parsimony::report
