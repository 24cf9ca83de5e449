#pragma once

#include <sys/types.h>

#include "parsimony/driver/stop_signals.hpp"
#include "parsimony/driver/worker.hpp"

namespace parsimony::driver {

/// What a worker's process owes its driver; made first thing in main, at most one. A first SIGTERM lets the
/// job at hand be finished, a second gives it back. Ctrl-C, which reaches the whole terminal, is left to the
/// driver. It dies at once with its driver, and the next driver gives the job back.
class WorkerProcess {
 public:
  WorkerProcess();

  /// The worker's name and when it ends; valid while this lives.
  WorkerOptions options() const;

  /// Last thing in main: who was told to end dies by SIGTERM, by which the driver knows that nothing is
  /// wrong. Returns when nobody told it so.
  void end_as_told() const;

 private:
  pid_t driver_;
  StopSignals told_{SIGTERM};
};

}  // namespace parsimony::driver
