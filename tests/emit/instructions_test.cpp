#include "parsimony/emit/instructions.hpp"

#include <gtest/gtest.h>

#include "front_end_graph.hpp"
#include "parsimony/emit/front_end.hpp"
#include "parsimony/target/target.hpp"

namespace parsimony::emit {
namespace {

/// Four frames of 40 samples, in an FFT of 64, with two bands over the bins 1 to 31.
ir::Graph small_front_end() {
  features::LogMel log_mel{.rate = 8000, .samples = 100, .frame = 40, .hop = 20, .bands = 2};
  ir::Graph graph = test::DscnnGraph(8, 4, log_mel.bands, 4).take();
  graph.log_mel = log_mel;
  return graph;
}

TEST(FrontEndWork, IsThatCountedByHand) {
  const int frames = 1 + (100 - 40) / 20, points = 64 / 2, stages = 5;  // 2⁵ points
  const Work by_hand{1,
                     frames,
                     frames * 40,
                     frames * (64 - 40),
                     frames * points,
                     frames * stages,
                     frames * stages * points / 2,
                     frames * 31,
                     frames * 2,
                     frames};  // one position has both bands
  EXPECT_EQ(front_end_work(small_front_end()), by_hand);
}

TEST(FrontEndWork, QuantisesBandsOneByOneWithOneScaleForAll) {
  ir::Graph graph = small_front_end();
  graph.normalisation = {{0.5f}, {0.1f}};
  Work work = front_end_work(small_front_end());
  work[9] = 4 * 2;
  EXPECT_EQ(front_end_work(graph), work);
}

TEST(FrontEndWork, IsTheSameForASkeleton) {
  ir::Graph skeleton = small_front_end();
  skeleton.normalisation = {};
  EXPECT_EQ(front_end_work(skeleton), front_end_work(small_front_end()));
}

TEST(InstructionCosts, CountTheFeaturesOnEveryCoreBesideTheNetwork) {
  ir::Graph graph = test::front_end_graph(0), plain = graph;
  plain.log_mel.reset();
  for (const std::string& name : target::target_names()) {
    if (target::find_target("test", name).machine.empty()) continue;
    SCOPED_TRACE(name);
    const InstructionCosts costs(name, Family::portable);
    const InferenceInstructions both = costs.of(graph, KernelChoice(graph, Family::portable));
    const InferenceInstructions network = costs.of(plain, KernelChoice(plain, Family::portable));
    EXPECT_GT(both.features, 1'000'000);
    EXPECT_EQ(both.total(), network.total() + both.features);
    EXPECT_EQ(network.features, 0);
  }
}

TEST(InstructionCosts, OfATargetWithoutRowsAreNothing) {
  const ir::Graph graph = test::front_end_graph(0);
  EXPECT_EQ(
      InstructionCosts("host", Family::portable).of(graph, KernelChoice(graph, Family::portable)).total(), 0);
}

}  // namespace
}  // namespace parsimony::emit
