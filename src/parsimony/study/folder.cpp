#include "parsimony/study/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "parsimony/base/errors.hpp"
#include "parsimony/study/configuration_difference.hpp"
#include "parsimony/study/sqlite_schema.hpp"
#include "parsimony/study/sqlite_store.hpp"

namespace parsimony::study {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = "lock";
constexpr const char* kUnfinished = "study.db.new";

bool is_unfinished(const fs::path& file) {
  return file.filename().string().starts_with(kUnfinished);
}

/// Refuses a folder that holds anything but what a killed maker of ours may have left.
void expect_free(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename() != kLock && !is_unfinished(entry.path()))
      throw InputError(folder.string(),
                       fmt::format("holds {} but no study.db", entry.path().filename().string()),
                       "a new or empty folder, or one that holds a whole study");
}

void remove_unfinished(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder))
    if (is_unfinished(entry.path())) left.push_back(entry.path());
  for (const fs::path& file : left) fs::remove(file, ignored);
}

/// So that the renaming itself survives a loss of power.
void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

void make_study(const fs::path& folder, const Description& description) {
  expect_free(folder);
  remove_unfinished(folder);
  const fs::path fresh = folder / kUnfinished;
  sqlite::create_database(fresh, description);
  std::error_code error;
  fs::rename(fresh, database_path(folder), error);
  if (error) throw EnvironmentError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
  sync_folder(folder);
}

std::string join(const std::set<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// @throws InputError where the folder holds another study
void expect_same(const fs::path& folder, const Description& stored, const Description& given,
                 const std::set<std::string>& may_differ) {
  if (const auto difference = first_difference(stored.configuration, given.configuration, may_differ))
    throw InputError(
        fmt::format("{}: {}", folder.string(), difference->key),
        fmt::format("is {}, but the study in this folder has {}", difference->given, difference->stored),
        fmt::format("the same study ({} may differ), or another folder", join(may_differ)));
  if (stored.parameters != given.parameters || stored.objectives != given.objectives ||
      stored.constraints != given.constraints)
    throw InputError(folder.string(), "holds a study with other parameters, objectives or constraints",
                     "the same study, or another folder");
}

}  // namespace

Clock wall_clock() {
  return [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  };
}

fs::path database_path(const fs::path& folder) {
  return folder / "study.db";
}

bool holds_study(const fs::path& folder) {
  std::error_code error;
  return fs::exists(database_path(folder), error);
}

Store open_study(const fs::path& folder, const Clock& clock) {
  if (!holds_study(folder))
    throw InputError(folder.string(), "holds no study", "a folder that a search or optimise has written");
  return Store(sqlite::SqliteStore(database_path(folder), clock));
}

Store make_or_resume_study(const fs::path& folder, const Description& description,
                           const std::set<std::string>& may_differ, const Clock& clock) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    throw InputError(folder.string(), "is a file", "a folder");
  fs::create_directories(folder, error);
  if (error) throw EnvironmentError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
  if (!holds_study(folder)) expect_free(folder);
  const FolderLock lock(folder);
  if (!holds_study(folder)) make_study(folder, description);
  Store store = open_study(folder, clock);
  const Description stored = store.description();
  expect_same(folder, stored, description, may_differ);
  if (canonical_json(description.configuration) != stored.configuration)
    store.set_configuration(description.configuration);
  return store;
}

// ---- the lock: the kernel releases it when the process ends, however it ends

namespace {

/// By the lock file's own word; empty when it says nothing.
std::string holder_of(int file) {
  std::array<char, 32> holder{};
  const ssize_t count = ::pread(file, holder.data(), holder.size(), 0);
  return {holder.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

bool is_gone(const std::string& process) {
  const int number = std::atoi(process.c_str());
  return number > 0 && ::kill(number, 0) != 0 && errno == ESRCH;
}

/// A driver that was killed may leave a child that had not become a worker yet and has the lock until it
/// dies, a moment later: the lock of a holder that is gone is waited for.
bool take(int file) {
  constexpr auto kRest = std::chrono::milliseconds(5);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (!is_gone(holder_of(file)) || std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kRest);
  }
  return true;
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder) {
  const fs::path path = folder / kLock;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0)
    throw EnvironmentError(fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
  if (!take(file_)) {
    const std::string holder = holder_of(file_);
    ::close(file_);
    throw InputError(folder.string(),
                     fmt::format("is in use by process {}", holder.empty() ? "unknown" : holder),
                     "one search or export in a folder at a time");
  }
  const std::string process = fmt::format("{}", ::getpid());
  if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, process.data(), process.size(), 0) < 0) {
    // The number is for people; the lock holds without it.
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace parsimony::study
