#include "parsimony/base/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw EnvironmentError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(int end) {
    if (ends[end] >= 0) ::close(std::exchange(ends[end], -1));
  }
};

/// What exec takes: made before the fork, for nothing may be allocated between fork and exec.
struct Image {
  Image(const std::vector<std::string>& given, const ProcessOptions& options) : arguments(given) {
    const auto is_given = [&](std::string_view entry) {
      const std::string_view name = entry.substr(0, entry.find('='));
      return std::any_of(options.environment.begin(), options.environment.end(),
                         [&](const auto& one) { return one.first == name; });
    };
    for (char** entry = environ; *entry != nullptr; ++entry)
      if (!is_given(*entry)) environment.emplace_back(*entry);
    for (const auto& [name, value] : options.environment) environment.push_back(name + "=" + value);
    for (std::string& text : arguments) argument_pointers.push_back(text.data());
    for (std::string& text : environment) environment_pointers.push_back(text.data());
    argument_pointers.push_back(nullptr);
    environment_pointers.push_back(nullptr);
  }
  std::vector<std::string> arguments, environment;
  std::vector<char*> argument_pointers, environment_pointers;
};

struct Streams {
  Pipe input, output, errors;
};

[[noreturn]] void become(const Image& image, const char* directory, const Streams& streams, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(streams.input.ends[0], 0);
  ::dup2(streams.output.ends[1], 1);
  ::dup2(streams.errors.ends[1], 2);
  if (*directory != '\0' && ::chdir(directory) != 0) ::_exit(127);
  ::execvpe(image.argument_pointers[0], image.argument_pointers.data(), image.environment_pointers.data());
  ::_exit(127);
}

/// Leaves our ends of the streams.
pid_t start(const std::vector<std::string>& arguments, const ProcessOptions& options, Streams& streams) {
  const Image image(arguments, options);
  const pid_t parent = ::getpid(), child = ::fork();
  if (child < 0) throw EnvironmentError(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (child == 0) become(image, options.directory.c_str(), streams, parent);
  ::setpgid(child, child);
  streams.input.close_end(0);
  streams.output.close_end(1);
  streams.errors.close_end(1);
  ::fcntl(streams.input.ends[1], F_SETFL, O_NONBLOCK);
  return child;
}

/// Reads what is there; false at the end of the stream.
bool drain(int file, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(file, buffer.data(), buffer.size());
  if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

/// While it lives, a pipe whose reader is gone is an error of this thread's write and no signal. (A handler
/// would be the whole process's: the end of one program would undo the beginning of another.)
class PipeSignalHeld {
 public:
  PipeSignalHeld() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalHeld() {
    const timespec at_once{};
    if (::sigismember(&before_, SIGPIPE) == 0) ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;

 private:
  sigset_t pipe_, before_;
};

/// The talk with one running program.
class Conversation {
 public:
  Conversation(pid_t child, Streams& streams, const ProcessOptions& options, ProcessResult& result)
      : child_(child), streams_(streams), options_(options), result_(result) {
    if (options.input.empty()) streams.input.close_end(1);
  }

  /// Moves bytes both ways until the program has ended, its time is over, or nobody wants it any more.
  void hold() {
    const PipeSignalHeld held;
    const Clock::time_point begin = Clock::now();
    const Clock::duration limit =
        std::min(options_.timeout, kForever);  // max() would overflow in nanoseconds
    std::optional<Clock::time_point> ended;
    while (listening() || !ended) {
      const Clock::time_point now = Clock::now();
      if (!ended && has_ended()) ended = now;
      result_.timed_out = !ended && now - begin >= limit;
      result_.abandoned = !ended && options_.keep_going && !options_.keep_going();
      if (result_.timed_out || result_.abandoned || (ended && now - *ended >= kGrace)) return;
      exchange(patience(ended ? *ended + kGrace - now : begin + limit - now));
    }
  }

 private:
  static constexpr std::chrono::milliseconds kGrace{1000};  ///< for streams that outlive the program
  static constexpr std::chrono::milliseconds kLook{50};     ///< between looks at keep_going

  bool listening() const { return streams_.output.ends[0] >= 0 || streams_.errors.ends[0] >= 0; }

  /// It stays unburied, so that its group is not another's when it is killed.
  bool has_ended() const {
    siginfo_t information{};
    return ::waitid(P_PID, static_cast<id_t>(child_), &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           information.si_pid == child_;
  }

  /// Until the next look at program, clock and keep_going [ms]. One that has closed its streams is about to
  /// end, and is looked at more often at first.
  int patience(Clock::duration left) {
    if (!listening()) pause_ = std::min(2 * pause_, kLook);
    const auto most = listening() ? kLook : pause_;
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(std::min<Clock::duration>(left, most));
    return static_cast<int>(std::max<std::int64_t>(rounded.count(), 1));
  }

  void exchange(int milliseconds) {
    std::array<pollfd, 3> files{pollfd{streams_.output.ends[0], POLLIN, 0},
                                pollfd{streams_.errors.ends[0], POLLIN, 0},
                                pollfd{streams_.input.ends[1], POLLOUT, 0}};
    if (::poll(files.data(), files.size(), milliseconds) <= 0) return;
    if (files[0].revents != 0) hear(streams_.output, result_.output);
    if (files[1].revents != 0) hear(streams_.errors, result_.errors);
    if (files[2].revents != 0) speak();
  }

  void hear(Pipe& pipe, std::string& into) const {
    if (!drain(pipe.ends[0], into)) pipe.close_end(0);
    if (into.size() / 2 > options_.keep_bytes) into.erase(0, into.size() - options_.keep_bytes);
  }

  void speak() {
    const std::string& text = options_.input;
    const ssize_t count = ::write(streams_.input.ends[1], text.data() + sent_, text.size() - sent_);
    if (count > 0) sent_ += static_cast<std::size_t>(count);
    if (sent_ == text.size() || (count < 0 && errno != EAGAIN && errno != EINTR)) streams_.input.close_end(1);
  }

  static constexpr std::chrono::milliseconds kForever{std::chrono::hours(24 * 365)};
  pid_t child_;
  Streams& streams_;
  const ProcessOptions& options_;
  ProcessResult& result_;
  std::size_t sent_ = 0;
  std::chrono::milliseconds pause_{1};
};

/// The group first: as long as the program is not buried, nobody else can have its number.
void end_and_bury(pid_t child, ProcessResult& result) {
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + result.signal;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  PARSIMONY_EXPECTS(!arguments.empty());
  Streams streams;
  ProcessResult result;
  const pid_t child = start(arguments, options, streams);
  Conversation(child, streams, options, result).hold();
  end_and_bury(child, result);
  return result;
}

bool program_exists(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
  return false;
}

}  // namespace parsimony
