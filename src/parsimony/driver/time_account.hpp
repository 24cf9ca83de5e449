#pragma once

#include <span>

namespace parsimony::driver {

/// Where the workers' time went. The first four add up to workers × wall.
struct TimeAccount {
  int workers = 0;
  double wall = 0.0;        ///< [s]
  double evaluating = 0.0;  ///< [worker s] inside jobs
  double suggesting = 0.0;  ///< [worker s] idle while the solver worked on the trial that the worker got next
  double overhead =
      0.0;  ///< [worker s] idle though a trial was there to be proposed or started (start-up, stores)
  double waiting = 0.0;  ///< [worker s] idle for the order's sake, or because no trials were left
  double asking = 0.0;   ///< [s] spent in the solver, whether or not a worker was idle

  /// Overhead's share of all worker time but that in suggestions and waiting; 0 when there is none.
  double overhead_share() const;
};

/// The times of one trial in one run [s, any origin]: it could have been proposed at `possible`, the solver
/// had it from `asked` to `answered` (equal for one that needs no solver), a worker from `started` to
/// `finished`.
struct TrialTimes {
  double possible = 0.0, asked = 0.0, answered = 0.0, started = 0.0, finished = 0.0;
};

/// Adds up who was idle and why. At each moment the idle workers (all but those evaluating) are overhead for
/// as many as there are trials possible but neither being asked for nor started, then suggesting for each
/// being asked for, the rest wait.
TimeAccount account_for(std::span<const TrialTimes> trials, int workers, double begin, double end);

}  // namespace parsimony::driver
