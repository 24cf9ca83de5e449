#include "parsimony/driver/foreman.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "parsimony/base/errors.hpp"

namespace parsimony::driver {
namespace {

constexpr auto kRest = std::chrono::milliseconds(5);
constexpr double kSecondsBetweenLooksAtLeases = 1.0;
constexpr int kFruitlessAllowed = 3;

// What a worker's exit code means (DESIGN, "The command line").
constexpr int kInputAtFault = 2;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string describe(const Departure& departure) {
  std::string text = departure.exit_code < 0 ? fmt::format("died by signal {}", departure.signal)
                                             : fmt::format("ended with exit code {}", departure.exit_code);
  if (!departure.last_words.empty()) text += fmt::format(" ({})", departure.last_words);
  return text;
}

}  // namespace

Foreman::Foreman(study::Store& store, const DriverTask& task, const Observer& observer)
    : store_(store), task_(task), observer_(observer), crew_(task.workers, store) {
  // The folder is ours and our workers are not yet started: whoever had a lease is dead with its driver.
  store_.serve("");
  store_.abandon();
  store_.requeue();
}

void Foreman::open(const std::string& purpose) {
  store_.serve(purpose);
  closed_ = false;
}

void Foreman::close() {
  store_.serve("");
  closed_ = true;
}

void Foreman::tend(int jobs) {
  for (const Departure& departure : crew_.departed()) see_off(departure);
  if (!closed_) crew_.fill(std::min(jobs, task_.workers.count));
  const double now = steady_seconds();
  if (now - looked_ < kSecondsBetweenLooksAtLeases) return;
  looked_ = now;
  if (const int lost = store_.expire(); lost > 0) say(fmt::format("{} leases are over", lost));
  store_.requeue();
}

// A death counts against the job at hand; one without a job, or with "the machine is at fault", against the
// run. Who was told to end (a system that shuts down tells everyone) has finished its job, as a WorkerProcess
// does, or gives it back; it counts for nothing.
void Foreman::see_off(const Departure& departure) {
  if (departure.exception) std::rethrow_exception(departure.exception);
  if (departure.signal == SIGTERM || departure.signal == SIGINT) {
    store_.give_back(departure.owner);
    return;
  }
  const bool died = departure.exit_code != 0;
  const int held = died ? store_.count_death(departure.owner) : 0;
  store_.requeue();
  deaths_ += died ? 1 : 0;
  const std::string what = fmt::format("worker {} {}", departure.owner, describe(departure));
  if (died) say(what);
  if (departure.exit_code == kInputAtFault) throw InputError("a worker", describe(departure));
  if (held == 0 && !closed_ && ++fruitless_ >= kFruitlessAllowed)
    throw EnvironmentError(fmt::format("workers cannot work: {}", what));
}

void Foreman::stop_at_once() {
  close();
  for (const std::string& owner : crew_.kill()) store_.give_back(owner);
}

void Foreman::rest() const {
  std::this_thread::sleep_for(kRest);
}

void Foreman::say(const std::string& line) const {
  if (observer_.note) observer_.note(line);
}

}  // namespace parsimony::driver
