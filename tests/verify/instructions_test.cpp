#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/process.hpp"
#include "parsimony/verify/measure_features.hpp"
#include "parsimony/verify/measure_instructions.hpp"
#include "parsimony/verify/random_layers.hpp"

namespace parsimony::verify {
namespace {

constexpr emit::Family kFamilies[] = {emit::Family::portable, emit::Family::dsp_small, emit::Family::dsp,
                                      emit::Family::mve};

TEST(KernelWork, AtRealCountsIsNeverMoreThanAtWholeOnesAndAffineInEach) {
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (const bool two_axes : {false, true})
      for (const emit::Family family : kFamilies) {
        const ir::Graph graph = random_layers(seed, two_axes, seed % 3 == 0);
        const emit::KernelChoice choice(graph, family);
        for (const ir::Operator& op : graph.operators) {
          const emit::Kernel kernel = choice.of(op);
          const ir::Tensor& input = graph.tensor(op.inputs[0]);
          const auto in = static_cast<double>(
              op.kind == ir::OperatorKind::fully_connected ? input.elements() : input.shape.back());
          const double out = graph.tensor(op.output).shape.back();
          const auto lower = [&](double a, double b) {
            return emit::kernel_work_lower(graph, op, kernel, a, b);
          };
          const emit::Work whole = emit::kernel_work(graph, op, kernel), real = lower(in, out);
          const emit::Work none = lower(0, 0), by_in = lower(1, 0), by_out = lower(0, 1), both = lower(1, 1);
          for (std::size_t item = 0; item < emit::kWorkItems; ++item) {
            EXPECT_LE(real[item], whole[item]) << emit::facts(kernel).functions[0] << " item " << item;
            const double a = none[item], b = by_in[item] - a, c = by_out[item] - a;
            EXPECT_NEAR(real[item], a + b * in + c * out + (both[item] - a - b - c) * in * out,
                        1e-9 * whole[item]);
          }
        }
      }
}

TEST(InstructionRows, PredictWhatQemuCountsOfOtherLayers) {
  if (!program_exists("qemu-system-arm") || !program_exists("arm-none-eabi-gcc")) GTEST_SKIP();
  for (const emit::Family family : kFamilies) {
    const char* board = family == emit::Family::mve ? "cortex-m55" : "cortex-m4";
    const emit::InstructionCosts costs(board, family);
    std::vector<double> errors;
    for (const LayerCount& layer : count_layers(target::find_target("test", board), family, 1000, 4)) {
      const double error = std::abs(costs.of(layer.kernel, layer.work) / layer.instructions - 1.0);
      errors.push_back(error);
      EXPECT_LE(error, layer.kernel == emit::Kernel::softmax ? 0.35 : 0.12) << layer.name;
    }
    ASSERT_FALSE(errors.empty());
    std::ranges::sort(errors);
    EXPECT_LE(errors[errors.size() / 2], 0.01);
  }
}

/// Of noise of full scale; other sounds take less where bands have no energy (docs/costs.md).
TEST(FeaturesRows, PredictWhatQemuCountsOfOtherFrontEnds) {
  if (!program_exists("qemu-system-arm") || !program_exists("arm-none-eabi-gcc")) GTEST_SKIP();
  constexpr std::uint64_t kSeed = 1000;
  for (const char* board : {"cortex-m0", "cortex-m4"}) {
    const emit::InstructionCosts costs(board, emit::Family::portable);
    std::uint64_t seed = kSeed;
    for (const FeaturesCount& count : count_features(target::find_target("test", board), kSeed, 3)) {
      SCOPED_TRACE(std::string(board) + ": " + count.name);
      const auto predicted = static_cast<double>(costs.of_features(random_front_end(seed++)));
      EXPECT_NEAR(predicted / count.instructions[0], 1.0, 0.005);
      for (const double instructions : count.instructions) {
        EXPECT_GE(predicted / instructions, 0.995);
        EXPECT_LE(predicted / instructions, 1.07);
      }
    }
  }
}

}  // namespace
}  // namespace parsimony::verify
