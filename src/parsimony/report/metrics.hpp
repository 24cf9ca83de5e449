#pragma once

#include <optional>
#include <string>

#include "parsimony/report/report.hpp"

namespace parsimony::report {

/// The figures that an evaluator left; nullopt when the row holds no network. A field that is missing or of
/// another type is absent; nothing throws, for a report must show what there is.
/// @param trial  JSON text of the job that filled the row
/// @param final  JSON text of the job of purpose "final", or empty: its test scores, and whatever it repeats
std::optional<NetworkFigures> read_metrics(const std::string& trial, const std::string& final);

/// Why its training is void, when the metrics say so.
std::string read_diverged(const std::string& metrics);

}  // namespace parsimony::report
