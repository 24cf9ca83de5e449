// The verifier on plans in which outputs lie over inputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../ir/random_graph.hpp"
#include "block_kernels.hpp"
#include "networks.hpp"
#include "parsimony/plan/plan.hpp"
#include "random_kernels.hpp"

namespace parsimony::plan {
namespace {

using ::testing::HasSubstr;

/// One operator from x to y, with its output `difference` bytes after its input, in that direction.
Plan one_operator_plan(const ir::Graph& graph, std::int64_t difference, Direction direction) {
  const std::int64_t x = graph.tensor(graph.input).elements(), y = graph.tensor(graph.output).elements();
  Plan plan;
  plan.tensors = {{std::max<std::int64_t>(-difference, 0), x, 0, 0},
                  {std::max<std::int64_t>(difference, 0), y, 0, 0}};
  plan.scratch = {{0, 0, 0, 0}};
  plan.directions = {direction};
  plan.overlap = true;
  plan.arena = Bytes((x + y + std::abs(difference) + 8) / 4 * 4);
  return plan;
}

/// @param words  channels in whole words and no input between two windows: every word too near is then read
/// or
///               written
ir::Graph one_operator(std::uint64_t seed, bool words) {
  RandomStream random(seed, 0, "one operator");
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  const auto channels = [&] { return words ? 4 * pick(1, 3) : pick(1, 12); };
  test::SkeletonBuilder net("one", {pick(1, 9), pick(1, 9), channels()});
  const int stride = pick(1, 2);
  const int least = words ? stride : 1;
  if (pick(0, 1) == 0) {
    net.depthwise(net.input(), pick(least, 5), stride);
  } else {
    net.convolution(net.input(), channels(), {pick(least, 5), pick(least, 5)}, stride);
  }
  return net.finish();
}

/// One operator and its distances of whole words.
struct Distances {
  explicit Distances(const ir::Graph& its_graph, std::int32_t pixels)
      : graph(its_graph), kernels{.pixels = pixels, .scratch = false} {}

  const ir::Graph& graph;
  test::BlockKernels kernels;
  Clearance clearance = kernels.memory(graph, 0).clearance[0];
  std::int64_t x = (graph.tensor(graph.input).elements() + 3) / 4 * 4;
  std::int64_t y = (graph.tensor(graph.output).elements() + 3) / 4 * 4;

  bool allowed(std::int64_t difference, Direction direction) const {
    return direction == Direction::forward ? difference <= -clearance.below || difference >= x
                                           : difference >= clearance.above || difference <= -y;
  }
  std::string violation(std::int64_t difference, Direction direction) const {
    return find_violation(graph, one_operator_plan(graph, difference, direction), kernels.trace_of(graph));
  }
};

constexpr Direction kDirections[] = {Direction::forward, Direction::reverse};

TEST(Replay, AcceptsWhateverAClearanceAllows) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const ir::Graph graph = one_operator(seed, false);
    const Distances distances(graph, 1 + static_cast<int>(seed % 3));
    for (const Direction direction : kDirections)
      for (std::int64_t at = -distances.y - 8; at <= distances.x + 8; at += 4)
        if (distances.allowed(at, direction)) {
          ASSERT_EQ(distances.violation(at, direction), "") << seed << " at " << at;
        }
  }
}

TEST(Replay, RefusesOneWordLessThanAClearance) {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ir::Graph graph = one_operator(seed, true);
    const Distances distances(graph, 1 + static_cast<int>(seed % 3));
    for (const Direction direction : kDirections) {
      const std::int64_t at =
          direction == Direction::forward ? -distances.clearance.below + 4 : distances.clearance.above - 4;
      if (distances.allowed(at, direction)) continue;
      EXPECT_THAT(distances.violation(at, direction), HasSubstr("overwritten")) << seed << " at " << at;
      ++refused;
    }
  }
  EXPECT_GT(refused, 200);
}

TEST(Replay, RefusesTheOtherDirection) {
  test::SkeletonBuilder net("one", {8, 8, 4});
  net.depthwise(net.input(), 3, 1);
  const ir::Graph graph = net.finish();
  const test::BlockKernels kernels{.pixels = 1, .scratch = false};
  const Clearance clearance = kernels.memory(graph, 0).clearance[0];
  EXPECT_EQ(find_violation(graph, one_operator_plan(graph, -clearance.below, Direction::forward),
                           kernels.trace_of(graph)),
            "");
  EXPECT_THAT(find_violation(graph, one_operator_plan(graph, -clearance.below, Direction::reverse),
                             kernels.trace_of(graph)),
              HasSubstr("overwritten"));
}

/// Plans with an overlap, each buffer moved onto every other that is alive with it.
TEST(Replay, SeesEveryTensorMovedOntoAnotherThatItMayNotOverlap) {
  int seen = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 8, 100);
    const test::RandomKernels kernels{seed};
    std::vector<KernelMemory> memory = kernels.memory(graph);
    const Plan good = best_plan(graph, memory);
    for (std::size_t a = 0; a < good.tensors.size(); ++a)
      for (std::size_t b = 0; b < good.tensors.size(); ++b) {
        const Placement &pa = good.tensors[a], &pb = good.tensors[b];
        // Alive together for more than the step that reads one and writes the other.
        if (a == b || pa.first >= pb.last || pb.first >= pa.last || pa.offset == pb.offset) continue;
        Plan moved = good;
        moved.tensors[a].offset = pb.offset;
        moved.arena = Bytes(good.arena.value + 400);
        EXPECT_NE(find_violation(graph, moved, kernels.trace_of(graph)), "")
            << seed << ": " << a << ", " << b;
        ++seen;
      }
  }
  EXPECT_GT(seen, 100);
}

/// A plan with one overlap, spoilt in each way.
TEST(Replay, NamesWhatIsWrong) {
  test::SkeletonBuilder net("two", {6, 6, 4});
  net.convolution(net.depthwise(net.input(), 3, 1), 4, {1, 1}, 1);
  const ir::Graph graph = net.finish();
  const test::BlockKernels kernels;
  const Plan good = best_plan(graph, kernels.memory(graph));
  ASSERT_LT(good.arena, good.plain_bound);
  const AccessTrace trace = kernels.trace_of(graph);
  ASSERT_EQ(find_violation(graph, good, trace), "");
  EXPECT_THAT(find_violation(graph, good), HasSubstr("overwrites its own input"));

  const auto with = [&](const std::function<void(std::vector<Access>&)>& change) {
    return find_violation(graph, good, [&](std::size_t step, Direction direction) {
      std::vector<Access> accesses = trace(step, direction);
      change(accesses);
      return accesses;
    });
  };
  EXPECT_THAT(with([](auto& accesses) { accesses.pop_back(); }), HasSubstr("leaves holes"));
  EXPECT_THAT(with([](auto& accesses) { accesses.front().bytes += 1000; }), HasSubstr("leaves its tensor"));
  EXPECT_THAT(with([](auto& accesses) { accesses.front().input = 1; }), HasSubstr("does not have"));
  EXPECT_THAT(with([](auto& accesses) { accesses.back().count = 2, accesses.back().stride = 4; }),
              HasSubstr("leaves its tensor"));
  EXPECT_THAT(with([](auto& accesses) {
                accesses.push_back({Access::Kind::read, 0, 0, 144, 1, 0});
              }),
              HasSubstr("overwritten"));
  Plan clobbered = good;
  clobbered.scratch[0].offset = clobbered.tensors[1].offset;
  EXPECT_NE(find_violation(graph, clobbered, trace), "");
}

TEST(Replay, SeesScratchUnderTheOutputOfAnOverlappingOperator) {
  test::SkeletonBuilder net("one", {6, 6, 4});
  net.convolution(net.input(), 4, {1, 1}, 1);
  const ir::Graph graph = net.finish();
  const test::BlockKernels kernels;
  Plan plan = one_operator_plan(graph, -8, Direction::forward);
  EXPECT_EQ(find_violation(graph, plan, kernels.trace_of(graph)), "");
  plan.scratch[0].bytes = 4;  // the first bytes of the output, before the input's begin
  EXPECT_THAT(find_violation(graph, plan, kernels.trace_of(graph)), HasSubstr("overwrites its own scratch"));
}

TEST(ClearanceOf, IsZeroInPlace) {
  test::SkeletonBuilder net("one", {5, 5, 4});
  net.add(net.input(), net.input());
  const ir::Graph graph = net.finish();
  const std::vector<Clearance> expected(2, Clearance{0, 0});
  EXPECT_EQ(test::BlockKernels{}.memory(graph, 0).clearance, expected);
}

TEST(ClearanceOf, IsAPaddedRowForAThreeByThreeWindow) {
  test::SkeletonBuilder net("one", {32, 32, 16});
  net.convolution(net.input(), 16, {3, 3}, 1);
  const ir::Graph graph = net.finish();
  const test::BlockKernels kernels{.pixels = 1, .scratch = false};
  const std::vector<Clearance> expected{{33 * 16, 33 * 16}};
  EXPECT_EQ(kernels.memory(graph, 0).clearance, expected);
}

TEST(ClearanceOf, IsDisjointWhereEverythingIsReadForEachOutputAndNothingWhereItIsReadFirst) {
  test::SkeletonBuilder net("two", {40});
  net.softmax(net.fully_connected(net.input(), 12));
  const ir::Graph graph = net.finish();
  const std::vector<Clearance> each{{11, 39}}, first{{-12, -12}};
  EXPECT_EQ(test::BlockKernels{}.memory(graph, 0).clearance, each);
  EXPECT_EQ(test::BlockKernels{}.memory(graph, 1).clearance, first);
}

TEST(ClearanceOf, WithoutReverseAccessesIsTheDisjointOne) {
  const std::vector<Access> forward{{Access::Kind::read, 0, 0, 8, 1, 0},
                                    {Access::Kind::write, 0, 0, 4, 1, 0}};
  EXPECT_EQ(clearance_of(forward, {}, 0, 8, 4), (Clearance{-8, 8}));
}

}  // namespace
}  // namespace parsimony::plan
