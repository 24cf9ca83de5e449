// A network of another tool to the folder that an export makes.
#include <gmock/gmock.h>

#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;

std::string import_file(const std::string& name) {
  return std::string(PARSIMONY_SOURCE_DIR) + "/tests/import/" + name;
}

TEST(Compile, MakesAFolderThatGivesTheInterpretersBytes) {
  const Folder folder;
  const auto result =
      parsimony({"compile", import_file("golden/one_weight_scale.tflite"), "-o", folder / "net", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json figures = Json::parse(result.output);
  EXPECT_EQ(figures["name"], "net");
  EXPECT_GE(figures["ram_bytes"], figures["lower_bound_bytes"]);
  const auto verified = parsimony({"verify", folder / "net", "--target", "host", "--json"});
  ASSERT_EQ(verified.exit_code, 0) << verified.errors;
  EXPECT_EQ(Json::parse(verified.output)[0]["mismatches"], 0);
}

TEST(Compile, OfItsOwnGraphGivesTheSameFolder) {
  const Folder folder;
  const std::string model = import_file("golden/one_weight_scale.tflite");
  ASSERT_EQ(parsimony({"compile", model, "-o", folder / "first", "--name", "net"}).exit_code, 0);
  ASSERT_EQ(parsimony({"compile", folder / "first", "-o", folder / "second", "--name", "net"}).exit_code, 0);
  EXPECT_EQ(read_file(folder / "first/model.graph"), read_file(folder / "second/model.graph"));
}

TEST(Compile, DumpsTheGraphAfterEachPass) {
  const Folder folder;
  const std::string model = import_file("golden/squeeze_excite.tflite");
  const auto result = parsimony({"compile", model, "-o", folder / "net", "--dump-passes", folder / "passes"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  std::string last;
  for (const char* stem : {"0-imported", "1-fold-reshapes", "2-drop-unused", "3-fold-tables", "4-drop-folded",
                           "5-settle-constant-channels"}) {
    last = read_file(folder / (std::string("passes/") + stem + ".graph"));
    EXPECT_THAT(last, ::testing::StartsWith("parsimony-graph 1"));
    EXPECT_THAT(read_file(folder / (std::string("passes/") + stem + ".svg")), HasSubstr("</svg>"));
  }
  EXPECT_THAT(read_file(folder / "net/model.graph"), HasSubstr(last));
}

TEST(Compile, RoundsOnceWhereItIsAskedTo) {
  const Folder folder;
  const std::string model = import_file("golden/squeeze_excite.tflite");
  ASSERT_EQ(parsimony({"compile", model, "-o", folder / "net", "--rounding", "single"}).exit_code, 0);
  EXPECT_THAT(read_file(folder / "net/model.graph"), HasSubstr("parsimony-graph 1 rounding single"));
  const auto verified = parsimony({"verify", folder / "net", "--target", "host", "--json"});
  ASSERT_EQ(verified.exit_code, 0) << verified.errors;
  const auto again = parsimony({"compile", folder / "net", "-o", folder / "other", "--rounding", "double"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.errors,
              HasSubstr("--rounding: double: the graph was made with rounding single; allowed: single"));
}

TEST(Compile, RefusesBadFilesAndKeepsWhatWasThere) {
  const Folder folder;
  const std::string model = import_file("golden/one_weight_scale.tflite");
  ASSERT_EQ(parsimony({"compile", model, "-o", folder / "net"}).exit_code, 0);
  const std::string before = read_file(folder / "net/model.graph");
  const auto refuse = [&](const std::string& file, const std::string& message) {
    const auto result = parsimony({"compile", file, "-o", folder / "net"});
    EXPECT_EQ(result.exit_code, 2) << file;
    EXPECT_THAT(result.errors, HasSubstr(message));
    EXPECT_EQ(read_file(folder / "net/model.graph"), before);
  };
  refuse(import_file("bad/bad-unknown-operator.tflite"), "operator 0 (RESIZE_BILINEAR): is not supported");
  refuse(import_file("bad/bad-float-network.tflite"), "only networks quantised as a whole");
  refuse(import_file("bad/bad-no-quantisation.tflite"), "has no quantisation");
  refuse(import_file("bad/bad-dynamic.tflite"), "has a dynamic length along axis 1");
  refuse(folder / "none.tflite", "none.tflite");
  write_file(folder / "notes.txt", "not a network\n");
  refuse(folder / "notes.txt", "notes.txt");
  write_file(folder / "picture.bin", std::string("\x89PNG\0\0\0\0", 8));
  refuse(folder / "picture.bin", "is no network; allowed: a .tflite file, or a graph's text");
}

TEST(Compile, SaysWhatABoardIsShortOfAndWritesNothing) {
  const Folder folder;
  const std::string model = import_file("golden/one_weight_scale.tflite");
  const auto small = parsimony({"compile", model, "-o", folder / "net", "--ram", "4 B"});
  EXPECT_EQ(small.exit_code, 2);
  EXPECT_THAT(small.errors, HasSubstr("--ram"));
  EXPECT_THAT(small.errors, HasSubstr("4 B are too few: the network needs"));
  EXPECT_THAT(small.errors, HasSubstr("most at fully_connected"));
  const auto flash = parsimony({"compile", model, "-o", folder / "net", "--flash", "1 KB"});
  EXPECT_EQ(flash.exit_code, 2);
  EXPECT_THAT(flash.errors, HasSubstr("1024 B are too few: the network needs"));
  EXPECT_FALSE(std::filesystem::exists(folder / "net"));
  write_file(folder / "tiny.yaml", "core: cortex-m0\nflash: 1 KB\nram: 2 KB\nmegahertz: 16\n");
  const std::vector<std::string> on_tiny{"compile",      model,     "-o",
                                         folder / "net", "--board", folder / "tiny.yaml"};
  const auto board = parsimony(on_tiny);
  EXPECT_EQ(board.exit_code, 2);
  EXPECT_THAT(board.errors, HasSubstr("--board tiny: flash: 1024 B are too few: the network needs"));
  EXPECT_FALSE(std::filesystem::exists(folder / "net"));

  std::vector<std::string> explicit_wins = on_tiny;
  explicit_wins.insert(explicit_wins.end(), {"--flash", "64 KB"});
  EXPECT_EQ(parsimony(explicit_wins).exit_code, 0);
  EXPECT_THAT(read_file(folder / "net/Makefile"), HasSubstr("TARGET := cortex-m0\n"));

  const auto fits =
      parsimony({"compile", model, "-o", folder / "net", "--ram", "64 KB", "--flash", "256 KB"});
  EXPECT_EQ(fits.exit_code, 0) << fits.errors;
}

}  // namespace
}  // namespace parsimony::end_to_end
