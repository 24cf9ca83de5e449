#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <system_error>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/emit.hpp"

namespace parsimony::emit {
namespace {

namespace fs = std::filesystem;

/// Build products do not stop us, nor what an export says of its data and a compilation does not.
bool is_ours(const Folder& folder, const fs::path& relative) {
  const std::string name = relative.generic_string();
  return folder.contains(name) || name == "test" || name == "data.json" || *relative.begin() == "build";
}

bool holds_emitted_network(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path / "model.graph", ignored) || !fs::is_regular_file(path / "model.h", ignored))
    return false;
  return read_file(path / "model.h").find("Emitted by Parsimony") != std::string::npos;
}

/// Stops when writing would lose something of the user's.
void check_replaceable(const Folder& folder, const fs::path& path) {
  constexpr std::string_view kAllowed =
      "a path that does not exist, an empty folder, or a folder emitted earlier";
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) return;
  if (!fs::is_directory(path, error)) throw InputError(path.string(), "is no folder", kAllowed);
  if (fs::is_empty(path, error)) return;
  if (error) throw EnvironmentError(fmt::format("cannot read {}: {}", path.string(), error.message()));
  if (!holds_emitted_network(path))
    throw InputError(path.string(), "is not empty and holds no emitted network", kAllowed);
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const fs::path relative = entry.path().lexically_relative(path);
    if (!is_ours(folder, relative))
      throw InputError(path.string(),
                       fmt::format("holds '{}', which we did not write", relative.generic_string()),
                       kAllowed);
  }
}

[[noreturn]] void fail(const fs::path& path, int error) {
  throw EnvironmentError(fmt::format("cannot write {}: {}", path.string(), std::strerror(error)));
}

/// `fresh` becomes `path`; what was there is removed.
void put_in_place(const fs::path& fresh, const fs::path& path) {
  if (::rename(fresh.c_str(), path.c_str()) == 0) return;  // missing or empty
  if (errno != ENOTEMPTY && errno != EEXIST) fail(path, errno);
  if (::syscall(SYS_renameat2, AT_FDCWD, fresh.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) != 0) {
    // A file system without exchange: the old folder stands aside for a moment.
    const fs::path aside = fresh.string() + ".old";
    if (::rename(path.c_str(), aside.c_str()) != 0) fail(path, errno);
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
      const int error = errno;
      (void)::rename(aside.c_str(), path.c_str());
      fail(path, error);
    }
    fs::remove_all(aside);
    return;
  }
  fs::remove_all(fresh);
}

}  // namespace

void write_folder(const Folder& folder, const fs::path& given) {
  const fs::path path = fs::weakly_canonical(fs::absolute(given) / "x").parent_path();
  check_replaceable(folder, path);
  const fs::path fresh = path.string() + fmt::format(".{}.tmp", ::getpid());
  std::error_code ignored;
  fs::remove_all(fresh, ignored);
  try {
    for (const auto& [name, bytes] : folder) write_file(fresh / name, bytes);
    put_in_place(fresh, path);
  } catch (...) {
    fs::remove_all(fresh, ignored);
    throw;
  }
}

}  // namespace parsimony::emit
