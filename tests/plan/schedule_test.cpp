#include "parsimony/plan/schedule.hpp"

#include <gtest/gtest.h>

#include "brute_force.hpp"
#include "networks.hpp"
#include "random_kernels.hpp"

namespace parsimony::plan {
namespace {

Bytes bound(const ir::Graph& graph, const std::vector<KernelMemory>& memory) {
  return test::largest(least_bytes(graph, memory));
}

TEST(BestOrder, HasTheLeastBoundOfAllOrders) {
  int gained = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 3 + static_cast<int>(seed % 5), 100);
    const std::vector<KernelMemory> memory = test::RandomKernels{seed}.memory(graph);
    Bytes least = bound(graph, memory);
    for (const std::vector<std::int32_t>& order : test::all_orders(graph))
      least = std::min(least, bound(reordered(graph, order), reordered(memory, order)));
    const std::vector<std::int32_t> best = best_order(graph, memory);
    EXPECT_EQ(bound(reordered(graph, best), reordered(memory, best)), least) << seed;
    if (least == bound(graph, memory)) {
      EXPECT_TRUE(std::is_sorted(best.begin(), best.end())) << "changed for nothing: " << seed;
    } else {
      ++gained;
    }
  }
  EXPECT_GT(gained, 20);
}

TEST(BestOrder, IsTheGivenOneWhenTheNodesAreSpent) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 10, 100);
    const std::vector<std::int32_t> order = best_order(graph, test::RandomKernels{seed}.memory(graph), 3);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  }
}

TEST(Schedule, NeverMakesTheArenaLargerAndItsPlanPassesTheReplay) {
  int gained = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 12, 100);
    const test::RandomKernels kernels{seed};
    const std::vector<KernelMemory> memory = kernels.memory(graph);
    const std::vector<std::int32_t> order = best_order(graph, memory);
    const ir::Graph scheduled = schedule(graph, memory);
    const Bytes before = best_plan(graph, memory).arena;
    if (scheduled == graph) continue;
    const Plan after = best_plan(scheduled, reordered(memory, order));
    EXPECT_LT(after.arena, before);
    const AccessTrace trace = [&](std::size_t step, Direction direction) {
      return kernels.trace(graph, static_cast<std::size_t>(order[step]), direction);
    };
    EXPECT_EQ(find_violation(scheduled, after, trace), "") << seed;
    ++gained;
  }
  EXPECT_GT(gained, 20);
}

/// Two branches of which one must wait: the wide one first, reduced to little, then the narrow one.
TEST(Schedule, RunsTheBranchThatShrinksFirst) {
  test::SkeletonBuilder net("branches", {8});
  using enum ir::OperatorKind;
  const ir::TensorId narrow = net.push(table, {net.input()}, {60});
  const ir::TensorId wide = net.push(table, {net.input()}, {100});
  const ir::TensorId reduced = net.push(table, {wide}, {4});
  net.push(concatenation, {narrow, reduced}, {64});
  const ir::Graph graph = net.finish();
  const std::vector<KernelMemory> none(graph.operators.size());
  EXPECT_EQ(best_plan(graph, none).arena.value, 168);  // x, narrow and wide
  const ir::Graph scheduled = schedule(graph, none);
  EXPECT_EQ(best_plan(scheduled, none).arena.value, 128);
  EXPECT_EQ(scheduled.operators[0].name, graph.operators[1].name);
}

}  // namespace
}  // namespace parsimony::plan
