#include "parsimony/plan/draw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "block_kernels.hpp"
#include "networks.hpp"
#include "random_kernels.hpp"

namespace parsimony::plan {
namespace {

using ::testing::HasSubstr;

int count(const std::string& text, const std::string& part) {
  int times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

/// x [4, 4, 4] -> depthwise in place, a row and a pixel apart -> one output for each input element.
struct Small {
  Small() {
    test::SkeletonBuilder net("a & b", {4, 4, 4});
    net.fully_connected(net.depthwise(net.input(), 3, 1), 64);
    graph = net.finish();
    plan = best_plan(graph, kernels.memory(graph));
  }
  test::BlockKernels kernels{.pixels = 1, .scratch = true};
  ir::Graph graph;
  Plan plan;
};

TEST(DrawnAsText, ShowsWhatLiesOverWhatInEachStep) {
  const Small small;
  EXPECT_EQ(small.plan.arena.value, 156);
  const std::string text = drawn_as_text(small.graph, small.plan, 39);  // a mark for each word
  EXPECT_THAT(text, HasSubstr("a & b: arena 156 B, lower bound 156 B (the plan is optimal)"));
  EXPECT_THAT(text, HasSubstr("depthwise_convolution0 |=====%%%%%%%%%%%#####++++++++++++++++++|<"));
  EXPECT_EQ(count(text, "\n"), 6);
}

TEST(DrawnAsSvg, HasABoxForEachTensorAndScratchAndNamesTheReverseOnes) {
  const Small small;
  const std::string svg = drawn_as_svg(small.graph, small.plan);
  EXPECT_EQ(count(svg, "<title>"), 4);
  EXPECT_THAT(svg, HasSubstr("a &amp; b: arena 156 B"));
  EXPECT_THAT(svg, HasSubstr("reverse: depthwise_convolution0"));
  EXPECT_EQ(count(svg, "<text"), count(svg, "</text>"));
}

TEST(Drawn, HasAStepForTheFeaturesThatFillTheInput) {
  const Small small;
  const Plan plan = best_plan(small.graph, small.kernels.memory(small.graph), {.filling_scratch = 600});
  ASSERT_EQ(plan.peak_step, -1);
  const std::string text = drawn_as_text(small.graph, plan, 83);
  EXPECT_THAT(text, HasSubstr("              features |"));
  EXPECT_THAT(text, testing::ContainsRegex("features [|][#]+[+]+[|] peak|features [|][+]+[#]+[|] peak"));
  EXPECT_EQ(count(text, " peak\n"), 1);
  const std::string svg = drawn_as_svg(small.graph, plan);
  EXPECT_THAT(svg, HasSubstr("scratch of features: 600 B"));
  EXPECT_THAT(svg, HasSubstr("steps -1 to -1"));
  EXPECT_THAT(svg, HasSubstr("steps -1 to 0")) << "the input";
  EXPECT_EQ(count(svg, "</text>"), count(drawn_as_svg(small.graph, small.plan), "</text>") + 1);
}

TEST(Drawn, TakesAnyPlan) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ir::Graph graph = test::random_flow(seed, 10, 100);
    const Plan plan = best_plan(graph, test::RandomKernels{seed}.memory(graph));
    EXPECT_EQ(count(drawn_as_text(graph, plan, 20), "|"), 20);
    EXPECT_GE(count(drawn_as_svg(graph, plan), "<title>"), 11);
  }
}

}  // namespace
}  // namespace parsimony::plan
