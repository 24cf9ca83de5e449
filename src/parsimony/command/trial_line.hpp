#pragma once

#include <string>

#include "parsimony/command/settings.hpp"
#include "parsimony/study/row.hpp"

namespace parsimony::command {

/// An ended trial as `optimise --json` prints it, one line without its end:
/// {"trial", "parameters": {..}, "objectives": {..}, "constraints": {..}, "state"}, in the user's sense of
/// the goals; null for what is not known, and "stage", "code" and "reason" of a failed one.
std::string trial_line(const study::Row& row, const Settings& settings);

}  // namespace parsimony::command
