#pragma once

#include <signal.h>

#include <atomic>
#include <initializer_list>
#include <utility>
#include <vector>

namespace parsimony::driver {

/// While it lives, these signals are counted instead of ending the process. For a program's main, never
/// a library: signals are the process's. At most one at a time.
class StopSignals {
 public:
  StopSignals(std::initializer_list<int> signals = {SIGINT, SIGTERM});
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// How many have come.
  const std::atomic<int>& count() const;

 private:
  std::vector<std::pair<int, struct sigaction>> before_;  ///< what each signal did
};

}  // namespace parsimony::driver
