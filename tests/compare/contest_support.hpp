#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "parsimony/compare/contest.hpp"

namespace parsimony::compare {

/// A folder of this test, gone with the object.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("parsimony-" + name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Two problems, random search and a small ars, three seeds of 14 evaluations: a second of work.
inline Contest small_contest() {
  Contest contest;
  contest.arenas = make_arenas(parse_labels("--problems", "dtlz2,hill=passino"), {{"dtlz2", "d", "3"}});
  contest.contestants = make_contestants(parse_labels("--solvers", "random,ars"),
                                         {{"ars", "directions", "8"}, {"ars", "steps", "1"}});
  contest.seeds = {1, 2, 3};
  contest.trials = 14;
  contest.initial = 6;
  return contest;
}

}  // namespace parsimony::compare
