#include "parsimony/search/board_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/search/settings.hpp"
#include "parsimony/target/target.hpp"
#include "temporary_folder.hpp"

namespace parsimony::search {
namespace {

using ::testing::HasSubstr;

class BoardFile : public ::testing::Test {
 protected:
  target::Board read(const std::string& text) {
    write_file(folder_.path() / "own.yaml", text);
    return read_board("--board", "own.yaml", folder_.path());
  }
  void refuse(const std::string& text, const std::string& message) {
    try {
      read(text);
      ADD_FAILURE() << text << " was taken";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
  }
  test::TemporaryFolder folder_;
};

TEST_F(BoardFile, HoldsCoreMemoriesClockAndFlags) {
  const target::Board board =
      read("core: cortex-m7\nflash: 96 KB\nram: 20 KB\nmegahertz: 48.5\nflags: [-mcpu=cortex-m7, -mthumb]\n");
  EXPECT_EQ(board.name, "own");
  EXPECT_EQ(board.core, "cortex-m7");
  EXPECT_EQ(board.flash, Bytes(96 * 1024));
  EXPECT_EQ(board.ram, Bytes(20 * 1024));
  EXPECT_EQ(board.megahertz, 48.5);
  EXPECT_EQ(board.flags, (std::vector<std::string>{"-mcpu=cortex-m7", "-mthumb"}));
}

TEST_F(BoardFile, NamesLineFieldValueAndWhatIsAllowed) {
  const std::string good = "core: cortex-m4\nflash: 96 KB\nram: 20 KB\n";
  refuse(good, "lacks 'megahertz'");
  refuse(good + "megahertz: -1\n", "own.yaml:4: megahertz: is '-1'; allowed: a number from 0.001 to 10000");
  refuse(good + "mhz: 1\n", "own.yaml:4: mhz: unknown key");
  refuse("core: cortex-m5\n", "own.yaml:1: core: unknown target 'cortex-m5'");
  refuse("core: host\n", "own.yaml:1: core: is 'host'; allowed: a board's core");
  refuse("core: cortex-m4\nflash: 10 B\n", "own.yaml:2: flash: is out of range; allowed: 1 KB to 4096 MB");
}

TEST_F(BoardFile, IsTakenByAStudyWhoseOwnTargetAndLimitsWin) {
  const std::string study = "data: {format: motions}\nnetwork: dscnn-se-1d\nboard: stm32h750vb\n";
  const StudySettings plain = read_study_text(study, "study.yaml");
  EXPECT_EQ(plain.target, "cortex-m7");
  EXPECT_EQ(plain.limits.rom, Bytes(128 * 1024));
  EXPECT_EQ(plain.limits.ram, Bytes(512 * 1024));
  const StudySettings own = read_study_text(study + "target: cortex-m4\nlimits: {ram: 1 KB}\n", "study.yaml");
  EXPECT_EQ(own.target, "cortex-m4");
  EXPECT_EQ(own.limits.rom, Bytes(128 * 1024));
  EXPECT_EQ(own.limits.ram, Bytes(1024));
}

TEST(StudyOptimise, IsWrittenOnlyWhereItIsNoDefaultSoThatStoredStudiesStayTheSame) {
  const std::string study = "data: {format: motions}\nnetwork: dscnn-se-1d\n";
  const StudySettings plain = read_study_text(study, "study.yaml");
  EXPECT_EQ(plain.optimise, "size");
  EXPECT_THAT(to_json(plain), ::testing::Not(HasSubstr("optimise")));
  EXPECT_THAT(to_json(plain), ::testing::Not(HasSubstr("instructions")));
  const StudySettings fast = read_study_text(
      study + "optimise: speed\nobjectives: [error, instructions]\nlimits: {instructions: 2e6}\n",
      "study.yaml");
  const StudySettings again = from_json(to_json(fast));
  EXPECT_EQ(again.optimise, "speed");
  EXPECT_EQ(again.limits.instructions, 2000000);
  EXPECT_EQ(to_json(again), to_json(fast));
}

TEST(BuiltInBoards, HaveKnownCoresAndNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const target::Board& board : target::built_in_boards()) {
    EXPECT_TRUE(names.insert(board.name).second) << board.name;
    EXPECT_EQ(read_core(board.name, board.core), board.core);
    EXPECT_GE(board.ram, Bytes(1024));
    EXPECT_GE(board.flash, Bytes(1024));
    EXPECT_GT(board.megahertz, 0.0);
  }
}

TEST(BuiltInBoards, AreRefusedWithTheNearestName) {
  try {
    read_board("--board", "nrf52849");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--board: unknown board 'nrf52849', did you mean 'nrf52840'?"));
  }
}

}  // namespace
}  // namespace parsimony::search
