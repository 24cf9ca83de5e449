#pragma once

#include "parsimony/report/report.hpp"

/// For this folder only.
namespace parsimony::report {

/// Fills what the stored configuration says: protocol, solver, seed, data, network, target, space, split,
/// initial. Read keys: those of a study file (DESIGN.md) as stored, with defaults filled in. What is missing
/// stays empty.
void read_configuration(Report& report);

/// Names, references, units and scales of the objectives: from the configuration's `objectives` (names, or
/// objects with a `reference`) and `limits`; a cost without a limit gets its scale from the rows' figures.
/// Precondition: the rows are filled.
std::vector<ObjectiveColumn> objective_columns(const Report& report, const std::vector<std::string>& names);

/// Types and ranges of the parameters: from the configuration's `parameters` or `space`, else from the values
/// seen (a positive float that spans a factor of 30 counts as logarithmic). Precondition: the rows are
/// filled.
std::vector<space::Parameter> parameters_of(const Report& report, const std::vector<std::string>& names);

}  // namespace parsimony::report
