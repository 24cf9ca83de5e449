#include "parsimony/verify/verify_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "../emit/emitted.hpp"
#include "../emit/halves_graph.hpp"
#include "../emit/tiny_graph.hpp"
#include "../ir/dscnn_graph.hpp"
#include "../ir/random_graph.hpp"
#include "../lower/random_cut.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/target/target.hpp"
#include "parsimony/verify/measure_kernels.hpp"

namespace parsimony::verify {
namespace {

using testing::HasSubstr;

bool has_board() {
  return program_exists("arm-none-eabi-gcc") && program_exists("qemu-system-arm");
}

/// The compiler whose sizes the program ships: only for it does the prediction of code promise anything.
bool has_the_tables_compiler() {
  return has_board() &&
         compiler_version(target::find_target("test", "cortex-m4")) == emit::kernel_table().compiler;
}

class VerifyFolder : public testing::Test {
 protected:
  std::filesystem::path write(const ir::Graph& graph, emit::Optimise optimise = emit::Optimise::size,
                              const std::string& target = "cortex-m4") {
    emit::write_folder(test::emitted(graph, "net", optimise, target), temporary_.path / "out");
    return temporary_.path / "out";
  }

  test::TemporaryFolder temporary_;
};

/// SEMANTICS.md, section 7.
void expect_prediction_holds(const Verification& board, std::uint64_t which) {
  EXPECT_EQ(board.ram_bytes, board.predicted_ram_bytes) << which;
  EXPECT_EQ(board.rom_data_bytes, board.predicted_rom_data_bytes) << which;
  if (!has_the_tables_compiler()) return;
  const std::int64_t linked = (*board.rom_bytes - *board.rom_data_bytes).value;
  const std::int64_t predicted = (*board.predicted_rom_bytes - *board.predicted_rom_data_bytes).value;
  EXPECT_GE(predicted, linked) << which;
  EXPECT_LE(predicted - linked, std::max<std::int64_t>(linked / 50, 256)) << which;
}

TEST_F(VerifyFolder, FindsRandomNetworksEqualAndAsLargeAsPredictedOnHostAndBoard) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const ir::Graph graph = test::random_graph(seed, {.operators = 1 + 3 * static_cast<int>(seed)});
    const auto results = verify_folder(write(graph), {"all"}, {.cases = 6});
    ASSERT_EQ(results.size(), 7u);
    for (const Verification& result : results) {
      EXPECT_EQ(result.mismatches, 0) << seed << " " << result.target << ": " << result.first_difference;
      EXPECT_EQ(result.cases, 6 + 4 + 4);
    }
    for (std::size_t board = 1; board < results.size(); ++board)
      expect_prediction_holds(results[board], seed * 10 + board);
  }
}

TEST_F(VerifyFolder, FindsDspKernelsEqualAndAsLargeAsPredictedOnTheirCores) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  for (std::uint64_t seed = 20; seed < 26; ++seed) {
    const ir::Graph graph = test::random_graph(seed, {.operators = 12});
    const auto results = verify_folder(write(graph, emit::Optimise::speed),
                                       {"host", "cortex-m4", "cortex-m33", "cortex-m55"}, {.cases = 6});
    for (const Verification& result : results) {
      EXPECT_EQ(result.mismatches, 0) << seed << " " << result.target << ": " << result.first_difference;
      if (result.target != "host") expect_prediction_holds(result, seed);
    }
  }
}

TEST_F(VerifyFolder, FindsGraphsThatRoundOnceEqualAndAsLargeAsPredicted) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  for (std::uint64_t seed = 30; seed < 33; ++seed) {
    const ir::Graph graph = test::random_graph(seed, {.operators = 12, .rounding = ir::Rounding::once});
    const auto results = verify_folder(write(graph, emit::Optimise::speed),
                                       {"host", "cortex-m0", "cortex-m3", "cortex-m4"}, {.cases = 6});
    for (const Verification& result : results) {
      EXPECT_EQ(result.mismatches, 0) << seed << " " << result.target << ": " << result.first_difference;
      if (result.target != "host") expect_prediction_holds(result, seed);
    }
  }
}

TEST_F(VerifyFolder, FindsPatchedNetworksEqualAndAsLargeAsPredicted) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  test::for_each_cut(60, [&](std::uint64_t seed, const test::RandomCut& random) {
    if (seed % 5 != 0) return;
    const auto results =
        verify_folder(write(random.cut, emit::Optimise::speed), {"cortex-m3", "cortex-m4"}, {.cases = 4});
    for (const Verification& result : results) {
      EXPECT_EQ(result.mismatches, 0) << seed << " " << result.target << ": " << result.first_difference;
      expect_prediction_holds(result, seed);
    }
  });
}

/// In the folder of an M55: its vector kernels, and what falls back to those of the DSP extension.
TEST_F(VerifyFolder, FindsVectorKernelsEqualAndAsLargeAsPredictedOnHostAndBoard) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  for (std::uint64_t seed = 30; seed < 38; ++seed) {
    const ir::Graph graph = test::random_graph(seed, {.operators = 12});
    const auto results = verify_folder(write(graph, emit::Optimise::speed, "cortex-m55"),
                                       {"host", "cortex-m55"}, {.cases = 6});
    for (const Verification& result : results) {
      EXPECT_EQ(result.mismatches, 0) << seed << " " << result.target << ": " << result.first_difference;
      if (result.target != "host") expect_prediction_holds(result, seed);
    }
  }
}

TEST_F(VerifyFolder, FindsExactHalvesRoundedAlikeOnTheBoard) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  VerifyOptions options;
  options.inputs = {test::every_value()};
  const Verification board = verify_folder(write(test::halves_graph()), {"cortex-m4"}, options).at(0);
  EXPECT_EQ(board.mismatches, 0) << board.first_difference;
  expect_prediction_holds(board, 0);
}

TEST_F(VerifyFolder, MeasuresANetworkOfRealProportionsOnTheBoard) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  const ir::Graph graph = test::DscnnGraph(17, 50, 6, 8).take();
  const Verification board = verify_folder(write(graph), {"cortex-m4"}, {.cases = 3}).at(0);
  EXPECT_EQ(board.mismatches, 0) << board.first_difference;
  expect_prediction_holds(board, 0);
  EXPECT_GT(*board.stack_bytes, Bytes(0));
  EXPECT_LE(*board.stack_bytes, *board.static_stack_bytes) << "painted beyond what the compiler says is used";
  EXPECT_GT(*board.instructions, ir::flops(graph) / 2) << "more than one instruction a multiply-accumulate";
  EXPECT_LT(*board.instructions, ir::flops(graph) * 20);
}

TEST_F(VerifyFolder, CountsTheSameInstructionsEachTime) {
  if (!has_board()) GTEST_SKIP() << "no arm-none-eabi-gcc or qemu-system-arm";
  const auto folder = write(test::TinyGraph().take());
  const auto count = [&] { return *verify_folder(folder, {"cortex-m4"}, {.cases = 1})[0].instructions; };
  EXPECT_EQ(count(), count());
}

TEST_F(VerifyFolder, RunsTheInputsItIsGiven) {
  const ir::Graph graph = test::TinyGraph().take();
  VerifyOptions options;
  options.inputs.assign(10, std::vector<std::int8_t>(12, 5));
  options.raw_inputs.assign(2, std::vector<float>(12, 0.25f));
  const Verification host = verify_folder(write(graph), {"host"}, options).at(0);
  EXPECT_EQ(host.mismatches, 0) << host.first_difference;
  EXPECT_EQ(host.cases, 10 + (2 + 4) + 4);
  EXPECT_FALSE(host.rom_bytes.has_value());
}

TEST_F(VerifyFolder, FindsAWeightThatWasChanged) {
  const auto folder = write(test::TinyGraph().take());
  std::string source = read_file(folder / "model.c");
  const std::size_t weight = source.find("-127", source.find("conv_weights["));
  ASSERT_NE(weight, std::string::npos);
  source.replace(weight, 4, " 100");
  write_file(folder / "model.c", source);
  const Verification host = verify_folder(folder, {"host"}).at(0);
  EXPECT_GT(host.mismatches, 16);
  EXPECT_THAT(host.first_difference, HasSubstr("output"));
}

TEST_F(VerifyFolder, FindsANormalisationThatWasChanged) {
  const auto folder = write(test::TinyGraph().take());
  std::string source = read_file(folder / "model.c");
  source.replace(source.find("0.5f"), 4, "0.6f");
  write_file(folder / "model.c", source);
  const Verification host = verify_folder(folder, {"host"}).at(0);
  EXPECT_GT(host.mismatches, 0);
  EXPECT_THAT(host.first_difference, HasSubstr("quantised input"));
}

TEST_F(VerifyFolder, ReportsANetworkThatCrashesAsMismatches) {
  const auto folder = write(test::TinyGraph().take());
  std::string source = read_file(folder / "model.c");
  const std::string loop = "step != end";
  source.replace(source.find(loop), loop.size(), "step != end || step->output < 0x7fffffffu");
  write_file(folder / "model.c", source);
  const Verification host = verify_folder(folder, {"host"}, {.cases = 2, .timeout_seconds = 20}).at(0);
  EXPECT_GT(host.mismatches, 0);
  EXPECT_THAT(host.first_difference, HasSubstr("on host"));
}

/// All rows are alike, so that an output left over from another block would pass for the missing one.
TEST_F(VerifyFolder, CountsCasesFromACrashOnAsMissing) {
  const auto folder = write(test::TinyGraph().take());
  std::string source = read_file(folder / "model.c");
  const std::string loop = "step != end";
  source.replace(source.find(loop), loop.size(), "step != end && (arena[0] != 99 || (__builtin_trap(), 0))");
  write_file(folder / "model.c", source);
  VerifyOptions options;
  options.inputs.assign(60, std::vector<std::int8_t>(12, 5));
  options.inputs[20][0] = 99;
  std::vector<std::int64_t> told;
  options.progress = [&](const std::string& what, std::int64_t done, std::int64_t of) {
    EXPECT_EQ(of, 60);
    if (what == "host") told.push_back(done);
  };
  const Verification host = verify_folder(folder, {"host"}, options).at(0);
  EXPECT_GE(host.missing, 60 - 20);
  EXPECT_LE(host.missing, 60 - 16) << "the first block ended well";
  EXPECT_EQ(host.mismatches, host.missing);
  EXPECT_EQ(told, (std::vector<std::int64_t>{0, 16})) << "the block after the crash is not begun";
  EXPECT_THAT(host.first_difference, HasSubstr("'stream' on host ended with"));
}

TEST_F(VerifyFolder, RefusesAFolderThatDoesNotBuild) {
  const auto folder = write(test::TinyGraph().take());
  write_file(folder / "model.c", "int broken(");
  try {
    (void)verify_folder(folder, {"host"});
    ADD_FAILURE();
  } catch (const InputError& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("does not build"));
    EXPECT_THAT(problem.what(), HasSubstr("model.c:1"));
  }
}

TEST_F(VerifyFolder, RefusesAFolderThatHoldsNoNetwork) {
  try {
    (void)verify_folder(temporary_.path, {"host"});
    ADD_FAILURE();
  } catch (const InputError& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("is no emitted network: it has no model.graph"));
  }
}

TEST_F(VerifyFolder, LeavesTheFolderAsItWas) {
  const ir::Graph graph = test::TinyGraph().take();
  const auto folder = write(graph);
  (void)verify_folder(folder, {"host"}, {.cases = 1});
  EXPECT_FALSE(std::filesystem::exists(folder / "build"));
}

TEST_F(VerifyFolder, NamesTheDebianPackageOfAMissingCompiler) {
  const auto folder = write(test::TinyGraph().take());
  const std::string path = ::getenv("PATH");
  const auto tools = temporary_.path / "tools";
  std::filesystem::create_directory(tools);
  std::filesystem::create_symlink("/usr/bin/make", tools / "make");
  ::setenv("PATH", tools.c_str(), 1);
  std::string host, board;
  try {
    (void)verify_folder(folder, {"host"});
  } catch (const EnvironmentError& problem) {
    host = problem.what();
  }
  try {
    (void)verify_folder(folder, {"cortex-m4"});
  } catch (const EnvironmentError& problem) {
    board = problem.what();
  }
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(host, HasSubstr("cc is missing"));
  EXPECT_THAT(board, HasSubstr("install the Debian package gcc-arm-none-eabi"));
}

std::vector<std::string> cores() {
  std::vector<std::string> names = target::target_names();
  std::erase_if(names,
                [](const std::string& name) { return target::find_target("test", name).machine.empty(); });
  return names;
}

class KernelTable : public testing::TestWithParam<std::string> {};

TEST_P(KernelTable, IsWhatTheCompilerGivesNow) {
  if (!has_the_tables_compiler()) GTEST_SKIP() << "the compiler is not " << emit::kernel_table().compiler;
  for (const MeasuredKernels& measured : measure_kernels(target::find_target("test", GetParam())))
    EXPECT_TRUE(measured.equals(emit::kernel_table(GetParam(), measured.family)))
        << "stale; `measure_kernels > src/parsimony/emit/kernel_tables.hpp` mends it:\n"
        << kernel_tables_source({&measured, 1});
}

INSTANTIATE_TEST_SUITE_P(Cores, KernelTable, testing::ValuesIn(cores()),
                         [](const auto& core) { return core.param.substr(std::string("cortex-").size()); });

}  // namespace
}  // namespace parsimony::verify
