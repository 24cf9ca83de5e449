#include "parsimony/driver/stop_signals.hpp"

namespace parsimony::driver {
namespace {

// A signal handler has no other place to write to.
std::atomic<int> signals_seen{0};
static_assert(std::atomic<int>::is_always_lock_free);

void count_signal(int) {
  ++signals_seen;
}

}  // namespace

StopSignals::StopSignals() {
  signals_seen = 0;
  struct sigaction action {};
  action.sa_handler = count_signal;
  ::sigaction(SIGINT, &action, &interrupt_);
  ::sigaction(SIGTERM, &action, &terminate_);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGINT, &interrupt_, nullptr);
  ::sigaction(SIGTERM, &terminate_, nullptr);
}

const std::atomic<int>& StopSignals::count() const {
  return signals_seen;
}

}  // namespace parsimony::driver
