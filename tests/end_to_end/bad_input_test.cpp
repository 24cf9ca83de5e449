// What the user can mend: exit 2, a message that names it, nothing written or lost.
#include <gmock/gmock.h>

#include <cstdlib>

#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;

void expect_refused(const std::vector<std::string>& arguments, const std::string& message) {
  const auto result = parsimony(arguments);
  EXPECT_EQ(result.exit_code, 2) << result.output << result.errors;
  EXPECT_THAT(result.errors, HasSubstr(message));
}

TEST(BadInput, IsRefusedBeforeAnythingIsWritten) {
  const Folder folder;
  const auto refuse = [&](const std::string& more, const std::string& message) {
    write_file(folder / "study.yaml", short_study(more));
    expect_refused({"search", folder / "study.yaml", "--out", folder / "out"}, message);
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  };
  refuse("trails: 3\n", "did you mean 'trials'?");
  refuse("limits: {rom: 100}\n", "ROM");
  refuse("target: cortex-m85\n", "cortex-m85");
  expect_refused({"search", folder / "none.yaml"}, "none.yaml");
  write_file(folder / "study.yaml", "data: {format: uea, path: NoSuchSet}\nnetwork: {name: dscnn-se-1d}\n");
  expect_refused({"search", folder / "study.yaml", "--out", folder / "out"}, "NoSuchSet");
  write_file(folder / "study.yaml",
             "data: {format: motions}\nnetwork: {name: dscnn-se-1d}\nsolver: {name: arse}\n");
  expect_refused({"search", folder / "study.yaml", "--out", folder / "out"}, "did you mean 'ars'?");
  write_file(folder / "study.yaml",
             "data: {format: motions}\nnetwork: {name: dscnn-se-1d}\nsolver: {name: ars, directions: -3}\n");
  expect_refused({"search", folder / "study.yaml", "--out", folder / "out"}, "solver.directions");
}

TEST(BadInput, AnotherStudyInTheFolderIsNamedByTheKeyThatDiffers) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study());
  ASSERT_EQ(parsimony({"search", folder / "study.yaml", "--out", folder / "a", "--trials", "1"}).exit_code,
            0);
  expect_refused({"search", folder / "study.yaml", "--out", folder / "a", "--seed", "2"}, "seed");
  write_file(folder / "other/file.txt", "mine");
  expect_refused({"search", folder / "study.yaml", "--out", folder / "other"}, "other");
  EXPECT_EQ(read_file(folder / "other/file.txt"), "mine");
}

TEST(BadInput, CommandsNameWhatTheyCannotFind) {
  const Folder folder;
  expect_refused({"report", folder / "none"}, "none");
  expect_refused({"export", folder / "none", "--trial", "1", "-o", folder / "x"}, "none");
  expect_refused({"verify", folder / "none"}, "none");
  expect_refused({"plan", folder / "none"}, "none");
  expect_refused({"serach"}, "serach");
  expect_refused({"search"}, "STUDY");
  write_file(folder / "study.yaml", short_study());
  ASSERT_EQ(parsimony({"search", folder / "study.yaml", "--out", folder / "a", "--trials", "1"}).exit_code,
            0);
  expect_refused({"export", folder / "a", "--trial", "99", "-o", folder / "x"}, "1 to 1");
  expect_refused({"export", folder / "a", "--trial", "worst", "-o", folder / "x"}, "best");
  expect_refused({"export", folder / "a", "--trial", "1", "-o", folder / "x", "--name", "9 lives"},
                 "9 lives");
  expect_refused({"export", folder / "a", "--trial", "1", "-o", folder / "a"}, "a");
}

TEST(BadMachine, MissingBoardToolsAreNamedByTheirPackageAndSearchNeedsNeither) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study());
  // A PATH with the host's compiler and no board tools.
  std::filesystem::create_directories(folder / "bin");
  for (const char* tool : {"sh", "make", "cc", "gcc", "as", "ld", "ar", "rm", "cp", "mkdir"})
    if (std::filesystem::exists(std::string("/usr/bin/") + tool))
      std::filesystem::create_symlink(std::string("/usr/bin/") + tool, folder / ("bin/" + std::string(tool)));
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", (folder / "bin").c_str(), 1);
  const auto search = parsimony({"search", folder / "study.yaml", "--out", folder / "a", "--trials", "1"});
  const auto written = parsimony({"export", folder / "a", "--trial", "1", "-o", folder / "net"});
  const auto board = parsimony({"verify", folder / "net", "--target", "cortex-m4"});
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(search.exit_code, 0) << search.errors;
  EXPECT_EQ(written.exit_code, 0) << written.errors;
  EXPECT_EQ(board.exit_code, 3) << board.output;
  EXPECT_THAT(board.errors, HasSubstr("gcc-arm-none-eabi"));
}

}  // namespace
}  // namespace parsimony::end_to_end
