#include "parsimony/study/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "temporary_folder.hpp"

namespace parsimony::study {
namespace {

using testing::HasSubstr;

Description description(const std::string& configuration) {
  Description description;
  description.configuration = configuration;
  description.parameters = {"x"};
  description.objectives = {"f"};
  return description;
}

const std::string kConfiguration =
    R"({"seed": 1, "trials": 10, "workers": 2, "solver": {"name": "ars", "directions": 300}, "objectives": ["f"]})";

/// What the call says when it refuses; "" when it does not.
template <typename Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

class FolderTest : public testing::Test {
 protected:
  Store make(const std::string& configuration = kConfiguration) const {
    return make_or_resume_study(path_, description(configuration), {"trials", "workers"});
  }
  std::string refused(const std::string& configuration) const {
    return refusal([&] { make(configuration); });
  }
  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "deep" / "study";
};

TEST_F(FolderTest, MakesAStudyInANewFolderAndInAnEmptyOne) {
  make();
  EXPECT_TRUE(holds_study(path_));
  std::filesystem::create_directory(folder_.path() / "empty");
  EXPECT_NO_THROW(make_or_resume_study(folder_.path() / "empty", description("{}"), {}));
}

TEST_F(FolderTest, ResumesTheSameStudyWhateverTheOrderOfItsKeys) {
  make().insert({1, {0.5}, "", {}, 1});
  EXPECT_EQ(
      make(
          R"({"objectives": ["f"], "solver": {"directions": 300, "name": "ars"}, "seed": 1, "workers": 2, "trials": 10})")
          .rows()
          .size(),
      1u);
}

TEST_F(FolderTest, ResumeTakesOverWhatMayDiffer) {
  make();
  const Store store = make(replaced(kConfiguration, "\"trials\": 10", "\"trials\": 20"));
  EXPECT_THAT(store.description().configuration, HasSubstr("\"trials\":20"));
}

TEST_F(FolderTest, NamesTheDifferingKeyWithBothValues) {
  make();
  const std::string message = refused(replaced(kConfiguration, "300", "3000"));
  EXPECT_THAT(message, HasSubstr("solver.directions"));
  EXPECT_THAT(message, HasSubstr("is 3000"));
  EXPECT_THAT(message, HasSubstr("has 300;"));
  EXPECT_THAT(message, HasSubstr(path_.string()));
}

TEST_F(FolderTest, NamesAMissingAndAnAddedKey) {
  make();
  EXPECT_THAT(refused(replaced(kConfiguration, "\"seed\": 1, ", "")), HasSubstr("seed: is nothing, but"));
  EXPECT_THAT(refused(replaced(kConfiguration, "\"seed\": 1", "\"seed\": 1, \"limits\": {}")),
              HasSubstr("limits: is {}, but the study in this folder has nothing"));
  EXPECT_THAT(refused(replaced(kConfiguration, "[\"f\"]", "[\"f\", \"g\"]")),
              HasSubstr("objectives[1]: is \"g\""));
}

TEST_F(FolderTest, ARefusedResumeWritesNothing) {
  make();
  refused(replaced(replaced(kConfiguration, "300", "3000"), "\"trials\": 10", "\"trials\": 20"));
  EXPECT_THAT(open_study(path_).description().configuration, HasSubstr("\"trials\":10"));
}

TEST_F(FolderTest, RefusesOtherNamesOfParameters) {
  make();
  Description other = description(kConfiguration);
  other.parameters = {"y"};
  EXPECT_THAT(refusal([&] { make_or_resume_study(path_, other, {}); }), HasSubstr("other parameters"));
}

TEST_F(FolderTest, RefusesAFolderWithOtherFilesAndLeavesThemAlone) {
  write_file(path_ / "thesis.tex", "years of work");
  EXPECT_THAT(refused(kConfiguration), HasSubstr("holds thesis.tex but no study.db"));
  EXPECT_EQ(read_file(path_ / "thesis.tex"), "years of work");
  EXPECT_FALSE(std::filesystem::exists(path_ / "lock"));
}

TEST_F(FolderTest, RefusesAFile) {
  write_file(path_, "");
  EXPECT_THAT(refused(kConfiguration), HasSubstr("is a file"));
}

TEST_F(FolderTest, RefusesAHalfWrittenStudy) {
  write_file(path_ / "study.db", "");
  EXPECT_THAT(refused(kConfiguration), HasSubstr("is half-written or no study"));
  write_file(path_ / "study.db", std::string(8192, 'x'));
  EXPECT_THAT(refused(kConfiguration), HasSubstr("is half-written or no study"));
  EXPECT_EQ(std::filesystem::file_size(path_ / "study.db"), 8192u);
}

TEST_F(FolderTest, RefusesAStudyCutShort) {
  make();
  std::filesystem::resize_file(path_ / "study.db", 700);
  EXPECT_THAT(refused(kConfiguration), HasSubstr("is half-written or no study"));
}

TEST_F(FolderTest, GoesOnWhereItsMakerWasKilled) {
  write_file(path_ / "study.db.new", "half of a datab");
  write_file(path_ / "study.db.new-journal", "x");
  EXPECT_NO_THROW(make());
  EXPECT_FALSE(std::filesystem::exists(path_ / "study.db.new"));
}

TEST_F(FolderTest, OpeningNeedsAStudy) {
  EXPECT_THAT(refusal([&] { open_study(path_); }), HasSubstr("holds no study"));
}

TEST_F(FolderTest, RefusesAConfigurationThatIsNoJson) {
  EXPECT_THAT(refused("{"), HasSubstr("JSON"));
  EXPECT_FALSE(holds_study(path_));
}

TEST_F(FolderTest, IsLockedByOneAtATimeAndNamesIt) {
  make();
  const FolderLock lock(path_);
  const std::string message = refusal([&] { FolderLock second(path_); });
  EXPECT_THAT(message, HasSubstr("is in use by process " + std::to_string(::getpid())));
}

TEST_F(FolderTest, LockEndsWithItsHolder) {
  make();
  { const FolderLock lock(path_); }
  EXPECT_NO_THROW(FolderLock{path_});
}

// A driver forks its workers; one that is not yet a program of its own has the lock too.
TEST_F(FolderTest, LockOfAKilledDriverIsWaitedForUntilItsChildrenAreDeadToo) {
  make();
  const pid_t driver = ::fork();
  if (driver == 0) {
    const FolderLock lock(path_);
    if (::fork() == 0) ::usleep(200'000);
    ::_exit(0);
  }
  ::waitpid(driver, nullptr, 0);
  EXPECT_NO_THROW(FolderLock{path_});
}

// A maker killed at any moment leaves a whole study or none, and the next one goes on.
TEST_F(FolderTest, IsWholeOrAbsentWheneverItsMakerIsKilled) {
  for (int delay = 0; delay < 12'000; delay += 1'000) {
    const std::filesystem::path path = folder_.path() / std::to_string(delay);
    const pid_t child = ::fork();
    if (child == 0) {
      make_or_resume_study(path, description(kConfiguration), {});
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(delay));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (holds_study(path)) {
      EXPECT_NO_THROW(open_study(path)) << delay;
    }
    EXPECT_NO_THROW(make_or_resume_study(path, description(kConfiguration), {})) << delay;
  }
}

}  // namespace
}  // namespace parsimony::study
