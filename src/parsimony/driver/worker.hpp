#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "parsimony/study/evaluator.hpp"
#include "parsimony/study/store.hpp"

namespace parsimony::driver {

struct WorkerOptions {
  std::string name;               ///< owner of its leases; worker_name(getpid()) in a process of its own
  double lease = 60.0;            ///< [s] longer than any pause of a healthy machine
  double heartbeat = 10.0;        ///< [s] between extensions of the lease
  double poll = 0.005;            ///< [s] between looks for a job
  std::function<bool()> stop;     ///< true: end after the job at hand
  std::function<bool()> abandon;  ///< true: nobody wants the job at hand either; it is given back
};

/// "<host>:<process>", by which a driver knows the leases of its worker.
std::string worker_name(pid_t process);

/// Claims, evaluates and finishes jobs, lowest number first, until told to stop; a thread keeps the lease
/// alive. An exception of the evaluator is a failed outcome (code "exception").
/// @return  jobs whose outcome was taken
/// @throws InputError, EnvironmentError of the evaluator or the store, after giving the job back
int work(study::Store& store, study::Evaluator& evaluator, const WorkerOptions& options);

}  // namespace parsimony::driver
