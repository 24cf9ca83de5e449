// The kernels of runtime/kernels/dsp, built for this machine and for a Cortex-M4 under QEMU, against TFLite's
// reference arithmetic; and the distances of dsp_overlap.hpp against what they do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dsp/case_file.hpp"
#include "emitted.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/emit/dsp_overlap.hpp"

namespace parsimony::emit::dsp {
namespace {

using test::Case;
using test::Kernel;
using test::Layer;
using test::Random;

constexpr int kKernels = 11;
constexpr Kernel kConvolutions[] = {Kernel::convolution_3, Kernel::convolution_2, Kernel::convolution_small};

std::string random_cases(int count) {
  std::string file;
  for (int number = 0; number < count; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    append(file, any_case(random, static_cast<Kernel>(number % kKernels)));
  }
  return file;
}

const std::string kRuntime = PARSIMONY_SOURCE_DIR "/runtime", kBoard = kRuntime + "/board";
const std::string kRunner = PARSIMONY_TEST_DIR "/dsp/run_cases.c";

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

std::string run_on_board(const std::string& cases, const std::vector<std::string>& flags) {
  const parsimony::test::TemporaryFolder temporary;
  write_file(temporary.path / "cases.bin", cases);
  write_file(temporary.path / "board.ld",
             "MEMORY { CODE (rx) : ORIGIN = 0x0, LENGTH = 4M\n"
             "RAM (rw) : ORIGIN = 0x20000000, LENGTH = 4M }\n" +
                 read_file(kBoard + "/cortex_m.ld"));
  std::vector<std::string> command{"arm-none-eabi-gcc",
                                   "-std=gnu99",
                                   "-Wall",
                                   "-Wextra",
                                   "-Werror",
                                   "-mcpu=cortex-m4",
                                   "-mthumb",
                                   "-nostartfiles",
                                   "--specs=nano.specs",
                                   "-I" + kRuntime,
                                   "-I" + kBoard,
                                   "-T",
                                   "board.ld",
                                   kRunner,
                                   kBoard + "/cortex_m.c",
                                   "-o",
                                   "board.elf"};
  command.insert(command.end(), flags.begin(), flags.end());
  parsimony::test::run(temporary.path, command);
  ProcessOptions options;
  options.directory = temporary.path;
  const ProcessResult result =
      run_process({"qemu-system-arm", "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "null",
                   "-semihosting-config", "enable=on,target=native", "-kernel", "board.elf"},
                  options);
  EXPECT_EQ(result.exit_code, 0);
  return result.output + result.errors;
}

bool board_is_missing() {
  return !program_exists("arm-none-eabi-gcc") || !program_exists("qemu-system-arm");
}

TEST(DspKernels, EqualTheReferenceUnderSanitizers) {
  EXPECT_THAT(
      run_on_host(random_cases(2000), {"-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"}),
      testing::HasSubstr("cases 2000\n"));
}

TEST(DspKernels, EqualTheReferenceOnTheBoard) {
  if (board_is_missing()) GTEST_SKIP() << "no board compiler or QEMU";
  for (const char* optimise : {"-O2", "-Os", "-O0"})
    EXPECT_THAT(run_on_board(random_cases(900), {optimise}), testing::HasSubstr("cases 900\n")) << optimise;
}

/// Weights and sums that two channels in one lane cannot hold, and shifts of all sorts.
std::string extreme_cases() {
  std::string file;
  constexpr Kernel kPairs[] = {Kernel::convolution_3, Kernel::convolution_2, Kernel::convolution_small,
                               Kernel::fully_connected};
  for (int number = 0; number < 60; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    const Kernel kernel = kPairs[number % 4];
    Shape shape;
    shape.input_channels = number % 3 == 0 ? 700 : random.in(1, 30);
    shape.output_channels = random.in(2, 9);
    if (kernel != Kernel::fully_connected) shape.input_width = shape.output_width = 4;
    Layer layer = random_layer(random, shape, shape.depth(), true);
    for (std::int8_t& weight : layer.weights)
      weight = static_cast<std::int8_t>(number % 3 == 0 ? 127 : random.in(-128, -120));
    for (std::int8_t& shift : layer.shift) shift = static_cast<std::int8_t>(std::max(shift - 4, -31));
    layer.input_zero_point = -128;
    EXPECT_TRUE(fits(layer.channels()));
    append(file, layer_case(random, layer, kernel, random.one_in(2)));
  }
  return file;
}

TEST(DspKernels, EqualTheReferenceWhereTwoChannelsDoNotFitOneLane) {
  EXPECT_THAT(run_on_host(extreme_cases(), {"-O1"}), testing::HasSubstr("cases 60\n"));
  if (board_is_missing()) GTEST_SKIP() << "no board compiler or QEMU";
  EXPECT_THAT(run_on_board(extreme_cases(), {"-O2"}), testing::HasSubstr("cases 60\n"));
}

std::int64_t block_of(Kernel kernel) {
  return kernel == Kernel::convolution_3 ? 3 : 2;
}

/// Convolutions with their output as near to the input as they may, and `beyond` bytes nearer.
std::string overlapped_convolutions(int count, std::int64_t beyond) {
  std::string file;
  for (int number = 0; number < count; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    const Kernel kernel = kConvolutions[number % 3];
    const bool reverse = random.one_in(2);
    const Layer layer = any_layer(random, kernel);
    const Shape& s = layer.shape;
    const Overlap overlap = convolution_overlap(s, static_cast<std::int32_t>(block_of(kernel)));
    if ((reverse ? overlap.above : overlap.below) <= -(reverse ? s.output_bytes() : s.input_bytes()))
      continue;
    Case c = layer_case(random, layer, kernel, reverse);
    const test::Bytes input(c.memory.begin(), c.memory.begin() + s.input_bytes());
    place(random, c, input, scratch_of_convolution(kernel, s),
          reverse ? overlap.above - beyond : beyond - overlap.below);
    if (beyond > 0) c.kind = Case::meant_to_break;
    append(file, c);
  }
  return file;
}

TEST(DspKernels, KeepTheirInputAtTheLeastDistance) {
  EXPECT_THAT(run_on_host(overlapped_convolutions(2000, 0), {"-O1"}),
              testing::Not(testing::HasSubstr("wrong")));
}

TEST(DspKernels, SpoilTheirInputOneByteNearer) {
  const std::string said = run_on_host(overlapped_convolutions(2000, 1), {"-O1"});
  const auto number = [&](const std::string& name) {
    return std::stoi(said.substr(said.find(name) + name.size()));
  };
  EXPECT_GT(number("cases "), 1000);
  EXPECT_GT(number("broken "), number("cases ") * 8 / 10);  // a byte that happens to be right is not seen
}

struct InPlace {
  Overlap overlap;
  std::int64_t scratch = 0;
};

InPlace in_place(Kernel kernel, const Shape& shape) {
  if (kernel == Kernel::depthwise_3x3) return {depthwise_3x3_overlap(shape), depthwise_3x3_scratch(shape)};
  if (kernel == Kernel::depthwise_row) return {depthwise_row_overlap(shape), depthwise_row_scratch(shape)};
  return {depthwise_overlap(shape), depthwise_scratch(shape)};
}

TEST(DspKernels, RunInPlaceWhereTheOverlapSaysSo) {
  constexpr Kernel kByChannel[] = {Kernel::depthwise, Kernel::depthwise_3x3, Kernel::depthwise_row};
  std::string file;
  int count = 0;
  for (int number = 0; number < 1200; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    const Kernel kernel = kByChannel[number % 3];
    const Layer layer = any_layer(random, kernel);
    const InPlace place_of = in_place(kernel, layer.shape);
    if (!place_of.overlap.in_place) continue;
    Case c = layer_case(random, layer, kernel);
    const test::Bytes input(c.memory.begin(), c.memory.begin() + layer.shape.input_bytes());
    place(random, c, input, place_of.scratch, 0);
    append(file, c);
    ++count;
  }
  EXPECT_GT(count, 600);
  EXPECT_THAT(run_on_host(file, {"-O1"}), testing::HasSubstr("cases " + std::to_string(count) + "\n"));
}

/// The least distances by trying them all.
Overlap tried(const std::vector<Access>& forward, const std::vector<Access>& backward, const Shape& s) {
  Overlap least{-s.input_bytes(), -s.output_bytes(), is_safe(forward, 0)};
  for (std::int64_t distance = -s.input_bytes(); distance <= s.output_bytes(); ++distance)
    if (!is_safe(forward, -distance)) least.below = distance + 1;
  for (std::int64_t distance = -s.output_bytes(); distance <= s.input_bytes(); ++distance)
    if (!is_safe(backward, distance)) least.above = distance + 1;
  return least;
}

TEST(DspOverlap, IsTheLeastDistanceOfTheAccesses) {
  for (int number = 0; number < 300; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    Shape s = random_shape(random, Kernel::convolution_3);
    s.input_channels = random.in(1, 4);
    for (const std::int32_t block : {1, 2, 3}) {
      const Overlap least =
          tried(convolution_accesses(s, block, false), convolution_accesses(s, block, true), s);
      const Overlap said = convolution_overlap(s, block);
      EXPECT_EQ(said.below, least.below) << number;
      EXPECT_EQ(said.above, least.above) << number;
      EXPECT_EQ(said.in_place, least.in_place) << number;
    }
  }
}

void expect_covers(const Overlap& said, const std::vector<Access>& accesses, const Shape& s) {
  const Overlap least = tried(accesses, accesses, s);
  EXPECT_GE(said.below, least.below);
  EXPECT_GE(said.above, least.above);
  EXPECT_EQ(said.in_place, least.in_place);
}

TEST(DspOverlap, IsNeverLessThanTheAccessesNeed) {
  for (int number = 0; number < 200; ++number) {
    Random random(static_cast<std::uint64_t>(number));
    const Shape three = random_shape(random, Kernel::depthwise_3x3),
                any = random_shape(random, Kernel::depthwise);
    const Shape pool = random_shape(random, Kernel::average_pool),
                row = random_shape(random, Kernel::depthwise_row);
    expect_covers(depthwise_row_overlap(row), depthwise_row_accesses(row), row);
    expect_covers(depthwise_3x3_overlap(three), depthwise_3x3_accesses(three), three);
    expect_covers(depthwise_overlap(any), depthwise_accesses(any), any);
    expect_covers(average_pool_overlap(pool), average_pool_accesses(pool), pool);
    Shape flat;
    flat.input_channels = random.in(1, 9);
    flat.output_channels = random.in(1, 9);
    expect_covers(fully_connected_overlap(flat.input_channels, flat.output_channels),
                  fully_connected_accesses(flat.input_channels, flat.output_channels), flat);
    flat.output_channels = flat.input_channels;
    expect_covers(elementwise_overlap(flat.input_channels), elementwise_accesses(flat.input_channels), flat);
  }
}

}  // namespace
}  // namespace parsimony::emit::dsp
