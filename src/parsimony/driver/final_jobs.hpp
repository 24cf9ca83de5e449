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

/// Queues the jobs that are not there yet, and waits until all have ended or the user stops.
/// @param served  what the purposes have in common, as Store::serve takes it
FinalCount do_final_jobs(study::Store& store, const std::vector<WantedJob>& jobs, const std::string& served,
                         Foreman& foreman, Reporter& reporter);

}  // namespace parsimony::driver
