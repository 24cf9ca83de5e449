#pragma once

#include <filesystem>

namespace parsimony::verify {

/// A new folder under the system's temporary one, removed with the object.
class TemporaryFolder {
 public:
  /// @throws EnvironmentError when none can be made
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace parsimony::verify
