#pragma once

#include <vector>

#include "parsimony/driver/ledger.hpp"
#include "parsimony/driver/proposer.hpp"
#include "parsimony/driver/time_account.hpp"

namespace parsimony::driver {

/// The times of every row, as far as they lie in the run that began at `begin` [s since 1970].
std::vector<TrialTimes> trial_times(const Ledger& ledger, const Proposer& proposer, const DriverTask& task,
                                    double begin);

}  // namespace parsimony::driver
