// The kernels of runtime/kernels/mve, in C on this machine and in MVE on a Cortex-M55 under QEMU, against
// TFLite's reference arithmetic and at the distances that the planner gives them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emitted.hpp"
#include "mve/case_file.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::emit::mve_test {
namespace {

std::string random_cases(int count) {
  std::string file;
  for (int number = 0; number < count; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    append(file, any_case(random, static_cast<Kernel>(number % kKernels)));
  }
  return file;
}

/// Convolutions with their output as near to the input as they may, and `beyond` bytes nearer.
std::string overlapped_cases(int count, std::int64_t beyond) {
  std::string file;
  for (int number = 0; number < count; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    const Kernel kernel = number % 2 == 0 ? Kernel::convolution : Kernel::depthwise;
    const bool reverse = random.one_in(2);
    const Layer layer = any_layer(random, kernel);
    const Shape& s = layer.shape;
    const plan::Clearance clearance = clearance_of(kernel, s);
    if ((reverse ? clearance.above : clearance.below) <= -(reverse ? s.output_bytes() : s.input_bytes()))
      continue;
    Case c = layer_case(random, layer, kernel, reverse);
    const Bytes input(c.memory.begin() + c.input, c.memory.begin() + c.input + s.input_bytes());
    place(random, c, input, scratch_of(kernel, s),
          reverse ? clearance.above - beyond : beyond - clearance.below);
    if (beyond > 0) c.kind = Case::meant_to_break;
    append(file, c);
  }
  return file;
}

const std::string kRuntime = PARSIMONY_SOURCE_DIR "/runtime", kBoard = kRuntime + "/board";
const std::string kRunner = PARSIMONY_TEST_DIR "/mve/run_cases.c";

std::string run_on_host(const std::string& cases, const std::vector<std::string>& flags) {
  const parsimony::test::TemporaryFolder temporary;
  write_file(temporary.path / "cases.bin", cases);
  std::vector<std::string> command{"gcc",           "-std=c99",    "-Wall", "-Wextra",          "-Werror",
                                   "-I" + kRuntime, "-I" + kBoard, kRunner, kBoard + "/host.c", "-o",
                                   "run_cases"};
  command.insert(command.end(), flags.begin(), flags.end());
  parsimony::test::run(temporary.path, command);
  return parsimony::test::run(temporary.path, {(temporary.path / "run_cases").string()});
}

std::string run_on_board(const std::string& cases, const std::string& optimise) {
  const target::Target& board = target::find_target("test", "cortex-m55");
  const parsimony::test::TemporaryFolder temporary;
  write_file(temporary.path / "cases.bin", cases);
  write_file(temporary.path / "board.ld",
             "MEMORY { CODE (rx) : ORIGIN = 0x10000000, LENGTH = 512K\n"
             "RAM (rw) : ORIGIN = 0x31000000, LENGTH = 2M }\n" +
                 read_file(kBoard + "/cortex_m.ld"));
  std::vector<std::string> command{"arm-none-eabi-gcc",
                                   "-std=gnu99",
                                   "-Wall",
                                   "-Wextra",
                                   "-Werror",
                                   "-nostartfiles",
                                   "--specs=nano.specs",
                                   "-I" + kRuntime,
                                   "-I" + kBoard,
                                   "-T",
                                   "board.ld",
                                   kRunner,
                                   kBoard + "/cortex_m.c",
                                   "-o",
                                   "board.elf",
                                   optimise};
  command.insert(command.end(), board.flags.begin(), board.flags.end());
  parsimony::test::run(temporary.path, command);
  ProcessOptions options;
  options.directory = temporary.path;
  const ProcessResult result =
      run_process({"qemu-system-arm", "-M", board.machine, "-nographic", "-monitor", "none", "-serial",
                   "null", "-semihosting-config", "enable=on,target=native", "-kernel", "board.elf"},
                  options);
  EXPECT_EQ(result.exit_code, 0);
  return result.output + result.errors;
}

bool board_is_missing() {
  return !program_exists("arm-none-eabi-gcc") || !program_exists("qemu-system-arm");
}

TEST(MveKernels, EqualTheReferenceInCUnderSanitizers) {
  EXPECT_THAT(
      run_on_host(random_cases(1200), {"-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"}),
      testing::HasSubstr("cases 1200\n"));
}

TEST(MveKernels, EqualTheReferenceOnTheBoard) {
  if (board_is_missing()) GTEST_SKIP() << "no board compiler or QEMU";
  for (const char* optimise : {"-O2", "-Os", "-O0"})
    EXPECT_THAT(run_on_board(random_cases(1200), optimise), testing::HasSubstr("cases 1200\n")) << optimise;
}

TEST(MveKernels, KeepTheirInputAtTheLeastDistance) {
  const std::string cases = overlapped_cases(1200, 0);
  EXPECT_THAT(run_on_host(cases, {"-O1"}), testing::Not(testing::HasSubstr("wrong")));
  if (board_is_missing()) GTEST_SKIP() << "no board compiler or QEMU";
  EXPECT_THAT(run_on_board(cases, "-O2"), testing::Not(testing::HasSubstr("wrong")));
}

TEST(MveKernels, SpoilTheirInputOneByteNearer) {
  if (board_is_missing()) GTEST_SKIP() << "no board compiler or QEMU";
  const std::string said = run_on_board(overlapped_cases(1200, 1), "-O2");
  const auto number = [&](const std::string& name) {
    return std::stoi(said.substr(said.find(name) + name.size()));
  };
  EXPECT_GT(number("cases "), 600);
  EXPECT_GT(number("broken "),
            number("cases ") / 3);  // a depthwise pixel's last byte is rarely its first read
}

}  // namespace
}  // namespace parsimony::emit::mve_test
