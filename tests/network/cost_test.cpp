#include "parsimony/network/cost.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/base/thread_pool.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/emit/instructions.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/lower/lower.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/plan/plan.hpp"
#include "random_description.hpp"

namespace parsimony::network {
namespace {

CostModel dscnn_costs(std::int32_t width, std::int32_t length = 100,
                      emit::Optimise optimise = emit::Optimise::size) {
  return CostModel(dscnn_se_1d({.length = length, .channels = 6, .classes = 4, .width = width}),
                   target::find_target("test", "cortex-m4"), optimise);
}

std::vector<std::int32_t> random_kept(const std::vector<Group>& groups, RandomStream& stream) {
  std::vector<std::int32_t> kept;
  for (const Group& group : groups) {
    kept.push_back(1 + static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(group.channels))));
  }
  return kept;
}

std::vector<double> real(const std::vector<std::int32_t>& kept) {
  return {kept.begin(), kept.end()};
}

Estimates estimate(const CostModel& costs, const std::vector<double>& kept) {
  Estimates estimates;
  costs.estimate(kept, static_cast<std::int64_t>(kept.size() / costs.groups().size()), estimates);
  return estimates;
}

TEST(CostModel, CountsTheFlopsOfATinyNetworkAsByHand) {
  // Input [9, 2]; convolution k3 stride 2 to 5 channels: [5, 5]; depthwise k3: [5, 5]; mean; gate 5 -> 5;
  // product over [5, 5]; mean; linear 5 -> 3.
  const ir::Window halving{.kernel = 3, .stride = 2, .pad_before = 1, .pad_after = 1};
  const ir::Window same{.kernel = 3, .stride = 1, .pad_before = 1, .pad_after = 1};
  const Description tiny{
      "tiny",
      {9, 2},
      {{"conv", LayerKind::convolution, {kInput}, 5, {halving}, true, Activation::relu},
       {"depthwise", LayerKind::depthwise_convolution, {0}, 5, {same}, true, Activation::relu},
       {"squeeze", LayerKind::global_mean, {1}, 5, {}, false, Activation::none},
       {"excite", LayerKind::linear, {2}, 5, {}, false, Activation::hard_sigmoid},
       {"scaled", LayerKind::scale, {1, 3}, 5, {}, false, Activation::none},
       {"pooled", LayerKind::global_mean, {4}, 5, {}, false, Activation::none},
       {"logits", LayerKind::linear, {5}, 3, {}, false, Activation::none}}};
  const CostModel costs(tiny, target::find_target("test", "cortex-m4"));
  ASSERT_EQ(costs.groups().size(), 1u);
  const std::int64_t by_hand = 2 * (5 * 5) * (3 * 2)  // conv
                               + 2 * (5 * 5) * 3      // depthwise
                               + 5 * 5                // squeeze: its inputs
                               + 2 * 5 * 5            // excite
                               + 5 * 5                // scaled
                               + 5 * 5                // pooled
                               + 2 * 5 * 3;           // logits
  EXPECT_EQ(costs.unpruned().flops.value, by_hand);
  EXPECT_EQ(costs.unpruned().parameters, (3 * 2 * 5 + 5) + (3 * 5 + 5) + (5 * 5 + 5) + (5 * 3 + 3));
}

/// As the program costs what it exports: pruned, lowered, verified and planned from its description.
Cost step_by_step(const Description& description, const std::vector<std::int32_t>& kept,
                  emit::Family family) {
  const Description pruned = prune(description, kept);
  const ir::Graph graph = lower::lower(skeleton(pruned));
  const emit::KernelChoice choice(graph, family);
  const emit::RomPrediction rom = emit::predict_rom(graph, choice, emit::kernel_table("cortex-m4", family));
  const plan::Plan plan = emit::plan_memory(graph, choice);
  emit::verify_memory(graph, plan, choice);
  return {rom.total(),
          plan.arena,
          Flops(ir::flops(graph)),
          parameter_count(pruned),
          rom.data,
          emit::InstructionCosts("cortex-m4", family).of(graph, choice).total()};
}

void expect_exact_costs(const Description& description, int points, RandomStream& stream) {
  const target::Target board = target::find_target("test", "cortex-m4");
  for (const emit::Optimise optimise : {emit::Optimise::size, emit::Optimise::speed}) {
    const CostModel costs(description, board, optimise);
    for (int point = 0; point < points; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const Cost exact = costs.exact(kept);
      const Cost expected = step_by_step(description, kept, emit::family_of(board, optimise));
      EXPECT_EQ(exact.rom, expected.rom);
      EXPECT_EQ(exact.ram, expected.ram);
      EXPECT_EQ(exact.flops, expected.flops);
      EXPECT_EQ(exact.parameters, expected.parameters);
      EXPECT_EQ(exact.constants, expected.constants);
      EXPECT_EQ(exact.instructions, expected.instructions);
    }
  }
}

TEST(CostModel, CostsBuiltInNetworksAsTheyAreLoweredAndPlanned) {
  RandomStream stream(1, 0, "kept");
  for (const BuiltIn& network : built_in_networks()) {
    SCOPED_TRACE(network.name);
    expect_exact_costs(build(network, network.example, std::min(network.width, 40), "test"), 20, stream);
  }
}

TEST(CostModel, CostsRandomNetworksAsTheyAreLoweredAndPlanned) {
  RandomStream stream(9, 0, "kept");
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    expect_exact_costs(test::random_description(seed, 1 + static_cast<int>(seed % 2)), 10, stream);
  }
}

TEST(CostModel, RefusesATargetWithoutATableOfKernels) {
  const Description description = dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = 8});
  EXPECT_THROW(CostModel(description, target::find_target("test", "host")), InputError);
}

TEST(Estimate, NeverExceedsTheExactCostAndEqualsItsFlops) {
  RandomStream stream(1, 0, "points");
  constexpr int kNetworks = 100, kPoints = 100;
  int rom_equal = 0, ram_equal = 0;
  double widest_rom = 0.0, widest_ram = 0.0;  // bytes that the estimate lacks
  for (int network = 0; network < kNetworks; ++network) {
    const CostModel costs = dscnn_costs(1 + static_cast<std::int32_t>(stream.below(128)),
                                        3 + static_cast<std::int32_t>(stream.below(300)));
    for (int point = 0; point < kPoints; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const Cost exact = costs.exact(kept);
      const Estimates lower = estimate(costs, real(kept));
      const auto rom = static_cast<double>(exact.rom.value), ram = static_cast<double>(exact.ram.value);
      ASSERT_LE(lower.rom[0], rom);
      ASSERT_LE(lower.ram[0], ram);
      ASSERT_EQ(lower.flops[0], static_cast<double>(exact.flops.value));
      rom_equal += lower.rom[0] == rom;
      ram_equal += lower.ram[0] == ram;
      widest_rom = std::max(widest_rom, rom - lower.rom[0]);
      widest_ram = std::max(widest_ram, ram - lower.ram[0]);
    }
  }
  RecordProperty("rom_equal", rom_equal);
  RecordProperty("ram_equal", ram_equal);
  RecordProperty("widest_rom", static_cast<int>(widest_rom));
  RecordProperty("widest_ram", static_cast<int>(widest_ram));
  // 23 operators with weights pad two arrays each by up to 3 B.
  EXPECT_LE(widest_rom, 2 * 3 * 32);
}

/// The estimate lets outputs overwrite inputs from their first byte on; kernels keep up to a window's
/// distance.
TEST(Estimate, EqualsTheExactRomAndComesNearTheRamsBoundWhereCountsNeedNoPadding) {
  const CostModel costs = dscnn_costs(64);
  RandomStream stream(2, 0, "kept");
  for (int i = 0; i < 200; ++i) {
    std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
    for (std::size_t g = 0; g < kept.size(); ++g) kept[g] = (kept[g] + 3) / 4 * 4;
    const Cost exact = costs.exact(kept);
    const Estimates lower = estimate(costs, real(kept));
    const ir::Graph graph = lower::lower(skeleton(prune(costs.description(), kept)));
    const emit::KernelChoice choice(graph, emit::Family::portable);
    const auto of_steps = emit::plan_memory(graph, choice, {.search_nodes = 0}).lower_bound;
    const auto bound = static_cast<double>(of_steps.value);
    EXPECT_EQ(lower.rom[0], static_cast<double>(exact.rom.value));
    EXPECT_LE(lower.ram[0], bound);
    EXPECT_GE(lower.ram[0], bound - 3 * 64);
  }
}

TEST(Estimate, NeverExceedsTheExactCostBehindAFrontEnd) {
  RandomStream stream(8, 0, "points");
  int of_filling = 0;
  for (int network = 0; network < 20; ++network) {
    features::LogMel log_mel;
    log_mel.frame = 32 << stream.below(7);
    log_mel.bands = 4;
    Description description = dscnn_se_1d({.length = log_mel.frames(),
                                           .channels = log_mel.bands,
                                           .classes = 4,
                                           .width = 1 + static_cast<std::int32_t>(stream.below(60))});
    const CostModel plain(description, target::find_target("test", "cortex-m4"));
    description.log_mel = log_mel;
    const CostModel costs(description, target::find_target("test", "cortex-m4"));
    for (int point = 0; point < 20; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const Cost exact = costs.exact(kept), without = plain.exact(kept);
      const Estimates lower = estimate(costs, real(kept));
      ASSERT_LE(lower.rom[0], static_cast<double>(exact.rom.value));
      ASSERT_LE(lower.ram[0], static_cast<double>(exact.ram.value));
      EXPECT_GE(lower.rom[0], static_cast<double>(exact.rom.value) - 6.0 * 60);
      const std::int64_t filling =
          (log_mel.frames() * log_mel.bands + 3) / 4 * 4 + emit::front_end_scratch(log_mel);
      EXPECT_EQ((exact.constants - without.constants).value, emit::front_end_constant_bytes(log_mel));
      EXPECT_GE(exact.ram.value, std::max(without.ram.value, filling));
      EXPECT_LE(exact.ram.value,
                std::max(without.ram.value, filling) * 102 / 100);  // a plan may miss its bound
      of_filling += exact.ram > without.ram ? 1 : 0;
    }
  }
  EXPECT_GT(of_filling, 50);
}

/// Residual sums, concatenations, pools and flattened tensors over one and two axes.
TEST(Estimate, NeverExceedsTheExactCostOfRandomNetworks) {
  RandomStream stream(6, 0, "points");
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const CostModel costs(test::random_description(seed, 1 + static_cast<int>(seed % 2)),
                          target::find_target("test", "cortex-m4"));
    for (int point = 0; point < 20; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const Cost exact = costs.exact(kept);
      const Estimates lower = estimate(costs, real(kept));
      ASSERT_LE(lower.rom[0], static_cast<double>(exact.rom.value));
      ASSERT_GE(lower.rom[0], static_cast<double>(exact.rom.value) - 6.0 * 60 - 20.0 * 60);
      ASSERT_LE(lower.ram[0], static_cast<double>(exact.ram.value));
      ASSERT_EQ(lower.flops[0], static_cast<double>(exact.flops.value));
    }
  }
}

TEST(Estimate, NeverExceedsTheExactCostOfTheBuiltInNetworks) {
  RandomStream stream(7, 0, "points");
  for (const BuiltIn& network : built_in_networks()) {
    SCOPED_TRACE(network.name);
    const CostModel costs(build(network, network.example, network.width, "test"),
                          target::find_target("test", "cortex-m4"));
    for (int point = 0; point < 30; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const Cost exact = costs.exact(kept);
      const Estimates lower = estimate(costs, real(kept));
      ASSERT_LE(lower.rom[0], static_cast<double>(exact.rom.value));
      ASSERT_LE(lower.ram[0], static_cast<double>(exact.ram.value));
      ASSERT_EQ(lower.flops[0], static_cast<double>(exact.flops.value));
    }
  }
}

double estimated_instructions(const CostModel& costs, const std::vector<double>& kept) {
  std::vector<double> instructions;
  costs.estimate_instructions(kept, 1, instructions);
  return instructions[0];
}

/// Kernels of one axis take channels by fours and what is left one by one.
TEST(Estimate, OfInstructionsIsNeverMoreAndThePredictionWherePortableKernelsTakeWholeFours) {
  RandomStream stream(6, 0, "kept");
  int whole_fours = 0;
  for (int network = 0; network < 40; ++network) {
    const auto width = 1 + static_cast<std::int32_t>(stream.below(128));
    const auto length = 3 + static_cast<std::int32_t>(stream.below(300));
    const CostModel portable = dscnn_costs(width, length);
    const CostModel dsp = dscnn_costs(width, length, emit::Optimise::speed);
    for (int point = 0; point < 20; ++point) {
      std::vector<std::int32_t> kept = random_kept(portable.groups(), stream);
      const auto exact = static_cast<double>(portable.exact(kept).instructions);
      EXPECT_LE(estimated_instructions(portable, real(kept)), exact);
      EXPECT_GE(estimated_instructions(portable, real(kept)), exact / 4);
      for (std::int32_t& count : kept)
        if (count > 4) count -= count % 4;
      if (std::ranges::all_of(kept, [](std::int32_t count) { return count % 4 == 0; })) {
        ++whole_fours;
        EXPECT_EQ(std::ceil(estimated_instructions(portable, real(kept))),
                  static_cast<double>(portable.exact(kept).instructions));
      }
      const auto with_dsp = static_cast<double>(dsp.exact(kept).instructions);
      EXPECT_LE(estimated_instructions(dsp, real(kept)), with_dsp);
      EXPECT_GE(estimated_instructions(dsp, real(kept)), with_dsp / 4);
    }
  }
  EXPECT_GE(whole_fours, 50);
}

TEST(Estimate, OfInstructionsHasThoseOfTheFeatures) {
  RandomStream stream(11, 0, "kept");
  const features::LogMel log_mel;
  Description description =
      dscnn_se_1d({.length = log_mel.frames(), .channels = log_mel.bands, .classes = 4, .width = 40});
  for (const char* core : {"cortex-m0", "cortex-m4"}) {
    const target::Target& board = target::find_target("test", core);
    description.log_mel.reset();
    const CostModel plain(description, board, emit::Optimise::speed);
    description.log_mel = log_mel;
    const CostModel costs(description, board, emit::Optimise::speed);
    const emit::InstructionCosts rows(board.name, emit::family_of(board, emit::Optimise::speed));
    const std::int64_t features = rows.of_features(skeleton(description));
    EXPECT_GT(features, 1'000'000);
    for (int point = 0; point < 10; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      EXPECT_EQ(costs.exact(kept).instructions, plain.exact(kept).instructions + features);
      EXPECT_NEAR(estimated_instructions(costs, real(kept)),
                  estimated_instructions(plain, real(kept)) + static_cast<double>(features), 1e-3);
      EXPECT_LE(estimated_instructions(costs, real(kept)),
                static_cast<double>(costs.exact(kept).instructions));
    }
  }
}

TEST(Estimate, OfInstructionsIsNeverMoreWithVectorKernels) {
  RandomStream stream(10, 0, "kept");
  for (const std::int32_t width : {6, 20, 64}) {
    const CostModel costs(dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = width}),
                          target::find_target("test", "cortex-m55"), emit::Optimise::speed);
    for (int point = 0; point < 20; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const auto exact = static_cast<double>(costs.exact(kept).instructions);
      EXPECT_GT(exact, 0.0);
      EXPECT_LE(estimated_instructions(costs, real(kept)), exact);
      EXPECT_GE(estimated_instructions(costs, real(kept)), exact / 4);
    }
  }
}

TEST(Estimate, NeverExceedsTheExactCostWithDspKernels) {
  RandomStream stream(7, 0, "kept");
  for (int network = 0; network < 40; ++network) {
    const CostModel costs =
        dscnn_costs(1 + static_cast<std::int32_t>(stream.below(128)),
                    3 + static_cast<std::int32_t>(stream.below(300)), emit::Optimise::speed);
    for (int point = 0; point < 20; ++point) {
      const std::vector<std::int32_t> kept = random_kept(costs.groups(), stream);
      const Cost exact = costs.exact(kept);
      const Estimates lower = estimate(costs, real(kept));
      EXPECT_LE(lower.rom[0], static_cast<double>(exact.rom.value));
      EXPECT_LE(lower.ram[0], static_cast<double>(exact.ram.value));
      EXPECT_EQ(lower.flops[0], static_cast<double>(exact.flops.value));
    }
  }
}

TEST(Estimate, OfARealCountLiesBetweenItsWholeNeighbours) {
  const CostModel costs = dscnn_costs(50);
  RandomStream stream(3, 0, "kept");
  for (int i = 0; i < 200; ++i) {
    std::vector<double> below, between, above;
    for (const Group& group : costs.groups()) {
      between.push_back(stream.uniform(1.0, group.channels));
      below.push_back(std::floor(between.back()));
      above.push_back(std::ceil(between.back()));
    }
    const Estimates low = estimate(costs, below), middle = estimate(costs, between),
                    high = estimate(costs, above);
    EXPECT_LT(low.rom[0], middle.rom[0]);
    EXPECT_LT(middle.rom[0], high.rom[0]);
    EXPECT_LE(low.ram[0], middle.ram[0]);
    EXPECT_LE(middle.ram[0], high.ram[0]);
    EXPECT_LT(low.flops[0], middle.flops[0]);
    EXPECT_LT(middle.flops[0], high.flops[0]);
  }
}

TEST(Estimate, OfACandidateIsTheSameInAnyBatch) {
  const CostModel costs = dscnn_costs(50);
  RandomStream stream(4, 0, "kept");
  constexpr std::int64_t kRows = 131;  // two whole blocks and a part of one
  std::vector<double> batch;
  for (std::int64_t i = 0; i < kRows; ++i) {
    for (const Group& group : costs.groups()) batch.push_back(stream.uniform(1.0, group.channels));
  }
  const Estimates together = estimate(costs, batch);
  ASSERT_EQ(together.rom.size(), static_cast<std::size_t>(kRows));
  const std::size_t groups = costs.groups().size();
  for (std::size_t i = 0; i < static_cast<std::size_t>(kRows); ++i) {
    const auto row = batch.begin() + static_cast<std::ptrdiff_t>(i * groups);
    const Estimates alone = estimate(costs, {row, row + static_cast<std::ptrdiff_t>(groups)});
    EXPECT_EQ(alone.rom[0], together.rom[i]);
    EXPECT_EQ(alone.ram[0], together.ram[i]);
    EXPECT_EQ(alone.flops[0], together.flops[i]);
  }
}

TEST(Estimate, OfNothingIsEmpty) {
  EXPECT_TRUE(estimate(dscnn_costs(8), {}).rom.empty());
}

TEST(CostModel, AnswersSeveralThreadsAtOnce) {
  const CostModel costs = dscnn_costs(30);
  std::vector<std::vector<std::int32_t>> kept;
  std::vector<Cost> alone;
  RandomStream stream(5, 0, "kept");
  for (int i = 0; i < 64; ++i) {
    kept.push_back(random_kept(costs.groups(), stream));
    alone.push_back(costs.exact(kept.back()));
  }
  std::vector<int> equal(kept.size(), 0);
  ThreadPool pool(4);
  pool.for_each_chunk(static_cast<std::int64_t>(kept.size()), [&](std::int64_t chunk) {
    const auto i = static_cast<std::size_t>(chunk);
    const Cost cost = costs.exact(kept[i]);
    const Estimates lower = estimate(costs, real(kept[i]));
    equal[i] = cost.rom == alone[i].rom && cost.ram == alone[i].ram &&
               lower.flops[0] == static_cast<double>(alone[i].flops.value);
  });
  EXPECT_THAT(equal, ::testing::Each(1));
}

}  // namespace
}  // namespace parsimony::network
