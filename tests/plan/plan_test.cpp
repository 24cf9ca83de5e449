#include "parsimony/plan/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "../ir/random_graph.hpp"

namespace parsimony::plan {
namespace {

using test::random_graph;
using ::testing::HasSubstr;

std::vector<Lifetime> random_lifetimes(std::uint64_t seed, int count) {
  RandomStream random(seed, 0, "lifetimes");
  std::vector<Lifetime> live;
  for (int k = 0; k < count; ++k) {
    const auto first = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(count)));
    live.push_back({static_cast<std::int64_t>(random.below(200)), first,
                    first + static_cast<std::int32_t>(random.below(4))});
  }
  return live;
}

void expect_no_overlap(const std::vector<Lifetime>& live, const Offsets& plan) {
  std::int64_t peak = 0;
  for (std::size_t a = 0; a < live.size(); ++a) {
    EXPECT_EQ(plan.offsets[a] % kArenaAlign, 0);
    peak = std::max(peak, (plan.offsets[a] + live[a].bytes + kArenaAlign - 1) / kArenaAlign * kArenaAlign);
    for (std::size_t b = a + 1; b < live.size(); ++b) {
      const bool together = live[a].first <= live[b].last && live[b].first <= live[a].last;
      const bool overlap = plan.offsets[a] < plan.offsets[b] + live[b].bytes &&
                           plan.offsets[b] < plan.offsets[a] + live[a].bytes;
      ASSERT_FALSE(together && overlap) << a << " and " << b;
    }
  }
  EXPECT_LE(plan.peak, peak + kArenaAlign);
  EXPECT_GE(plan.peak, lower_bound(live).value);
}

TEST(PlanFirstFit, NeverOverlapsBuffersAliveTogether) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto live = random_lifetimes(seed, 1 + static_cast<int>(seed % 40));
    expect_no_overlap(live, plan_first_fit(live));
  }
}

TEST(PlanGreedyBySize, NeverOverlapsBuffersAliveTogether) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto live = random_lifetimes(seed, 1 + static_cast<int>(seed % 40));
    expect_no_overlap(live, plan_greedy_by_size(live));
  }
}

/// Whether `buffer` could lie at `offset` with those of `placed`.
bool is_free(const std::vector<Lifetime>& live, const Offsets& plan, const std::vector<std::size_t>& placed,
             std::size_t buffer, std::int64_t offset) {
  return std::all_of(placed.begin(), placed.end(), [&](std::size_t other) {
    const auto words = [&](std::size_t k) { return (live[k].bytes + 3) / 4 * 4; };
    return live[other].first > live[buffer].last || live[buffer].first > live[other].last ||
           offset + words(buffer) <= plan.offsets[other] || plan.offsets[other] + words(other) <= offset ||
           live[other].bytes == 0 || live[buffer].bytes == 0;
  });
}

TEST(PlanFirstFit, PlacesEachAtTheLowestFreeOffsetInOrderOfExecution) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto live = random_lifetimes(seed, 20);
    const Offsets plan = plan_first_fit(live);
    std::vector<std::size_t> order(live.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return live[a].first < live[b].first; });
    std::vector<std::size_t> placed;
    for (const std::size_t buffer : order) {
      std::int64_t lowest = 0;
      while (!is_free(live, plan, placed, buffer, lowest)) lowest += kArenaAlign;
      EXPECT_EQ(plan.offsets[buffer], lowest) << seed;
      placed.push_back(buffer);
    }
  }
}

TEST(LowerBound, IsTheLargestSumAliveInAnyStep) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto live = random_lifetimes(seed, 25);
    std::int64_t most = 0;
    for (std::int32_t step = 0; step < 40; ++step) {
      std::int64_t sum = 0;
      for (const Lifetime& life : live)
        if (life.first <= step && step <= life.last) sum += (life.bytes + 3) / 4 * 4;
      most = std::max(most, sum);
    }
    EXPECT_EQ(lower_bound(live).value, most);
  }
}

TEST(LowerBound, OfNothingIsNothing) {
  EXPECT_EQ(lower_bound({}).value, 0);
}

/// Lifetimes of a chain of tensors, each read by the next operator alone.
std::vector<Lifetime> chain(const std::vector<std::int64_t>& bytes) {
  std::vector<Lifetime> live;
  const auto last = static_cast<std::int32_t>(bytes.size()) - 2;
  for (std::int32_t k = 0; k <= last + 1; ++k)
    live.push_back({bytes[static_cast<std::size_t>(k)], std::max(k - 1, 0), std::min(k, last)});
  return live;
}

/// MobileNetV1-0.25 for visual wake words (mlcommons/tiny): the figures of facts/deployment.md, section 3.
TEST(Planners, GiveThePublishedArenasOfVisualWakeWords) {
  const auto live =
      chain({27648, 18432, 18432, 36864, 9216, 18432, 18432, 18432, 4608, 9216, 9216, 9216, 2304, 4608, 4608,
             4608,  4608,  4608,  4608,  4608, 4608,  4608,  4608,  4608, 1152, 2304, 2304, 2304, 256,  2});
  EXPECT_EQ(lower_bound(live).value, 55296);
  EXPECT_EQ(plan_first_fit(live).peak, 55296);
  EXPECT_EQ(plan_greedy_by_size(live).peak, 64512);
}

/// The autoencoder for anomaly detection: here the other planner wins.
TEST(Planners, GiveThePublishedArenasOfAnomalyDetection) {
  const auto live = chain({640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640});
  EXPECT_EQ(lower_bound(live).value, 768);
  EXPECT_EQ(plan_greedy_by_size(live).peak, 768);
  EXPECT_EQ(plan_first_fit(live).peak, 896);
}

TEST(Lifetimes, RunFromProducerToLastReaderAndTheOutputToTheEnd) {
  ir::Graph graph;
  for (const char* name : {"x", "a", "b", "y", "dead"}) graph.tensors.push_back({name, {10, 3}, {}});
  const auto id = [](int k) { return static_cast<ir::TensorId>(k); };
  const auto add = [&](ir::OperatorKind kind, std::vector<ir::TensorId> in, ir::TensorId out) {
    graph.operators.push_back({});
    graph.operators.back().kind = kind;
    graph.operators.back().inputs = std::move(in);
    graph.operators.back().output = out;
  };
  add(ir::OperatorKind::table, {id(0)}, id(1));
  add(ir::OperatorKind::table, {id(1)}, id(2));
  add(ir::OperatorKind::multiply, {id(2), id(1)}, id(3));
  add(ir::OperatorKind::table, {id(2)}, id(4));
  graph.output = id(3);
  const std::vector<Lifetime> expected{{30, 0, 0}, {30, 0, 2}, {30, 1, 3}, {30, 2, 3}, {30, 3, 3}};
  EXPECT_EQ(lifetimes(graph), expected);
}

TEST(BestPlan, KeepsItsBoundAndPassesTheReplayOnRandomGraphs) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ir::Graph graph = random_graph(seed, {.operators = 20, .reshapes = false});
    const Plan plan = best_plan(graph);
    EXPECT_EQ(find_violation(graph, plan), "") << seed;
    EXPECT_EQ(plan.lower_bound, lower_bound(lifetimes(graph)));
    EXPECT_EQ(plan.arena.value,
              std::min(plan_first_fit(lifetimes(graph)).peak, plan_greedy_by_size(lifetimes(graph)).peak));
    EXPECT_GE(plan.gap().value, 0);
    EXPECT_EQ(plan.planner == "first-fit", plan.arena.value == plan_first_fit(lifetimes(graph)).peak);
  }
}

TEST(BestPlan, OfASkeletonIsThatOfTheTrainedGraph) {
  const ir::Graph graph = random_graph(3, {.operators = 20});
  const Plan trained = best_plan(graph), bare = best_plan(test::skeleton_of(graph));
  EXPECT_EQ(trained.arena, bare.arena);
  for (std::size_t k = 0; k < graph.tensors.size(); ++k)
    EXPECT_EQ(trained.tensors[k].offset, bare.tensors[k].offset);
}

TEST(BestPlan, PlacesScratchBesideTheTensorsOfItsStep) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = random_graph(seed, {.operators = 12});
    RandomStream random(seed, 0, "scratch");
    std::vector<std::int64_t> scratch;
    for (std::size_t k = 0; k < graph.operators.size(); ++k)
      scratch.push_back(static_cast<std::int64_t>(random.below(3) * random.below(300)));
    const Plan plan = best_plan(graph, scratch);
    EXPECT_EQ(find_violation(graph, plan), "") << seed;
    for (std::size_t k = 0; k < scratch.size(); ++k) EXPECT_EQ(plan.scratch[k].bytes, scratch[k]);
  }
}

TEST(BestPlan, NamesTheStepAtWhichMostIsAlive) {
  const ir::Graph graph = random_graph(11, {.operators = 20});
  const Plan plan = best_plan(graph);
  std::int64_t sum = 0;
  for (const Placement& at : plan.tensors)
    if (at.first <= plan.peak_step && plan.peak_step <= at.last) sum += (at.bytes + 3) / 4 * 4;
  EXPECT_EQ(sum, plan.lower_bound.value);
}

TEST(FindViolation, SeesEveryPairOfBuffersMovedOntoEachOther) {
  int seen = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const ir::Graph graph = random_graph(seed, {.operators = 8, .reshapes = false});
    const Plan good = best_plan(graph);
    for (std::size_t a = 0; a < good.tensors.size(); ++a)
      for (std::size_t b = 0; b < good.tensors.size(); ++b) {
        const Placement &pa = good.tensors[a], &pb = good.tensors[b];
        if (a == b || pa.first > pb.last || pb.first > pa.last) continue;
        Plan moved = good;
        moved.tensors[a].offset = pb.offset;
        moved.arena = Bytes(good.arena.value + 20000);
        EXPECT_NE(find_violation(graph, moved), "") << seed << ": " << a << " onto " << b;
        ++seen;
      }
  }
  EXPECT_GT(seen, 500);
}

TEST(FindViolation, NamesWhatIsWrong) {
  const ir::Graph graph = random_graph(1);
  const Plan good = best_plan(graph, std::vector<std::int64_t>(graph.operators.size(), 16));
  const auto after = [&](const std::function<void(Plan&)>& change) {
    Plan plan = good;
    change(plan);
    return find_violation(graph, plan);
  };
  EXPECT_THAT(after([](Plan& plan) { plan.tensors[0].offset = plan.arena.value; }),
              HasSubstr("out of the arena"));
  EXPECT_THAT(after([](Plan& plan) { plan.tensors[0].offset = -4; }), HasSubstr("out of the arena"));
  EXPECT_THAT(after([](Plan& plan) { plan.tensors[0].offset += 1; }), HasSubstr("misaligned"));
  EXPECT_THAT(after([](Plan& plan) { plan.tensors[0].bytes += 1; }), HasSubstr("in the plan"));
  EXPECT_THAT(after([](Plan& plan) { plan.tensors.pop_back(); }), HasSubstr("another graph"));
  EXPECT_THAT(after([](Plan& plan) { plan.arena = Bytes(plan.lower_bound.value - 4); }),
              HasSubstr("lower bound"));
  EXPECT_THAT(after([](Plan& plan) { plan.scratch[0].offset = plan.tensors[0].offset; }),
              HasSubstr("overwrites its own"));
}

TEST(VerifyPlanDeathTest, StopsTheProgram) {
  const ir::Graph graph = random_graph(1);
  Plan plan = best_plan(graph);
  plan.tensors[0].offset += 2;
  EXPECT_DEATH(verify_plan(graph, plan), "memory plan broken");
}

}  // namespace
}  // namespace parsimony::plan
