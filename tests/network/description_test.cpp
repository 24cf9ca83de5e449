#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/network/built_in.hpp"

namespace parsimony::network {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr ir::Window kSame{.kernel = 3, .stride = 1, .pad_before = 1, .pad_after = 1};

Description paper_network(std::int32_t width) {
  return dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = width});
}

Layer convolution(std::string name, int input, std::int32_t channels) {
  return {std::move(name), LayerKind::convolution, {input}, channels, {kSame}, true, Activation::relu};
}
Layer depthwise(std::string name, int input, std::int32_t channels) {
  return {std::move(name), LayerKind::depthwise_convolution, {input}, channels, {kSame}, true,
          Activation::relu};
}
Layer mean(std::string name, int input, std::int32_t channels) {
  return {std::move(name), LayerKind::global_mean, {input}, channels, {}, false, Activation::none};
}
Layer linear(std::string name, int input, std::int32_t channels, Activation activation = Activation::none) {
  return {std::move(name), LayerKind::linear, {input}, channels, {}, false, activation};
}
Layer scale(std::string name, int input, int factor, std::int32_t channels) {
  return {std::move(name), LayerKind::scale, {input, factor}, channels, {}, false, Activation::none};
}

/// Two branches of one convolution; what one branch says scales the other.
Description gated_branches() {
  return {"gated_branches",
          {20, 3},
          {
              convolution("stem", kInput, 8),                   // 0
              convolution("main", 0, 12),                       // 1
              convolution("side", 0, 5),                        // 2
              depthwise("side_depthwise", 2, 5),                // 3
              mean("side_mean", 3, 5),                          // 4
              linear("gate", 4, 12, Activation::hard_sigmoid),  // 5
              scale("gated", 1, 5, 12),                         // 6
              mean("pooled", 6, 12),                            // 7
              linear("classifier", 7, 4),                       // 8
          }};
}

std::vector<std::string> names(const std::vector<Group>& groups) {
  std::vector<std::string> result;
  for (const Group& group : groups) result.push_back(group.name);
  return result;
}

std::vector<std::int32_t> random_kept(const std::vector<Group>& groups, std::uint64_t index) {
  RandomStream stream(1, 0, "kept", index);
  std::vector<std::int32_t> kept;
  for (const Group& group : groups) {
    kept.push_back(1 + static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(group.channels))));
  }
  return kept;
}

TEST(DscnnSe1d, HasSixteenGroups) {
  EXPECT_THAT(names(coupled_groups(paper_network(114))),
              ElementsAre("conv1", "block1_pointwise", "block2_pointwise", "block2_squeeze",
                          "block3_pointwise", "block4_pointwise", "block4_squeeze", "block5_pointwise",
                          "block6_pointwise", "block6_squeeze", "block7_pointwise", "block8_pointwise",
                          "block8_squeeze", "block9_pointwise", "block10_pointwise", "block10_squeeze"));
}

TEST(DscnnSe1d, HasThePapersParametersAtWidth456) {
  EXPECT_NEAR(static_cast<double>(parameter_count(paper_network(456))), 2.6e6, 0.05e6);
}

TEST(DscnnSe1d, CountsItsParametersAsWeightsAndOneBiasAChannel) {
  // w = 4, inner width 1: conv1 3·6·4 + 4; ten times (3·4 + 4) + (4·4 + 4); five times (4 + 1) + (4 + 4); 4·4
  // + 4.
  EXPECT_EQ(parameter_count(paper_network(4)), 76 + 10 * 36 + 5 * 13 + 20);
}

TEST(DscnnSe1d, HalvesTheSeriesOnceAndEndsWithOneLogitAClass) {
  const std::vector<std::vector<std::int32_t>> shapes = output_shapes(paper_network(8));
  EXPECT_THAT(shapes.front(), ElementsAre(50, 8));
  EXPECT_THAT(shapes[shapes.size() - 3], ElementsAre(50, 8));
  EXPECT_THAT(shapes.back(), ElementsAre(4));
}

TEST(DscnnSe1d, KeepsAnInnerWidthOfOneWhenNarrow) {
  const std::vector<Group> groups = coupled_groups(paper_network(3));
  EXPECT_EQ(groups[3].name, "block2_squeeze");
  EXPECT_EQ(groups[3].channels, 1);
}

TEST(DscnnSe1d, RefusesAWidthOfZeroByName) {
  try {
    paper_network(0);
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("width: is 0; allowed: 1 to 4096"));
  }
}

TEST(DscnnSe1d, RefusesASeriesShorterThanItsKernel) {
  EXPECT_THROW(dscnn_se_1d({.length = 2, .channels = 3, .classes = 2}), InputError);
  EXPECT_NO_THROW(dscnn_se_1d({.length = 3, .channels = 3, .classes = 2}));
}

TEST(CoupledGroups, CarryAPointwiseConvolutionThroughSqueezeExciteToTheNextDepthwise) {
  const Description network = paper_network(8);
  const Group group = coupled_groups(network)[2];
  std::vector<std::string> members;
  for (const Member& member : group.members)
    members.push_back(network.layers[static_cast<std::size_t>(member.layer)].name);
  EXPECT_THAT(members, ElementsAre("block2_pointwise", "block2_mean", "block2_excite", "block2_scale",
                                   "block3_depthwise"));
}

TEST(CoupledGroups, JoinAScaledBranchWithItsFactorButNotWithTheFactorsSource) {
  const std::vector<Group> groups = coupled_groups(gated_branches());
  ASSERT_THAT(names(groups), ElementsAre("stem", "main", "side"));
  EXPECT_THAT(groups[0].members, ElementsAre(Member{0}));
  EXPECT_THAT(groups[1].members, ElementsAre(Member{1}, Member{5}, Member{6}, Member{7}));
  EXPECT_THAT(groups[2].members, ElementsAre(Member{2}, Member{3}, Member{4}));
  EXPECT_EQ(groups[1].channels, 12);
}

TEST(CoupledGroups, LeaveOutWhatCarriesTheInputsChannels) {
  const Description network{"on_the_input",
                            {20, 3},
                            {depthwise("first", kInput, 3), convolution("second", 0, 7), mean("pooled", 1, 7),
                             linear("classifier", 2, 2)}};
  EXPECT_THAT(names(coupled_groups(network)), ElementsAre("second"));
}

TEST(CoupledGroups, LeaveOutWhatIsCoupledToTheOutputs) {
  const Description network{
      "scaled_outputs",
      {20, 3},
      {convolution("stem", kInput, 6), mean("pooled", 0, 6), linear("logits", 1, 4),
       linear("temperature", 1, 4, Activation::hard_sigmoid), scale("scaled", 2, 3, 4)}};
  EXPECT_THAT(names(coupled_groups(network)), ElementsAre("stem"));
}

TEST(CoupledGroups, CoverEveryLayerOnceButTheClassifier) {
  const Description network = paper_network(12);
  std::vector<int> seen(network.layers.size(), 0);
  for (const Group& group : coupled_groups(network)) {
    for (const Member& member : group.members) ++seen[static_cast<std::size_t>(member.layer)];
  }
  EXPECT_EQ(seen.back(), 0);
  seen.pop_back();
  EXPECT_THAT(seen, ::testing::Each(1));
}

TEST(Prune, LeavesTheNetworkAsItIsWhenEverythingIsKept) {
  const Description network = paper_network(9);
  std::vector<std::int32_t> kept;
  for (const Group& group : coupled_groups(network)) kept.push_back(group.channels);
  EXPECT_EQ(skeleton(prune(network, kept)), skeleton(network));
}

TEST(Prune, GivesEachGroupItsChannelsAndKeepsTheGroups) {
  const Description network = paper_network(40);
  const std::vector<Group> groups = coupled_groups(network);
  for (std::uint64_t i = 0; i < 50; ++i) {
    const std::vector<std::int32_t> kept = random_kept(groups, i);
    const std::vector<Group> pruned = coupled_groups(prune(network, kept));
    ASSERT_EQ(pruned.size(), groups.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      EXPECT_EQ(pruned[g].channels, kept[g]);
      EXPECT_EQ(pruned[g].members, groups[g].members);
    }
  }
}

TEST(KeptChannels, RoundsToTheNearestAndNeverToNone) {
  EXPECT_EQ(kept_channels(0.99, 114), 1);
  EXPECT_EQ(kept_channels(0.1, 114), 103);
  EXPECT_EQ(kept_channels(0.5, 5), 3);
  EXPECT_EQ(kept_channels(0.0, 7), 7);
  EXPECT_EQ(kept_channels(1.0, 7), 1);
}

TEST(Skeleton, OfRandomlyPrunedNetworksPassesTheVerifier) {
  for (const Description& network : {paper_network(33), gated_branches()}) {
    const std::vector<Group> groups = coupled_groups(network);
    for (std::uint64_t i = 0; i < 50; ++i) {
      const ir::Graph graph = skeleton(prune(network, random_kept(groups, i)));
      EXPECT_TRUE(ir::is_skeleton(graph));
      EXPECT_NO_THROW(ir::verify(graph));
    }
  }
}

TEST(Skeleton, NamesOperatorsAndTensorsAfterTheirLayers) {
  const ir::Graph graph = skeleton(gated_branches());
  std::vector<std::string> operators;
  for (const ir::Operator& op : graph.operators) {
    operators.push_back(op.name);
    EXPECT_EQ(graph.tensor(op.output).name, op.name);
  }
  EXPECT_THAT(operators, ElementsAre("stem", "main", "side", "side_depthwise", "side_mean", "gate", "gated",
                                     "pooled", "classifier"));
  EXPECT_EQ(graph.tensor(graph.input).name, "input");
  EXPECT_EQ(graph.tensor(graph.output).name, "classifier");
}

TEST(Skeleton, ScalesByTheLayerWithTheHardSigmoid) {
  const ir::Graph graph = skeleton(gated_branches());
  const ir::Operator& gated = graph.operators[6];
  EXPECT_EQ(gated.kind, ir::OperatorKind::multiply);
  EXPECT_EQ(graph.tensor(gated.inputs[1]).name, "gate");
}

}  // namespace
}  // namespace parsimony::network
