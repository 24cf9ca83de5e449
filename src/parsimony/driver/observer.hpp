#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "parsimony/study/row.hpp"

namespace parsimony::driver {

/// How far a run is.
struct Progress {
  std::string purpose = study::kTrial;  ///< what is being worked on
  int ended = 0, total = 0;             ///< jobs of that purpose; of trials those of former runs count too
  int running = 0, queued = 0;
  std::vector<std::string> stages;  ///< of running jobs that said where they are: "trial 3: epoch 45 of 160"
  int complete = 0, infeasible = 0, failed = 0;            ///< parts of `ended`
  double elapsed = 0.0;                                    ///< of this run [s]
  double left = std::numeric_limits<double>::quiet_NaN();  ///< estimated [s]; NaN while nothing is known
  std::vector<double> best;  ///< [m] the least value of each objective over the complete rows; NaN: none
};

/// What a driver tells while it works, from its own thread. Empty functions are not called.
struct Observer {
  std::function<void(const Progress&)> progress = {};       ///< after each change, and about once a second
  std::function<void(const study::Row&)> trial_ended = {};  ///< each row that ended in this run, once
  std::function<void(const std::string&)> note = {};  ///< one line: a worker died, a lease was lost, ...
};

}  // namespace parsimony::driver
