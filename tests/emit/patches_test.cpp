#include "parsimony/emit/patches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "../lower/random_cut.hpp"
#include "../plan/networks.hpp"
#include "emitted.hpp"
#include "parsimony/emit/cost.hpp"
#include "parsimony/emit/memory.hpp"
#include "parsimony/ir/interpreter.hpp"

namespace parsimony::emit {
namespace {

TEST(PatchedPlan, PassesTheReplayOfItsKernelsAndKeepsItsBound) {
  int shared = 0, optimal = 0, plans = 0;
  test::for_each_cut(300, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& cut = random.cut;
    const KernelChoice choice(cut, seed % 2 == 0 ? Family::portable : Family::dsp);
    const plan::Plan plan = plan_memory(cut, choice);
    verify_memory(cut, plan, choice);  // stops the program
    ASSERT_GE(plan.arena, plan.lower_bound) << seed;
    optimal += plan.gap() == Bytes(0) ? 1 : 0;
    shared += plan.arena < plan.plain_bound ? 1 : 0;
    ++plans;
  });
  EXPECT_GT(plans, 150);
  EXPECT_GT(shared, plans / 4);
  EXPECT_GT(optimal, plans / 2);
}

TEST(PatchedPlan, IsRefusedWhenASliceOrAPartLiesElsewhere) {
  int moved = 0;
  test::for_each_cut(150, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& cut = random.cut;
    const KernelChoice choice(cut, Family::portable);
    const plan::AccessTrace trace = [&](std::size_t step, plan::Direction direction) {
      return kernel_accesses(cut, cut.operators[step], choice.of(cut.operators[step]), direction);
    };
    for (const ir::Operator& op : cut.operators) {
      if (!ir::is_view(op.kind)) continue;
      plan::Plan plan = plan_memory(cut, choice);
      plan.arena = plan.arena + Bytes(4);
      plan.tensors[static_cast<std::size_t>(op.output)].offset += 4;
      ASSERT_NE(plan::find_violation(cut, plan, trace), "") << seed << ' ' << op.name;
      ++moved;
    }
  });
  EXPECT_GT(moved, 100);
}

/// A tensor that is moved onto any other that is alive is seen, the rows of slices and parts among them.
TEST(PatchedPlan, IsRefusedWhenAByteIsOverwrittenBeforeItsLastUse) {
  int refused = 0;
  test::for_each_cut(80, [&](std::uint64_t, const test::RandomCut& random) {
    const ir::Graph& cut = random.cut;
    const KernelChoice choice(cut, Family::portable);
    const plan::Plan good = plan_memory(cut, choice);
    for (std::size_t tensor = 0; tensor < good.tensors.size(); ++tensor) {
      plan::Plan plan = good;
      plan.tensors[tensor].offset = 0;
      const auto trace = [&](std::size_t step, plan::Direction direction) {
        return kernel_accesses(cut, cut.operators[step], choice.of(cut.operators[step]), direction);
      };
      refused += plan::find_violation(cut, plan, trace).empty() ? 0 : 1;
    }
  });
  EXPECT_GT(refused, 200);
}

TEST(PatchedC, HasTheConstantsOfAnOperatorOnceForEachKernel) {
  test::for_each_cut(60, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& cut = random.cut;
    const KernelChoice choice(cut, kCostedFamily);
    std::set<std::pair<std::string, Kernel>> expected;
    for (const ir::Operator& op : cut.operators)
      if (ir::has_weights(op.kind))
        expected.emplace(op.constants_of.empty() ? op.name : op.constants_of, choice.of(op));
    const std::string source = test::emitted(cut, "net").at("model.c");
    std::size_t arrays = 0;
    for (std::size_t at = 0; (at = source.find("_weights[", at)) != std::string::npos; ++at) ++arrays;
    EXPECT_EQ(arrays, expected.size()) << seed;
  });
}

TEST(PatchedC, EqualsTheInterpreterUnderAddressAndUndefinedSanitizers) {
  const test::TemporaryFolder temporary;
  int folders = 0;
  test::for_each_cut(100, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& graph = random.graph;
    const ir::Graph& cut = random.cut;
    if (folders == 8) return;
    const auto folder = temporary.path / std::to_string(seed);
    const Optimise optimise = folders % 4 == 0 ? Optimise::size : Optimise::speed;
    const char* target = folders % 4 == 2 ? "cortex-m3" : folders % 4 == 3 ? "cortex-m55" : "cortex-m4";
    ++folders;
    write_folder(test::emitted(cut, "net", optimise, target), folder);
    const std::string said =
        test::run(folder, {"make", "-s", "test-host", "CC=gcc",
                           "CFLAGS=-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"});
    EXPECT_THAT(said, testing::HasSubstr("golden vectors: 4 cases, all right")) << seed;
    for (std::uint32_t test = 0; test < 4; ++test) {
      const auto input = test::random_values(test, graph.tensor(graph.input).elements());
      EXPECT_EQ(ir::interpret(cut, input), ir::interpret(graph, input)) << seed;
    }
  });
  EXPECT_EQ(folders, 8);
}

TEST(ChoosePatches, SpendsNoMoreThanIsAllowedAndSaysWhatItCostsAndSaves) {
  for (const ir::Graph& network : {test::image_classification(), test::visual_wake_words()}) {
    const ir::Graph graph = lower::lower(network);
    Bytes arena = plan_memory(graph, Family::dsp).arena;
    for (const double allowed : {0.5, 5.0, 20.0}) {
      const auto& [cut, patches] = choose_patches(graph, Family::dsp, allowed);
      EXPECT_LE(100.0 * static_cast<double>(ir::macs(cut) - ir::macs(graph)),
                allowed * static_cast<double>(ir::macs(graph)));
      EXPECT_EQ(patches.macs, ir::macs(cut));
      EXPECT_EQ(patches.macs_before, ir::macs(graph));
      EXPECT_EQ(patches.arena, plan_memory(cut, Family::dsp).arena);
      EXPECT_LE(patches.arena, arena) << "more extra work, more RAM";
      arena = patches.arena;
    }
    EXPECT_LT(arena.value * 5, plan_memory(graph, Family::dsp).arena.value * 4);
  }
}

TEST(ChoosePatches, LeavesANetworkAsItIsWhereNothingIsSaved) {
  const ir::Graph graph = lower::lower(test::anomaly_detection());
  const auto& [cut, patches] = choose_patches(graph, Family::dsp, 50);
  EXPECT_EQ(cut, graph);
  EXPECT_TRUE(patches.segments.empty());
  EXPECT_EQ(patches.extra_percent(), 0.0);
}

TEST(InBestOrder, LeavesANetworkByPatchesInItsOrder) {
  test::for_each_cut(40, [&](std::uint64_t seed, const test::RandomCut& random) {
    EXPECT_EQ(in_best_order(random.cut, Family::portable), random.cut) << seed;
  });
}

/// Of all choices of one segment there is none that the shortest path misses.
TEST(ChoosePatches, IsNoLargerThanAnySingleSegmentWithinTheAllowance) {
  int cut_graphs = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const ir::Graph graph = lower::lower(test::random_graph(seed, {.operators = 10, .max_length = 32}));
    const auto& [chosen, patches] = choose_patches(graph, Family::portable, 10);
    cut_graphs += patches.segments.empty() ? 0 : 1;
    for (std::size_t first = 0; first < graph.operators.size(); ++first)
      for (std::size_t last = first; last < graph.operators.size(); ++last)
        for (std::int32_t bands = 2; bands <= 4 && lower::can_be_cut(graph, first, last); ++bands) {
          const lower::Segment segment{first, last, bands};
          const auto cut = lower::cut_into_bands(graph, std::span(&segment, 1));
          if (!cut || 10 * (ir::macs(*cut) - ir::macs(graph)) > ir::macs(graph)) continue;
          EXPECT_LE(patches.arena.value, plan_memory(*cut, Family::portable).arena.value)
              << seed << ' ' << first << ' ' << last << ' ' << bands;
        }
  }
  EXPECT_GT(cut_graphs, 10);
}

}  // namespace
}  // namespace parsimony::emit
