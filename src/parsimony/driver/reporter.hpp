#pragma once

#include <string>
#include <vector>

#include "parsimony/driver/observer.hpp"
#include "parsimony/study/folder.hpp"

namespace parsimony::driver {

/// Adds where a running job is, if it said so.
void add_stage(const study::Execution& execution, std::vector<std::string>& stages);

/// Tells an observer how far a run is: after each change, and once a second. Estimates the time left from the
/// rate since the first report of the same purpose.
class Reporter {
 public:
  Reporter(const Observer& observer, const study::Clock& clock);

  /// @param progress  elapsed and left are filled in here
  /// @param changed   something changed since the last call
  void report(Progress progress, bool changed);
  /// Whether a report would be told now: spares the work of making one.
  bool due(bool changed) const;

 private:
  const Observer& observer_;
  study::Clock clock_;
  double begin_;
  double told_ = 0.0;
  std::string purpose_;
  double counted_from_ = 0.0;
  int ended_before_ = 0;
};

}  // namespace parsimony::driver
