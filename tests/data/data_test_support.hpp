#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "parsimony/base/random.hpp"
#include "parsimony/data/dataset.hpp"

namespace parsimony::data {

/// The real data sets' folder: $PARSIMONY_DATA, else ../shared/data beside the project.
inline std::filesystem::path real_data() {
  const char* const directory = std::getenv("PARSIMONY_DATA");
  return directory != nullptr ? std::filesystem::path(directory)
                              : std::filesystem::path(PARSIMONY_SOURCE_DIR) / "../shared/data";
}

/// An empty folder of that name that is gone at the end of the test.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name)
      : above_(std::filesystem::temp_directory_path() / ("parsimony-data-" + std::to_string(::getpid()))),
        path_(above_ / name) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(above_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path above_, path_;
};

/// `cases` one-value cases of random classes, and of random groups when groups > 0.
inline Dataset random_dataset(std::uint64_t seed, std::int32_t cases, std::int32_t classes,
                              std::int32_t groups) {
  RandomStream random(seed, 0, "test.data");
  Dataset data;
  data.name = "random";
  data.length = data.channels = 1;
  for (std::int32_t c = 0; c < classes; ++c) data.class_names.push_back(std::to_string(c));
  for (std::int32_t i = 0; i < cases; ++i) {
    data.values.push_back(static_cast<float>(random.normal()));
    data.labels.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(classes))));
    if (groups > 0)
      data.groups.push_back(10 * static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(groups))));
  }
  return data;
}

}  // namespace parsimony::data
