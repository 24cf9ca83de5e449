// The emitted C under three compilers, from C++17, two networks in one program, under sanitizers and -Ofast.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "../ir/random_graph.hpp"
#include "emitted.hpp"
#include "front_end_graph.hpp"
#include "halves_graph.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/memory.hpp"
#include "tiny_graph.hpp"

namespace parsimony::emit {
namespace {

using Command = std::vector<std::string>;

const Command kStrict{
    "-std=c99",  "-Wall",   "-Wextra", "-Wconversion", "-Wshadow", "-Wundef", "-Wold-style-definition",
    "-pedantic", "-Werror", "-Itest"};

bool missing(const std::string& program) {
  return !program_exists(program);
}

/// Graphs that need every kernel, with names and shapes of all sorts.
ir::Graph some_graph(std::uint64_t seed) {
  return seed == 0 ? test::TinyGraph().take() : test::random_graph(seed, {.operators = 12});
}
ir::Graph graph_that_rounds_once(std::uint64_t seed) {
  return test::random_graph(seed, {.operators = 12, .rounding = ir::Rounding::once});
}

void write(const std::filesystem::path& path, std::uint64_t seed, const std::string& name,
           Optimise optimise = Optimise::size, const std::string& target = "cortex-m4") {
  write_folder(test::emitted(some_graph(seed), name, optimise, target), path);
}

void compile_strictly(const std::string& compiler, const Command& flags,
                      const std::string& target = "cortex-m4") {
  if (missing(compiler)) GTEST_SKIP() << compiler << " is not installed";
  const test::TemporaryFolder temporary;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const auto folder = temporary.path / std::to_string(seed);
    write(folder, seed, "net", seed % 2 == 0 ? Optimise::size : Optimise::speed, target);
    for (const char* optimise : {"-O0", "-Os", "-O3"}) {
      Command command{compiler, optimise, "-c", "model.c", "-o", "model.o"};
      command.insert(command.end(), kStrict.begin(), kStrict.end());
      command.insert(command.end(), flags.begin(), flags.end());
      test::run(folder, command);
    }
  }
}

TEST(EmittedC, CompilesWithoutAWarningUnderGcc) {
  compile_strictly("gcc", {});
}
TEST(EmittedC, CompilesWithoutAWarningUnderClang) {
  compile_strictly("clang", {});
}
TEST(EmittedC, CompilesWithoutAWarningUnderArmGcc) {
  compile_strictly("arm-none-eabi-gcc",
                   {"-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"});
}

TEST(EmittedC, ForAnM55CompilesWithoutAWarningUnderArmGccAndGcc) {
  const Command flags = target::find_target("test", "cortex-m55").flags;
  compile_strictly("arm-none-eabi-gcc", flags, "cortex-m55");
  compile_strictly("gcc", {}, "cortex-m55");
}

TEST(EmittedC, ItsTestProgramsCompileWithoutAWarning) {
  const test::TemporaryFolder temporary;
  write(temporary.path / "net", 1, "net");
  for (const char* file : {"test/golden.c", "test/stream.c", "test/host.c", "test/rom.c"}) {
    Command command{"gcc", "-O2", "-I.", "-c", file, "-o", "out.o"};
    command.insert(command.end(), kStrict.begin(), kStrict.end());
    test::run(temporary.path / "net", command);
  }
}

TEST(EmittedC, ExportsOnlySymbolsWithItsPrefix) {
  const test::TemporaryFolder temporary;
  write(temporary.path / "net", 0, "gadget");
  test::run(temporary.path / "net", {"gcc", "-O2", "-c", "model.c", "-o", "model.o"});
  std::istringstream names(
      test::run(temporary.path / "net", {"nm", "-g", "--defined-only", "-P", "model.o"}));
  int symbols = 0;
  for (std::string line; std::getline(names, line); ++symbols)
    EXPECT_TRUE(line.starts_with("gadget_")) << line;
  EXPECT_EQ(symbols, 7);
}

TEST(EmittedC, TwoNetworksLinkIntoOneCpp17Program) {
  const test::TemporaryFolder temporary;
  write(temporary.path / "one", 0, "one");
  write(temporary.path / "two", 1, "two");
  write_file(temporary.path / "main.cpp", R"(
#include "one/model.h"
#include "two/model.h"
#include <vector>
alignas(ONE_ARENA_ALIGN) static unsigned char first[ONE_ARENA_BYTES];
alignas(TWO_ARENA_ALIGN) static unsigned char second[TWO_ARENA_BYTES];
static const char *const names[] = ONE_CLASS_NAMES;
int main() {
  std::vector<float> raw(ONE_INPUT_BYTES, 1.0f);
  one_quantize_input(raw.data(), one_input(first));
  std::vector<int8_t> input(TWO_INPUT_BYTES), output(TWO_OUTPUT_BYTES);
  return one_invoke(first) + two_run(input.data(), output.data(), second) + (names[0][0] == 's' ? 0 : 1) +
         (sizeof names / sizeof names[0] == ONE_CLASSES ? 0 : 1);
}
)");
  for (const char* name : {"one", "two"})
    test::run(temporary.path / name, {"gcc", "-std=c99", "-O2", "-c", "model.c", "-o", "model.o"});
  test::run(temporary.path, {"g++", "-std=c++17", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror",
                             "main.cpp", "one/model.o", "two/model.o", "-o", "both"});
  test::run(temporary.path, {(temporary.path / "both").string()});
}

TEST(EmittedC, OneFileHoldsItAll) {
  const test::TemporaryFolder temporary;
  const ir::Graph graph = some_graph(1);
  const Folder folder = emit(graph, plan_memory(graph), {.name = "net", .single_file = true});
  write_file(temporary.path / "net.h", folder.at("net.h"));
  write_file(temporary.path / "other.c", "#include \"net.h\"\n#include \"net.h\"\nint steps = NET_STEPS;\n");
  write_file(temporary.path / "main.c", R"(
#define NET_IMPLEMENTATION
#include "net.h"
#include "net.h"
static net_Arena arena;
int main(void) { return net_selftest(&arena); }
)");
  test::run(temporary.path,
            {"gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "main.c", "other.c", "-o", "net"});
  test::run(temporary.path, {(temporary.path / "net").string()});
}

TEST(EmittedC, OneFileIsCppToo) {
  const test::TemporaryFolder temporary;
  write_file(temporary.path / "other.cpp", "#include \"net.h\"\nint steps = NET_STEPS;\n");
  write_file(temporary.path / "main.cpp", R"(
#define NET_IMPLEMENTATION
#include "net.h"
static net_Arena arena;
int main() { return net_selftest(&arena); }
)");
  for (const Family family : {Family::portable, Family::dsp_small, Family::dsp, Family::mve})
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      SCOPED_TRACE(std::string(family_name(family)) + " " + std::to_string(seed));
      const ir::Graph graph = some_graph(seed);
      const Folder folder = emit(graph, plan_memory(graph, family),
                                 {.name = "net",
                                  .target = family == Family::mve ? "cortex-m55" : "cortex-m4",
                                  .family = family,
                                  .single_file = true});
      write_file(temporary.path / "net.h", folder.at("net.h"));
      test::run(temporary.path, {"g++", "-std=c++17", "-Wall", "-Wextra", "-pedantic", "-Werror", "main.cpp",
                                 "other.cpp", "-o", "net"});
      test::run(temporary.path, {(temporary.path / "net").string()});
      if (missing("arm-none-eabi-g++")) continue;  // Arduino's compiler: the boards' instructions
      test::run(temporary.path,
                {"arm-none-eabi-g++", family == Family::mve ? "-mcpu=cortex-m55" : "-mcpu=cortex-m4",
                 "-mfloat-abi=hard", "-mthumb", "-std=gnu++17", "-O2", "-Wall", "-Wextra", "-Werror",
                 "-fno-exceptions", "-c", "main.cpp", "-o", "board.o"});
    }
}

TEST(EmittedC, BuildsAndPassesItsTestUnderCMake) {
  const test::TemporaryFolder temporary;
  write(temporary.path / "net", 0, "net");
  test::run(temporary.path / "net", {"cmake", "-S", ".", "-B", "build/cmake", "-DCMAKE_BUILD_TYPE=Release"});
  test::run(temporary.path / "net", {"cmake", "--build", "build/cmake"});
  EXPECT_THAT(test::run(temporary.path / "net", {"ctest", "--test-dir", "build/cmake"}),
              testing::HasSubstr("100% tests passed"));
}

void expect_equal_under_sanitizers(Optimise optimise, const std::string& target, std::uint64_t graphs,
                                   ir::Graph (*graph)(std::uint64_t seed) = some_graph) {
  const test::TemporaryFolder temporary;
  for (std::uint64_t seed = 0; seed < graphs; ++seed) {
    const auto folder = temporary.path / std::to_string(seed);
    write_folder(test::emitted(graph(seed), "net", optimise, target), folder);
    const std::string said =
        test::run(folder, {"make", "-s", "test-host", "CC=gcc",
                           "CFLAGS=-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"});
    EXPECT_THAT(said, testing::HasSubstr("golden vectors: 4 cases, all right")) << seed;
  }
}

TEST(EmittedC, EqualsTheInterpreterUnderAddressAndUndefinedSanitizers) {
  expect_equal_under_sanitizers(Optimise::size, "cortex-m3", 16);
}

TEST(EmittedC, OfTheSmallDspFamilyEqualsTheInterpreterUnderAddressAndUndefinedSanitizers) {
  expect_equal_under_sanitizers(Optimise::size, "cortex-m4", 16);
}

/// The same folder that a core with the DSP extension runs: its packed weights read by plain C.
TEST(EmittedC, OfTheDspFamilyEqualsTheInterpreterUnderAddressAndUndefinedSanitizers) {
  expect_equal_under_sanitizers(Optimise::speed, "cortex-m4", 24);
}

TEST(EmittedC, OfAGraphThatRoundsOnceEqualsTheInterpreterUnderAddressAndUndefinedSanitizers) {
  expect_equal_under_sanitizers(Optimise::speed, "cortex-m4", 8, graph_that_rounds_once);
}

TEST(EmittedC, OfAFrontEndEqualsTheHostsUnderAddressAndUndefinedSanitizers) {
  expect_equal_under_sanitizers(Optimise::size, "cortex-m4", 6, test::front_end_graph);
}

TEST(EmittedC, OfTheMveFamilyEqualsTheInterpreterUnderAddressAndUndefinedSanitizers) {
  expect_equal_under_sanitizers(Optimise::speed, "cortex-m55", 24);
}

TEST(EmittedC, RoundsEveryExactHalfAsTheInterpreterDoes) {
  const test::TemporaryFolder temporary;
  const ir::Graph graph = test::halves_graph();
  EmitOptions options{.name = "halves"};
  options.golden_inputs = {test::every_value()};
  write_folder(emit(graph, emit::plan_memory(graph), options), temporary.path / "halves");
  EXPECT_THAT(test::run(temporary.path / "halves", {"make", "-s", "test-host"}),
              testing::HasSubstr("all right"));
}

/// One channel is the case in which a compiler that may would divide by way of a reciprocal.
ir::Graph one_channel_graph() {
  ir::Graph graph;
  graph.name = "one channel";
  graph.tensors = {{"x", {400, 1}, {0.1f, 5}}, {"y", {1}, {0.1f, 5}}};
  graph.normalisation = {{0.0f}, {0.7f}};  // raw values of the golden vectors lie on the halves
  ir::Operator mean;
  mean.kind = ir::OperatorKind::mean;
  mean.name = "mean";
  mean.inputs = {ir::TensorId{0}};
  mean.output = graph.output = ir::TensorId{1};
  graph.operators = {mean};
  return graph;
}

void expect_same_bytes(const Command& make) {
  const test::TemporaryFolder temporary;
  write_folder(test::emitted(one_channel_graph(), "single"), temporary.path / "single");
  write(temporary.path / "random", 3, "several");
  for (const char* name : {"single", "random"}) {
    Command command{"make", "-s"};
    command.insert(command.end(), make.begin(), make.end());
    EXPECT_THAT(test::run(temporary.path / name, command), testing::HasSubstr("all right"));
  }
}

TEST(EmittedC, QuantisesInputsToTheSameBytesUnderGccOfast) {
  expect_same_bytes({"test-host", "CC=gcc", "CFLAGS=-Ofast -march=native -ffp-contract=fast"});
}
TEST(EmittedC, QuantisesInputsToTheSameBytesWithoutOptimisation) {
  expect_same_bytes({"test-host", "CC=gcc", "CFLAGS=-O0"});
}
TEST(EmittedC, QuantisesInputsToTheSameBytesUnderClangOfast) {
  if (missing("clang")) GTEST_SKIP() << "clang is not installed";
  expect_same_bytes({"test-host", "CC=clang", "CFLAGS=-Ofast -march=native -ffp-contract=fast"});
}
TEST(EmittedC, QuantisesInputsToTheSameBytesOnTheBoardUnderOfast) {
  if (missing("arm-none-eabi-gcc") || missing("qemu-system-arm")) GTEST_SKIP() << "no board compiler or QEMU";
  expect_same_bytes({"test-board", "BOARD_CFLAGS=-Ofast -ffp-contract=fast"});
}

}  // namespace
}  // namespace parsimony::emit
