#include "parsimony/base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "parsimony/base/errors.hpp"

namespace parsimony {
namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path, int error) {
  throw EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), std::strerror(error)));
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw InputError(path.string(), "is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), fmt::format("cannot be read: {}", std::strerror(errno)));
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  if (stream.bad()) throw InputError(path.string(), "cannot be read to its end");
  return std::move(bytes).str();
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) cannot_write(path, error.value());
  const std::filesystem::path fresh = path.string() + fmt::format(".{}.part", ::getpid());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) cannot_write(path, errno);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int reason = errno;
      ::close(file);
      ::unlink(fresh.c_str());
      cannot_write(path, reason);
    }
    written += static_cast<std::size_t>(count);
  }
  if (::close(file) != 0) cannot_write(path, errno);
  std::filesystem::rename(fresh, path, error);
  if (error) cannot_write(path, error.value());
}

std::filesystem::path program_directory() {
  return std::filesystem::canonical("/proc/self/exe").parent_path();
}

}  // namespace parsimony
