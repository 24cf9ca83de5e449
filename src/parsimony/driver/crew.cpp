#include "parsimony/driver/crew.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/driver/worker.hpp"

namespace parsimony::driver {
namespace {

using std::chrono::milliseconds;

/// After that a worker that was told to end is killed: it holds nothing then.
constexpr int kPatienceMilliseconds = 2000;

std::filesystem::path log_of(const Workers& workers, int index) {
  if (workers.logs.empty()) return "/dev/null";
  return workers.logs / fmt::format("worker-{}.log", index);
}

/// Between fork and exec: only what is safe there. The worker dies with the thread that made it.
[[noreturn]] void become(char* const* arguments, int log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  ::execvp(arguments[0], arguments);
  ::_exit(127);
}

std::string last_line(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::string last;
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

Crew::Crew(const Workers& workers, const study::Store& store) : workers_(workers), store_(store) {
  PARSIMONY_EXPECTS(workers.count >= 1);
  PARSIMONY_EXPECTS(workers.command.empty() != !workers.in_process);
}

Crew::~Crew() {
  dismiss();
}

void Crew::fill(int count) {
  while (static_cast<int>(processes_.size() + threads_.size()) < count) {
    if (workers_.in_process)
      start_thread(static_cast<int>(threads_.size()) + 1);
    else
      start_process(free_index());
  }
}

int Crew::free_index() const {
  int index = 1;
  while (
      std::any_of(processes_.begin(), processes_.end(), [&](const Process& p) { return p.index == index; }))
    ++index;
  return index;
}

void Crew::start_process(int index) {
  std::vector<std::string> arguments = workers_.command;
  arguments.insert(arguments.end(), {"--worker", fmt::format("{}", index)});
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  if (!workers_.logs.empty()) {
    std::error_code ignored;
    std::filesystem::create_directories(workers_.logs, ignored);
  }
  const std::filesystem::path path = log_of(workers_, index);
  const int log = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0)
    throw EnvironmentError(fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(pointers.data(), log, parent);
  const int error = errno;
  ::close(log);
  if (child < 0) throw EnvironmentError(fmt::format("cannot start a worker: {}", std::strerror(error)));
  processes_.push_back({index, child});
}

void Crew::start_thread(int index) {
  threads_.push_back(std::make_unique<Thread>());
  Thread& mine = *threads_.back();
  mine.owner = fmt::format("{}/{}", worker_name(::getpid()), index);
  mine.thread = std::thread([this, &mine, store = std::make_shared<study::Store>(store_.another())] {
    try {
      study::Evaluator evaluator = workers_.in_process();
      WorkerOptions options;
      options.name = mine.owner;
      options.lease = workers_.lease;
      options.stop = [this] { return stop_.load(); };
      options.abandon = [this] { return abandon_.load(); };
      work(*store, evaluator, options);
    } catch (...) {
      mine.exception = std::current_exception();
    }
    mine.ended = true;
  });
}

std::vector<Departure> Crew::departed() {
  std::vector<Departure> departures;
  std::erase_if(processes_, [&](const Process& process) {
    int status = 0;
    if (::waitpid(process.id, &status, WNOHANG) != process.id) return false;
    Departure departure{.owner = worker_name(process.id), .exception = nullptr, .last_words = {}};
    if (WIFEXITED(status)) departure.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) departure.signal = WTERMSIG(status);
    departure.last_words = last_line(log_of(workers_, process.index));
    departures.push_back(departure);
    return true;
  });
  std::erase_if(threads_, [&](const std::unique_ptr<Thread>& thread) {
    if (!thread->ended) return false;
    thread->thread.join();
    departures.push_back(
        {.owner = thread->owner, .exit_code = 0, .exception = thread->exception, .last_words = {}});
    return true;
  });
  return departures;
}

std::vector<std::string> Crew::kill() {
  abandon_ = true;
  std::vector<std::string> owners;
  for (const Process& process : processes_) {
    ::kill(process.id, SIGKILL);
    while (::waitpid(process.id, nullptr, 0) < 0 && errno == EINTR) {
    }
    owners.push_back(worker_name(process.id));
  }
  for (const auto& thread : threads_) {
    thread->thread.join();
    owners.push_back(thread->owner);
  }
  processes_.clear();
  threads_.clear();
  return owners;
}

void Crew::dismiss() {
  stop_ = true;
  for (const Process& process : processes_) ::kill(process.id, SIGTERM);
  for (int waited = 0; waited < kPatienceMilliseconds && !processes_.empty(); waited += 2) {
    std::erase_if(processes_,
                  [](const Process& process) { return ::waitpid(process.id, nullptr, WNOHANG) != 0; });
    if (!processes_.empty()) std::this_thread::sleep_for(milliseconds(2));
  }
  kill();
}

}  // namespace parsimony::driver
