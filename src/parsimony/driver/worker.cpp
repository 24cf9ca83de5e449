#include "parsimony/driver/worker.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "parsimony/base/errors.hpp"

namespace parsimony::driver {
namespace {

using Seconds = std::chrono::duration<double>;

bool asked(const std::function<bool()>& question) {
  return question && question();
}

/// Extends the lease of one job from a thread of its own for as long as it lives.
class Pulse {
 public:
  Pulse(study::Store& store, const study::Job& job, const WorkerOptions& options)
      : thread_([this, &store, &job, &options] { beat(store, job, options); }) {}
  ~Pulse() {
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  /// Whether the outcome would still be taken, as far as is known.
  bool wanted() const { return wanted_; }
  /// Where the job is; the next beat tells the store.
  void tell(const std::string& stage) {
    const std::lock_guard<std::mutex> guard(mutex_);
    stage_ = stage;
  }

 private:
  void beat(study::Store& store, const study::Job& job, const WorkerOptions& options) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (wanted_ && !changed_.wait_for(lock, Seconds(options.heartbeat), [this] { return over_; })) {
      const std::string stage = stage_;
      lock.unlock();
      try {
        wanted_ = store.heartbeat(options.name, job.trial, job.purpose, options.lease, stage);
      } catch (const EnvironmentError&) {
        // A store that is busy now is asked again at the next beat; one that is gone shows when the job is
        // finished.
      }
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::string stage_;
  std::atomic<bool> wanted_{true};
  std::thread thread_;
};

study::Outcome failure(const std::string& reason) {
  study::Outcome outcome;
  outcome.state = study::State::failed;
  outcome.stage = "evaluate";
  outcome.code = study::kException;
  outcome.reason = reason;
  return outcome;
}

/// One of the two places where exceptions are caught: a candidate that throws is data, unless it says that no
/// candidate can be evaluated.
study::Outcome evaluate(study::Evaluator& evaluator, const study::Job& job,
                        const study::KeepGoing& keep_going) {
  try {
    return evaluator.evaluate(job, keep_going);
  } catch (const InputError&) {
    throw;
  } catch (const EnvironmentError&) {
    throw;
  } catch (const std::exception& error) {
    return failure(error.what());
  }
}

/// How many values an outcome must have.
struct Counts {
  int objectives, constraints;
};

/// Whether the outcome was taken.
bool do_job(study::Store& store, study::Evaluator& evaluator, const study::Job& job, const Counts& counts,
            const WorkerOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  study::Outcome outcome;
  {
    Pulse pulse(store, job, options);
    outcome = evaluate(evaluator, job,
                       study::KeepGoing([&] { return pulse.wanted() && !asked(options.abandon); },
                                        [&](const std::string& stage) { pulse.tell(stage); }));
    if (asked(options.abandon)) {
      store.give_back(options.name);
      return false;
    }
  }
  const double seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
  outcome = study::settled(std::move(outcome), job.purpose, counts.objectives, counts.constraints);
  return store.finish(options.name, job.trial, job.purpose, outcome, seconds);
}

}  // namespace

std::string worker_name(pid_t process) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return fmt::format("{}:{}", host.data(), process);
}

int work(study::Store& store, study::Evaluator& evaluator, const WorkerOptions& options) {
  const study::Description description = store.description();
  const Counts counts{static_cast<int>(description.objectives.size()),
                      static_cast<int>(description.constraints.size())};
  int taken = 0;
  std::int64_t seen = -1;
  while (!asked(options.stop) && !asked(options.abandon)) {
    const std::int64_t now = store.change_count();
    const auto claim = now == seen ? std::nullopt : store.claim(options.name, options.lease);
    if (!claim) {
      seen = now;
      std::this_thread::sleep_for(Seconds(options.poll));
      continue;
    }
    try {
      taken += do_job(store, evaluator, claim->job, counts, options) ? 1 : 0;
    } catch (...) {
      store.give_back(options.name);
      throw;
    }
  }
  return taken;
}

}  // namespace parsimony::driver
