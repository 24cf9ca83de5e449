#pragma once

#include <atomic>
#include <string>

#include "parsimony/driver/crew.hpp"
#include "parsimony/driver/driver.hpp"

namespace parsimony::driver {

/// Looks after the workers while they have something to do: restarts the dead, queues what they left behind,
/// opens and closes the counter where jobs are handed out.
class Foreman {
 public:
  Foreman(study::Store& store, const DriverTask& task, const Observer& observer);

  /// From now on jobs of this purpose are handed out. What former drivers left running is queued first.
  void open(const std::string& purpose);
  /// No job is handed out any more; those at hand are finished.
  void close();
  bool closed() const { return closed_; }

  /// Counts deaths, starts workers for that many open jobs (at most the task's count), expires leases, queues
  /// stale jobs. @throws as run()
  void tend(int jobs);
  /// Kills the workers and gives back what they had.
  void stop_at_once();
  /// A job has ended: what went wrong before it no longer counts as wrong in a row.
  void note_success() { fruitless_ = 0; }
  /// Sleeps a little: until a look is worth while.
  void rest() const;

  /// 0, 1 (finish what is running) or 2 (give it back): the times that the user asked to stop.
  int stop_requests() const { return task_.stop == nullptr ? 0 : task_.stop->load(); }
  int deaths() const { return deaths_; }

 private:
  void see_off(const Departure& departure);
  void say(const std::string& line) const;

  study::Store& store_;
  const DriverTask& task_;
  const Observer& observer_;
  Crew crew_;
  bool closed_ = true;
  int deaths_ = 0;
  int fruitless_ = 0;    ///< workers that ended in a row without a job having ended
  double looked_ = 0.0;  ///< when leases were last looked at [s, steady]
};

}  // namespace parsimony::driver
