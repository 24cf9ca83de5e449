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

StopSignals::StopSignals(std::initializer_list<int> signals) {
  signals_seen = 0;
  struct sigaction action {};
  action.sa_handler = count_signal;
  action.sa_flags = SA_RESTART;  // what runs is to be finished: its reads and writes must not fail for it
  for (const int signal : signals) {
    before_.push_back({signal, {}});
    ::sigaction(signal, &action, &before_.back().second);
  }
}

StopSignals::~StopSignals() {
  for (const auto& [signal, action] : before_) ::sigaction(signal, &action, nullptr);
}

const std::atomic<int>& StopSignals::count() const {
  return signals_seen;
}

}  // namespace parsimony::driver
