#include "parsimony/network/built_in.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::network {
namespace {

Description example(const char* name, std::int32_t width = 0) {
  const BuiltIn& network = find_built_in("test", name);
  return build(network, network.example, width == 0 ? network.width : width, "test");
}

/// Of convolutions and linear layers: the operators whose FLOPs are two a multiply-accumulate.
std::int64_t macs(const Description& description) {
  const ir::Graph graph = skeleton(description);
  std::int64_t sum = 0;
  for (const ir::Operator& op : graph.operators)
    if (ir::has_weights(op.kind)) sum += ir::flops(graph, op) / 2;
  return sum;
}

std::int64_t weights(const Description& description) {
  const ir::Graph graph = skeleton(description);
  std::int64_t sum = 0;
  for (const ir::Operator& op : graph.operators) sum += ir::weight_count(graph, op);
  return sum;
}

/// Deutel et al. 2023, Sec. 5.1: 1.6 M parameters; 237 M MACs at 48 channels (facts/paper.md 2).
TEST(ResNet18, HasThePapersParametersAndMacs) {
  const Description network = example("resnet18-3");
  EXPECT_NEAR(static_cast<double>(parameter_count(network)), 1.56e6, 0.005e6);
  EXPECT_NEAR(static_cast<double>(macs(network)), 237e6, 0.5e6);
  EXPECT_NEAR(static_cast<double>(parameter_count(example("resnet18-3", 64))), 2.775e6, 0.005e6);
}

TEST(ResNet18, CouplesEachStageInOneGroup) {
  std::vector<std::string> names;
  for (const Group& group : coupled_groups(example("resnet18-3"))) names.push_back(group.name);
  EXPECT_THAT(names,
              testing::ElementsAre("conv1", "stage1_block1_conv1", "stage1_block2_conv1",
                                   "stage2_block1_conv1", "stage2_block1_conv2", "stage2_block2_conv1",
                                   "stage3_block1_conv1", "stage3_block1_conv2", "stage3_block2_conv1"));
}

/// facts/deployment.md 3: MLPerf Tiny's reference models.
TEST(ResNet8, HasMlperfsMacsAndWeights) {
  EXPECT_EQ(macs(example("resnet8")), 12501632);
  EXPECT_EQ(weights(example("resnet8")), 77360);
}

TEST(DsCnn, HasMlperfsMacsAndWeights) {
  EXPECT_EQ(macs(example("ds-cnn")), 2656768);
  EXPECT_EQ(weights(example("ds-cnn")), 22016);
}

TEST(MobileNetV3, HasThePapersParametersOnDaliac) {
  EXPECT_NEAR(static_cast<double>(parameter_count(example("mobilenetv3-1d"))), 2.8e6, 0.01e6);
}

/// Howard et al. 2019, Table 2, with the authors' rounding to multiples of 8.
TEST(MobileNetV3, HasTheAuthorsChannelsAtAHundredPercent) {
  const Description network = example("mobilenetv3-1d", 100);
  std::vector<std::int32_t> ends;
  for (const Layer& layer : network.layers)
    if (layer.name.ends_with("_project")) ends.push_back(layer.channels);
  EXPECT_THAT(ends, testing::ElementsAre(16, 24, 24, 40, 40, 40, 48, 48, 96, 96, 96));
  const std::vector<Shape> shapes = output_shapes(network);
  EXPECT_THAT(shapes[0], testing::ElementsAre(512, 16));
  EXPECT_THAT(shapes[shapes.size() - 4], testing::ElementsAre(32, 576));
  EXPECT_EQ(shapes[shapes.size() - 2].back(), 1024);
}

TEST(MobileNetV3, TakesShortWindows) {
  const BuiltIn& network = find_built_in("test", "mobilenetv3-1d");
  EXPECT_EQ(output_shapes(build(network, {{9, 3}, 4}, 25, "test")).back().back(), 4);
}

TEST(Mlp, FlattensWhatItReads) {
  const BuiltIn& network = find_built_in("test", "mlp");
  EXPECT_EQ(parameter_count(build(network, {{28, 28, 1}, 10}, 32, "test")),
            784 * 32 + 32 + 32 * 32 + 32 + 330);
}

TEST(BuiltInNetworks, AreAllWholeAndPrunable) {
  for (const BuiltIn& network : built_in_networks()) {
    SCOPED_TRACE(network.name);
    const Description description = build(network, network.example, network.width, "test");
    EXPECT_NO_THROW(ir::verify(skeleton(description)));
    EXPECT_FALSE(coupled_groups(description).empty());
    EXPECT_EQ(output_shapes(description).back(), Shape{network.example.classes});
  }
}

TEST(BuiltInNetworks, RefuseWhatTheyCannotReadByName) {
  const BuiltIn& resnet = find_built_in("test", "resnet18-3");
  EXPECT_THROW(build(resnet, {{100, 6}, 4}, 48, "study"), InputError);
  EXPECT_THROW(build(resnet, {{32, 32, 3}, 4}, 0, "study"), InputError);
  try {
    find_built_in("study.yaml:2: network", "resnet18-4");
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean 'resnet18-3'?"));
  }
}

}  // namespace
}  // namespace parsimony::network
