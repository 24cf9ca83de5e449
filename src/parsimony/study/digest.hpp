#pragma once

#include <span>
#include <string>

#include "parsimony/study/row.hpp"

namespace parsimony::study {

/// SHA-256 over the rows that are complete, infeasible or failed, by number: parameters and objectives as
/// hexadecimal floats, state, reason code; no times, leases, attempts or workers (SEMANTICS 3).
/// @param rows  all of the study's, by number
std::string digest(std::span<const Row> rows);

}  // namespace parsimony::study
