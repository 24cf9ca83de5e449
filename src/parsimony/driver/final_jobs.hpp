#pragma once

#include <string>
#include <vector>

#include "parsimony/driver/foreman.hpp"
#include "parsimony/driver/reporter.hpp"

namespace parsimony::driver {

/// How the further jobs of some trials stand.
struct FinalCount {
  int complete = 0, failed = 0, running = 0, queued = 0;
  bool interrupted = false;
};

/// Gives each trial its job of that purpose, if it has none, and waits until all have ended or the user
/// stops.
FinalCount do_final_jobs(study::Store& store, const std::vector<int>& trials, const std::string& purpose,
                         Foreman& foreman, Reporter& reporter);

}  // namespace parsimony::driver
