#include "parsimony/driver/worker_process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

namespace parsimony::driver {

WorkerProcess::WorkerProcess() : driver_(::getppid()) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGINT, SIG_IGN);
}

WorkerOptions WorkerProcess::options() const {
  // A driver that died before it could be watched leaves an orphan too.
  const auto orphaned = [this] { return ::getppid() != driver_; };
  WorkerOptions options;
  options.name = worker_name(::getpid());
  options.stop = [this, orphaned] { return told_.count() >= 1 || orphaned(); };
  options.abandon = [this, orphaned] { return told_.count() >= 2 || orphaned(); };
  return options;
}

void WorkerProcess::end_as_told() const {
  if (told_.count() == 0) return;
  std::fflush(nullptr);
  ::signal(SIGTERM, SIG_DFL);
  ::raise(SIGTERM);
}

}  // namespace parsimony::driver
