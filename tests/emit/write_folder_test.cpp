#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emitted.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "tiny_graph.hpp"

namespace parsimony::emit {
namespace {

namespace fs = std::filesystem;

class WriteFolder : public testing::Test {
 protected:
  static Folder tiny() { return test::emitted(test::TinyGraph().take(), "tiny"); }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(temporary_.path), fs::directory_iterator()));
  }
  void expect_refused(const Folder& folder, const char* why) {
    try {
      write_folder(folder, out_);
      ADD_FAILURE() << "written";
    } catch (const InputError& problem) {
      EXPECT_THAT(problem.what(), testing::HasSubstr(why));
      EXPECT_THAT(problem.what(), testing::HasSubstr(out_.string()));
    }
    EXPECT_EQ(entries(), 1u) << "something was left beside the folder";
  }

  test::TemporaryFolder temporary_;
  fs::path out_ = temporary_.path / "out";
};

TEST_F(WriteFolder, WritesEveryFileAndNothingBeside) {
  const Folder folder = tiny();
  write_folder(folder, out_);
  for (const auto& [name, bytes] : folder) EXPECT_EQ(read_file(out_ / name), bytes) << name;
  EXPECT_EQ(entries(), 1u);
}

TEST_F(WriteFolder, TakesAnEmptyFolderAndATrailingSlash) {
  fs::create_directory(out_);
  write_folder(tiny(), out_.string() + "/");
  EXPECT_TRUE(fs::exists(out_ / "model.c"));
}

TEST_F(WriteFolder, ReplacesAnEmittedFolderAndItsBuildProducts) {
  write_folder(test::emitted(test::TinyGraph().take(), "before"), out_);
  write_file(out_ / "build/host/model.o", "old");
  const Folder folder = tiny();
  write_folder(folder, out_);
  EXPECT_EQ(read_file(out_ / "model.h"), folder.at("model.h"));
  EXPECT_FALSE(fs::exists(out_ / "build"));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(WriteFolder, RefusesAFolderOfSomethingElse) {
  write_file(out_ / "thesis.tex", "years of work");
  expect_refused(tiny(), "holds no emitted network");
  EXPECT_EQ(read_file(out_ / "thesis.tex"), "years of work");
}

TEST_F(WriteFolder, RefusesAnEmittedFolderWithAFileOfTheUsers) {
  write_folder(tiny(), out_);
  write_file(out_ / "test/notes.txt", "mine");
  expect_refused(tiny(), "test/notes.txt");
  EXPECT_EQ(read_file(out_ / "test/notes.txt"), "mine");
}

TEST_F(WriteFolder, RefusesAFile) {
  write_file(out_, "a file");
  expect_refused(tiny(), "is no folder");
}

}  // namespace
}  // namespace parsimony::emit
