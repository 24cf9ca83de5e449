#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "parsimony/base/files.hpp"
#include "parsimony/base/process.hpp"

namespace parsimony::end_to_end {

using Json = nlohmann::json;

/// The built program with these arguments. Past the timeout its whole process group is killed (SIGKILL).
inline ProcessResult parsimony(std::vector<std::string> arguments,
                               std::chrono::milliseconds timeout = std::chrono::minutes(10)) {
  arguments.insert(arguments.begin(), PARSIMONY_PROGRAM);
  return run_process(arguments, {.directory = {}, .input = {}, .timeout = timeout});
}

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = "parsimony-" + std::string(test->test_suite_name()) + "-" + test->name() + "-" +
                       std::to_string(::getpid());
    std::replace(name.begin(), name.end(), '/', '-');  // of a test with parameters
    path_ = std::filesystem::temp_directory_path() / name;
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A search that takes seconds: a narrow network, few epochs.
inline std::string short_study(const std::string& more = "") {
  return R"(data: {format: motions}
network: {name: dscnn-se-1d, width: 12}
solver: {name: ars, directions: 40}
space:
  - {name: epochs, type: int, low: 2, high: 4}
  - {name: batch_size, type: int, low: 40, high: 100}
  - {name: learning_rate, type: float, low: 0.01, high: 0.1, log: true}
initial: 4
trials: 8
workers: 2
)" + more;
}

}  // namespace parsimony::end_to_end
