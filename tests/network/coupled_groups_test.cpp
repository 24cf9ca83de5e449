#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "parsimony/ir/verify.hpp"
#include "parsimony/network/builder.hpp"
#include "random_description.hpp"

namespace parsimony::network {
namespace {

using ::testing::ElementsAre;

constexpr std::uint64_t kNetworks = 200;

struct Net : Builder {
  Net() : Builder("net", {8, 8, 3}, "test") {}
  int conv(const char* name, int input, std::int32_t channels) {
    return convolution(name, input, channels, centred(input, 3), Activation::relu);
  }
  int join(const char* name, std::vector<int> inputs) {
    return add({name, LayerKind::concatenation, std::move(inputs), 0, {}, false, Activation::none});
  }
  std::vector<Group> groups(int last) {
    linear("classifier", mean("mean", last), 2);
    return coupled_groups(std::move(*this).finish());
  }
};

std::vector<std::pair<std::string, std::int32_t>> sizes(const std::vector<Group>& groups) {
  std::vector<std::pair<std::string, std::int32_t>> result;
  for (const Group& group : groups) result.emplace_back(group.name, group.channels);
  return result;
}
std::pair<std::string, std::int32_t> size(const char* name, std::int32_t channels) {
  return {name, channels};
}

TEST(CoupledGroups, OfResidualSumsAreOneFromTheirFirstConvolutionOn) {
  Net net;
  const int stem = net.conv("stem", kInput, 8);
  const int first = net.sum("first", stem, net.conv("inner", stem, 8));
  const int second = net.sum("second", first, net.conv("inner2", first, 8));
  const std::vector<Group> groups = net.groups(second);
  EXPECT_THAT(sizes(groups), ElementsAre(size("stem", 8)));
  EXPECT_EQ(groups[0].members.size(), 6u);  // both sums, three convolutions, the mean
}

TEST(CoupledGroups, OfConcatenatedBranchesStayApartAndKnowWhereTheyLie) {
  Net net;
  const int a = net.conv("a", kInput, 4), b = net.conv("b", kInput, 6);
  const std::vector<Group> groups = net.groups(net.join("joined", {a, b, a}));
  ASSERT_THAT(sizes(groups), ElementsAre(size("a", 4), size("b", 6)));
  EXPECT_THAT(groups[0].members,
              ElementsAre(Member{0, 0}, Member{2, 0}, Member{2, 10}, Member{3, 0}, Member{3, 10}));
  EXPECT_THAT(groups[1].members, ElementsAre(Member{1, 0}, Member{2, 4}, Member{3, 4}));
}

TEST(CoupledGroups, OfASumWithAConcatenationSplitTheOtherConvolution) {
  Net net;
  const int a = net.conv("a", kInput, 4), b = net.conv("b", kInput, 6);
  const int joined = net.join("joined", {a, b});
  const std::vector<Group> groups = net.groups(net.sum("sum", joined, net.conv("whole", kInput, 10)));
  ASSERT_THAT(sizes(groups), ElementsAre(size("a", 4), size("b", 6)));
  EXPECT_THAT(groups[1].members, testing::Contains(Member{3, 4}));
}

TEST(CoupledGroups, OfAConvolutionWithTwoPartsHaveNamesOfTheirOwn) {
  Net net;
  const int whole = net.conv("whole", kInput, 10);
  const int joined = net.join("joined", {net.conv("a", kInput, 4), net.conv("b", kInput, 6)});
  EXPECT_THAT(sizes(net.groups(net.sum("sum", joined, whole))),
              ElementsAre(size("whole", 4), size("whole_part2", 6)));
}

TEST(CoupledGroups, CarrySqueezeExciteOverAConcatenation) {
  Net net;
  const int joined = net.join("joined", {net.conv("a", kInput, 4), net.conv("b", kInput, 6)});
  const std::vector<Group> groups = net.groups(net.squeeze_excite("se", joined, 3));
  ASSERT_THAT(sizes(groups), ElementsAre(size("a", 4), size("b", 6), size("se_squeeze", 3)));
  EXPECT_THAT(groups[1].members, testing::Contains(Member{5, 4}));  // se_excite's second part
}

TEST(CoupledGroups, LeaveTheInputsChannelsAloneWhereTheyAreAddedTo) {
  Net net;
  const int same = net.conv("same", kInput, 3);
  EXPECT_TRUE(net.groups(net.sum("sum", kInput, same)).empty());
}

TEST(CoupledGroups, OfTurnedConcatenationsLieInRuns) {
  Net net;
  const int a = net.conv("a", kInput, 2), b = net.conv("b", kInput, 4);
  const std::vector<Group> groups =
      net.groups(net.sum("sum", net.join("ab", {a, b}), net.join("ba", {b, a})));
  ASSERT_THAT(sizes(groups), ElementsAre(size("a", 2)));
  EXPECT_THAT(groups[0].members, testing::IsSupersetOf({Member{0, 0}, Member{1, 0}, Member{1, 2}}));
}

TEST(CoupledGroups, OfRandomNetworksHoldEveryChannelOnceAtMost) {
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    SCOPED_TRACE(seed);
    const Description network = test::random_description(seed, 1 + static_cast<int>(seed % 2));
    std::set<std::pair<int, std::int32_t>> seen;
    for (const Group& group : coupled_groups(network))
      for (const Member& member : group.members)
        for (std::int32_t c = 0; c < group.channels; ++c) {
          EXPECT_LT(member.first + c, network.layers[static_cast<std::size_t>(member.layer)].channels);
          EXPECT_TRUE(seen.emplace(member.layer, member.first + c).second);
        }
  }
}

std::vector<std::int32_t> random_kept(const std::vector<Group>& groups, RandomStream& random) {
  std::vector<std::int32_t> kept;
  for (const Group& group : groups)
    kept.push_back(1 + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(group.channels))));
  return kept;
}

TEST(Prune, LeavesRandomNetworksWholeAndTheirGroupsInPlace) {
  RandomStream random(1, 0, "kept");
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    SCOPED_TRACE(seed);
    const Description network = test::random_description(seed, 1 + static_cast<int>(seed % 2));
    const std::vector<Group> groups = coupled_groups(network);
    const std::vector<std::int32_t> kept = random_kept(groups, random);
    const Description pruned = prune(network, kept);
    EXPECT_NO_THROW(ir::verify(skeleton(pruned)));
    const std::vector<Group> left = coupled_groups(pruned);
    ASSERT_EQ(left.size(), groups.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      EXPECT_EQ(left[g].name, groups[g].name);
      EXPECT_EQ(left[g].channels, kept[g]);
    }
  }
}

TEST(Skeleton, PutsAnOperatorBeforeTheTableOfAHardSwish) {
  Net net;
  net.convolution("conv", kInput, 4, net.centred(kInput, 3), Activation::hard_swish);
  net.linear("classifier", net.mean("mean", 0), 2);
  const ir::Graph graph = skeleton(std::move(net).finish());
  ASSERT_EQ(graph.operators.size(), 4u);
  EXPECT_EQ(graph.operators[0].name, "conv_linear");
  EXPECT_EQ(graph.operators[1].kind, ir::OperatorKind::table);
  EXPECT_EQ(graph.operators[1].name, "conv");
}

}  // namespace
}  // namespace parsimony::network
