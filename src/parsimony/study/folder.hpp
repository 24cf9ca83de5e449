#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "parsimony/study/store.hpp"

namespace parsimony::study {

/// Seconds since 1970; tests bring their own.
using Clock = std::function<double()>;
Clock wall_clock();

/// The study in a folder: `DIR/study.db`.
std::filesystem::path database_path(const std::filesystem::path& folder);
bool holds_study(const std::filesystem::path& folder);

/// Opens the study that the folder holds (report, export, workers).
/// @throws InputError when there is none, or it is half-written or another version's
Store open_study(const std::filesystem::path& folder, const Clock& clock = wall_clock());

/// Makes the study, or resumes it when the folder holds the same one; then what may differ is updated to the
/// description's. Making it is atomic: after a kill at any moment there is a whole study or none.
/// @param may_differ  paths of keys that a resume may change ("trials", "workers", "hours"); a key's inside
/// goes with it
/// @throws InputError naming the first differing key with both values (nothing is written then), when the
/// folder
///         holds other files, or a half-written study; EnvironmentError when it cannot be written
Store make_or_resume_study(const std::filesystem::path& folder, const Description& description,
                           const std::set<std::string>& may_differ, const Clock& clock = wall_clock());

/// Exclusive use of a study's folder by one driver; released by the destructor and by the process's end.
class FolderLock {
 public:
  /// @throws InputError naming the process that holds it
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int file_ = -1;
};

}  // namespace parsimony::study
