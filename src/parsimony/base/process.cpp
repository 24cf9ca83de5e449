#include "parsimony/base/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
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

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::filesystem::path& directory,
                         const Pipe& input, const Pipe& output, const Pipe& errors) {
  ::setpgid(0, 0);
  ::dup2(input.ends[0], 0);
  ::dup2(output.ends[1], 1);
  ::dup2(errors.ends[1], 2);
  if (!directory.empty() && ::chdir(directory.c_str()) != 0) ::_exit(127);
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  ::_exit(127);
}

/// Reads what is there; false at the end of the stream.
bool drain(int file, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(file, buffer.data(), buffer.size());
  if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

/// Moves bytes both ways until the streams end or the time is over; false when it is over.
bool converse(Pipe& input, Pipe& output, Pipe& errors, const std::string& text, ProcessResult& result,
              Clock::time_point deadline) {
  std::size_t sent = 0;
  if (text.empty()) input.close_end(1);
  while (output.ends[0] >= 0 || errors.ends[0] >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 3> files{pollfd{output.ends[0], POLLIN, 0}, pollfd{errors.ends[0], POLLIN, 0},
                                pollfd{input.ends[1], POLLOUT, 0}};
    if (::poll(files.data(), files.size(), static_cast<int>(std::min<long>(left, 1000))) < 0 && errno != EINTR)
      return false;
    if (files[0].revents != 0 && !drain(output.ends[0], result.output)) output.close_end(0);
    if (files[1].revents != 0 && !drain(errors.ends[0], result.errors)) errors.close_end(0);
    if (files[2].revents != 0) {
      const ssize_t count = ::write(input.ends[1], text.data() + sent, text.size() - sent);
      if (count > 0) sent += static_cast<std::size_t>(count);
      if (sent == text.size() || (count < 0 && errno != EAGAIN && errno != EINTR)) input.close_end(1);
    }
  }
  return true;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  PARSIMONY_EXPECTS(!arguments.empty());
  Pipe input, output, errors;
  const pid_t child = ::fork();
  if (child < 0) throw EnvironmentError(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (child == 0) become(arguments, options.directory, input, output, errors);
  ::setpgid(child, child);
  input.close_end(0);
  output.close_end(1);
  errors.close_end(1);
  ::fcntl(input.ends[1], F_SETFL, O_NONBLOCK);

  ProcessResult result;
  struct sigaction ignore {}, before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  result.timed_out = !converse(input, output, errors, options.input, result, Clock::now() + options.timeout);
  ::sigaction(SIGPIPE, &before, nullptr);
  if (result.timed_out) ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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
