#include "parsimony/emit/front_end.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../emit/emitted.hpp"
#include "../emit/front_end_graph.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/verify/measure_kernels.hpp"
#include "parsimony/verify/verify_folder.hpp"

namespace parsimony::verify {
namespace {

bool has_board() {
  return program_exists("arm-none-eabi-gcc") && program_exists("qemu-system-arm");
}

class FrontEndOnBoards : public testing::Test {
 protected:
  std::filesystem::path write(const ir::Graph& graph) {
    emit::write_folder(test::emitted(graph, "net"), temporary_.path / "out");
    return temporary_.path / "out";
  }

  test::TemporaryFolder temporary_;
};

/// Random, silent, full-scale square and impulse: the input that the board makes of them is the host
/// program's, byte for byte; flash and arena are those predicted (SEMANTICS.md, section 7).
TEST_F(FrontEndOnBoards, GivesTheSameBytesAndTakesWhatIsPredicted) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  const bool known =
      compiler_version(target::find_target("test", "cortex-m4")) == emit::kernel_table().compiler;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const ir::Graph graph = test::front_end_graph(seed);
    const std::vector<std::string> targets =
        seed == 0 ? std::vector<std::string>{"all"} : std::vector<std::string>{"host", "cortex-m4"};
    for (const Verification& result : verify_folder(write(graph), targets, {.cases = 2})) {
      SCOPED_TRACE(result.target + ", seed " + std::to_string(seed));
      EXPECT_EQ(result.mismatches, 0) << result.first_difference;
      EXPECT_EQ(result.cases, 2 + 4 + 6 + 4);
      EXPECT_EQ(result.ram_bytes, result.predicted_ram_bytes);
      if (!result.rom_bytes) continue;
      EXPECT_EQ(result.rom_data_bytes, result.predicted_rom_data_bytes);
      if (result.target == "cortex-m4") {  // libgcc's floats, which M0 and M3 need, are in no such list
        EXPECT_LE(*result.stack_bytes, *result.static_stack_bytes);
      }
      const auto counted = static_cast<double>(*result.features_instructions);
      EXPECT_GT(counted, 0);
      if (known) {
        EXPECT_NEAR(static_cast<double>(*result.predicted_features_instructions) / counted, 1.0, 0.01);
      }
      const std::int64_t linked = (*result.rom_bytes - *result.rom_data_bytes).value;
      const std::int64_t predicted = (*result.predicted_rom_bytes - *result.predicted_rom_data_bytes).value;
      if (known) {
        EXPECT_GE(predicted, linked);
        EXPECT_LE(predicted - linked, std::max<std::int64_t>(linked / 50, 256));
      }
    }
  }
}

TEST_F(FrontEndOnBoards, ATableThatWasChangedIsFound) {
  const auto folder = write(test::front_end_graph(1));
  std::string source = read_file(folder / "model.c");
  const std::size_t value = source.find("32768", source.find("mel_sine["));
  ASSERT_NE(value, std::string::npos);
  source.replace(value, 5, "32000");
  write_file(folder / "model.c", source);
  const Verification host = verify_folder(folder, {"host"}, {.cases = 1}).at(0);
  EXPECT_GT(host.mismatches, 1);
  EXPECT_THAT(host.first_difference, testing::HasSubstr("features"));
}

TEST_F(FrontEndOnBoards, ArenaIsTheLargerOfTheNetworksAndTheFramesNeed) {
  ir::Graph graph = test::front_end_graph(0);
  const std::int64_t filling = 49 * 40 + emit::front_end_scratch(*graph.log_mel);
  const std::int64_t arena = emit::plan_memory(graph).arena.value;
  graph.log_mel.reset();
  EXPECT_EQ(arena, std::max(emit::plan_memory(graph).arena.value, filling));
}

}  // namespace
}  // namespace parsimony::verify
