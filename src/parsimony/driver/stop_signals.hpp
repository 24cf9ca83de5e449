#pragma once

#include <signal.h>

#include <atomic>

namespace parsimony::driver {

/// While it lives, SIGINT and SIGTERM are counted instead of ending the process. For a program's main, never
/// a library: signals are the process's. At most one at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// How many have come.
  const std::atomic<int>& count() const;

 private:
  struct sigaction interrupt_ {
  }, terminate_{};
};

}  // namespace parsimony::driver
