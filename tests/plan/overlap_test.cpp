#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "block_kernels.hpp"
#include "brute_force.hpp"
#include "networks.hpp"
#include "parsimony/plan/arena_planners.hpp"
#include "parsimony/plan/buffers.hpp"
#include "parsimony/plan/search.hpp"
#include "random_kernels.hpp"

namespace parsimony::plan {
namespace {

using test::RandomKernels;
using ::testing::HasSubstr;

constexpr std::int64_t kUnlimited = 1 << 30;

TEST(BestPlanWithOverlap, KeepsItsBoundAndPassesTheReplayOnRandomGraphs) {
  int overlapping = 0;
  int reversed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 3 + static_cast<int>(seed % 20), 150);
    const RandomKernels kernels{seed};
    const Plan plan = best_plan(graph, kernels.memory(graph), {.search_nodes = 200});
    ASSERT_EQ(find_violation(graph, plan, kernels.trace_of(graph)), "") << seed;
    EXPECT_GE(plan.arena, plan.lower_bound);
    EXPECT_GE(plan.lower_bound, test::largest(least_bytes(graph, kernels.memory(graph))));
    EXPECT_LE(test::largest(least_bytes(graph, kernels.memory(graph))), plan.plain_bound);
    for (std::size_t step = 0; step < graph.operators.size(); ++step)
      EXPECT_TRUE(plan.directions[step] == Direction::forward || kernels.memory(graph)[step].reversible);
    overlapping += plan.arena < plan.plain_bound ? 1 : 0;
    reversed += std::count(plan.directions.begin(), plan.directions.end(), Direction::reverse) > 0 ? 1 : 0;
  }
  EXPECT_GT(overlapping, 100);
  EXPECT_GT(reversed, 50);
}

/// What fills the input is alive with it alone: the arena is the larger of both, never their sum.
TEST(BestPlanWithOverlap, FillsTheInputWithScratchThatNothingElseSees) {
  int larger = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 3 + static_cast<int>(seed % 20), 150);
    const RandomKernels kernels{seed};
    const std::int64_t input = aligned(graph.tensor(graph.input).elements());
    const std::int64_t scratch = 4 + 4 * static_cast<std::int64_t>(seed);
    const Plan alone = best_plan(graph, kernels.memory(graph), {.search_nodes = 2000});
    Plan plan = best_plan(graph, kernels.memory(graph), {.search_nodes = 2000, .filling_scratch = scratch});
    ASSERT_EQ(find_violation(graph, plan, kernels.trace_of(graph)), "") << seed;
    EXPECT_EQ(plan.filling.bytes, scratch);
    EXPECT_GE(plan.lower_bound.value, input + scratch);
    if (plan.gap() == Bytes(0) && alone.gap() == Bytes(0)) {
      EXPECT_EQ(plan.arena.value, std::max(alone.arena.value, input + scratch)) << seed;
      larger += plan.arena > alone.arena ? 1 : 0;
      if (plan.arena > alone.arena) {
        EXPECT_LT(plan.peak_step, 0) << seed;
      }
      if (input + scratch < alone.arena.value) {
        EXPECT_GE(plan.peak_step, 0) << seed;
      }
    }
    plan.filling.offset = plan.tensors[static_cast<std::size_t>(graph.input)].offset;
    EXPECT_THAT(find_violation(graph, plan, kernels.trace_of(graph)), HasSubstr("fills the input"));
  }
  EXPECT_GT(larger, 20);
}

TEST(BestPlanWithOverlap, FindsTheSmallestArenaOfTinyGraphs) {
  int above_bound = 0;
  int by_search = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 2 + static_cast<int>(seed % 3), 24);
    const RandomKernels kernels{seed, 12};
    const std::vector<KernelMemory> memory = kernels.memory(graph);
    const Plan plan = best_plan(graph, memory, {.search_nodes = kUnlimited});
    const std::int64_t smallest = test::BruteForce(graph, memory).smallest_arena();
    EXPECT_EQ(plan.arena.value, smallest) << seed;
    EXPECT_EQ(plan.lower_bound.value, smallest) << seed;
    EXPECT_LE(test::largest(least_bytes(graph, memory)).value, smallest) << seed;
    above_bound += test::largest(least_bytes(graph, memory)).value < smallest ? 1 : 0;
    by_search += plan.planner == "search" ? 1 : 0;
  }
  EXPECT_GT(above_bound, 2);  // both kinds are among them
  EXPECT_GT(by_search, 2);
}

/// Kernels that go channel by channel: in place or apart.
TEST(BestPlanWithOverlap, IsTheSmallestWhereOutputsMayOnlyLieExactlyInPlace) {
  int in_place = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 3 + static_cast<int>(seed % 3), 24);
    std::vector<KernelMemory> memory = RandomKernels{seed, 12}.memory(graph);
    for (std::size_t step = 0; step < memory.size(); ++step) {
      const ir::Operator& op = graph.operators[step];
      if (op.inputs.size() != 1 || memory[step].clearance.empty() || (seed + step) % 3 == 0) continue;
      memory[step].clearance = {
          {graph.tensor(op.output).elements(), graph.tensor(op.inputs[0]).elements(), true}};
    }
    const Plan plan = best_plan(graph, memory, {.search_nodes = kUnlimited});
    EXPECT_EQ(plan.arena.value, test::BruteForce(graph, memory).smallest_arena()) << seed;
    EXPECT_LE(test::largest(least_bytes(graph, memory)).value, plan.arena.value) << seed;
    for (std::size_t step = 0; step < memory.size(); ++step) {
      const ir::Operator& op = graph.operators[step];
      if (memory[step].clearance.size() != 1 || !memory[step].clearance[0].in_place) continue;
      in_place += plan.tensors[static_cast<std::size_t>(op.output)].offset ==
                          plan.tensors[static_cast<std::size_t>(op.inputs[0])].offset
                      ? 1
                      : 0;
    }
  }
  EXPECT_GT(in_place, 20);
}

TEST(BestPlanWithOverlap, WithoutAnyClearanceIsThePlainPlan) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 15, 100);
    const std::vector<KernelMemory> memory(graph.operators.size());
    const Plan plan = best_plan(graph, memory, {.search_nodes = 0});
    EXPECT_FALSE(plan.overlap);
    EXPECT_EQ(plan.lower_bound, plan.plain_bound);
    EXPECT_EQ(plan.arena, best_plan(graph).arena);
    EXPECT_EQ(find_violation(graph, plan), "");
  }
}

TEST(BestPlanWithOverlap, GivesAReshapeOnePlace) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 15, 100);
    const Plan plan = best_plan(graph, RandomKernels{seed}.memory(graph));
    for (const ir::Operator& op : graph.operators) {
      if (op.kind != ir::OperatorKind::reshape) continue;
      EXPECT_EQ(plan.tensors[static_cast<std::size_t>(op.output)].offset,
                plan.tensors[static_cast<std::size_t>(op.inputs[0])].offset);
    }
  }
}

/// x and y, both read for the last time by one operator that makes z.
ir::Graph join(std::int32_t x, std::int32_t z) {
  test::SkeletonBuilder net("join", {x});
  using enum ir::OperatorKind;
  const ir::TensorId y = net.push(table, {net.input()}, {x});
  net.push(concatenation, {net.input(), y}, {z});
  return net.finish();
}

std::int64_t least_of_join(std::int32_t x, std::int32_t z, const KernelMemory& kernel) {
  return least_bytes(join(x, z), std::vector<KernelMemory>{{}, kernel})[1].value;
}

TEST(BestPlanWithOverlap, TriesOperatorsOfSeveralInputsInBothDirectionsWithoutASearch) {
  const ir::Graph graph = join(100, 200);
  const auto arena = [&](const KernelMemory& kernel) {
    return best_plan(graph, std::vector<KernelMemory>{{}, kernel}, {.search_nodes = 0}).arena.value;
  };
  EXPECT_EQ(arena({0, {{200, 12}, {200, 20}}, true}), 320);  // in reverse, 20 bytes after y
  EXPECT_EQ(arena({0, {{200, 12}, {200, 20}}, false}), 400);
}

TEST(LeastBytes, AreThoseOfTheBestPlacementOfOneOperator) {
  const Clearance in_place{0, 0};
  // Over one of both inputs; over both in a row; a row apart from each; nothing shared.
  EXPECT_EQ(least_of_join(100, 100, {8, {in_place, in_place}, true}), 208);
  EXPECT_EQ(least_of_join(100, 200, {0, {in_place, in_place}, true}), 200);
  EXPECT_EQ(least_of_join(100, 200, {0, {{40, 300}, {60, 300}}, true}), 240);
  EXPECT_EQ(least_of_join(100, 200, {0, {{300, 12}, {300, 20}}, true}), 232);
  EXPECT_EQ(least_of_join(100, 200, {0, {{300, 12}, {300, 20}}, false}), 400);
  EXPECT_EQ(least_of_join(100, 200, {0, {}, true}), 400);
}

TEST(PlaceBySearch, SpendsAtMostTheNodesItWasGivenAndTheSameEachTime) {
  int searched = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 18, 150);
    const std::vector<KernelMemory> memory = RandomKernels{seed}.memory(graph);
    const Buffers buffers = buffers_of(graph, memory);
    const Bytes bound = test::largest(least_bytes(buffers));
    const std::int64_t all = bound.value * 2;
    for (const std::int64_t limit : {1, 2, 3, 10, 100}) {
      const SearchResult once = place_by_search(buffers, pairs_of(buffers), bound, all, limit);
      const SearchResult again = place_by_search(buffers, pairs_of(buffers), bound, all, limit);
      EXPECT_LE(once.nodes, limit);
      EXPECT_EQ(once.nodes, again.nodes);
      EXPECT_EQ(once.offsets.offsets, again.offsets.offsets);
      EXPECT_EQ(once.proven, again.proven);
      if (once.nodes == limit) ++searched;
    }
  }
  EXPECT_GT(searched, 200);
}

TEST(PlaceBySearch, NeverFindsMoreThanThePeakToBeat) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 15, 150);
    const Buffers buffers = buffers_of(graph, RandomKernels{seed}.memory(graph));
    const Bytes bound = test::largest(least_bytes(buffers));
    const SearchResult found = place_by_search(buffers, pairs_of(buffers), bound, bound.value + 40, 100);
    if (found.offsets.offsets.empty()) continue;
    EXPECT_LT(found.offsets.peak, bound.value + 40);
    EXPECT_GE(found.offsets.peak, found.proven.value);
  }
}

/// The figures of the literature, without scratch (windows of one pixel): the plain bound, and with overlap.
TEST(Arenas, OfTheMlperfModelsAreThePublishedOnes) {
  const test::BlockKernels kernels{.pixels = 1, .scratch = false};
  const auto plan = [&](const ir::Graph& graph) { return best_plan(graph, kernels.memory(graph)); };
  const Plan ic = plan(test::image_classification()), kws = plan(test::keyword_spotting());
  const Plan vww = plan(test::visual_wake_words()), ad = plan(test::anomaly_detection());
  EXPECT_EQ(ic.plain_bound.value, 49152);
  EXPECT_EQ(ic.arena.value, 33296);
  EXPECT_EQ(kws.plain_bound.value, 16000);
  EXPECT_EQ(kws.arena.value, 8384);
  EXPECT_EQ(vww.plain_bound.value, 55296);
  EXPECT_EQ(vww.arena.value, 36864);
  EXPECT_EQ(ad.plain_bound.value, 768);
  EXPECT_EQ(ad.arena.value, 768);
}

TEST(Arenas, OfTheMlperfModelsKeepTheirLimitsWithScratch) {
  const test::BlockKernels kernels;
  for (const auto& [graph, most] : {std::pair{test::image_classification(), 34000},
                                    {test::keyword_spotting(), 8700},
                                    {test::visual_wake_words(), 37200},
                                    {test::anomaly_detection(), 1100}}) {
    const Plan plan = best_plan(graph, kernels.memory(graph));
    EXPECT_LE(plan.arena.value, most) << graph.name;
    EXPECT_EQ(plan.gap().value, 0) << graph.name;
    EXPECT_EQ(find_violation(graph, plan, kernels.trace_of(graph)), "") << graph.name;
  }
}

}  // namespace
}  // namespace parsimony::plan
