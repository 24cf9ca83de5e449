#pragma once

#include <sys/types.h>

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "parsimony/driver/driver.hpp"

namespace parsimony::driver {

/// A worker that ended although nobody told it to.
struct Departure {
  std::string owner;   ///< of its leases
  int exit_code = -1;  ///< −1: a signal ended it
  int signal = 0;
  std::exception_ptr exception;  ///< of a thread
  std::string last_words;        ///< the last line of its log
};

/// The workers of one run. The destructor ends them: told first, killed after a while.
class Crew {
 public:
  Crew(const Workers& workers, const study::Store& store);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Starts as many workers as are missing of `count`. @throws EnvironmentError when no process can be made
  void fill(int count);
  /// Those that ended since the last call.
  std::vector<Departure> departed();
  /// Ends all at once, whatever they do; returns the owners of their leases.
  std::vector<std::string> kill();
  /// Lets them end after the job at hand, and waits.
  void dismiss();

 private:
  struct Process {
    int index;
    pid_t id;
  };
  struct Thread {
    std::string owner;
    std::atomic<bool> ended{false};
    std::exception_ptr exception;
    std::thread thread;
  };
  void start_process(int index);
  void start_thread(int index);
  int free_index() const;

  const Workers& workers_;
  const study::Store& store_;
  std::vector<Process> processes_;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::atomic<bool> stop_{false}, abandon_{false};
};

}  // namespace parsimony::driver
