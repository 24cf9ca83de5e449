#include "parsimony/nn/prune.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../network/random_description.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/loss.hpp"
#include "parsimony/nn/module.hpp"
#include "torch_reference.hpp"

namespace parsimony::nn {
namespace {

using Kept = std::vector<std::vector<std::int64_t>>;

struct Pruned {
  Parameters<double> full, small;
  std::vector<network::Group> groups;
  Kept kept;
};

Pruned random_pruned(const network::Description& description, std::uint64_t seed) {
  Pruned p{test::random_parameters(description, seed), {}, network::coupled_groups(description), {}};
  RandomStream random(seed, 0, "kept");
  for (double* each : {p.full.momentum.data_ptr<double>(), p.full.gradients.data_ptr<double>()})
    for (std::int64_t i = 0; i < p.full.values.numel(); ++i) each[i] = static_cast<double>(i);
  for (const network::Group& group : p.groups)
    p.kept.push_back(channels_to_keep(
        norm_importance(p.full, group),
        1 + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(group.channels)))));
  p.small = remove_channels<double>(p.full, p.groups, p.kept);
  return p;
}

/// Masks after batch norm and non-linearity of every layer that carries a removed channel.
std::vector<at::Tensor> masks_of(const Pruned& p) {
  std::vector<at::Tensor> masks;
  for (const network::Layer& layer : p.full.description.layers)
    masks.push_back(at::ones({layer.channels}, at::kDouble));
  for (std::size_t g = 0; g < p.groups.size(); ++g)
    for (const network::Member& member : p.groups[g].members) {
      at::Tensor& mask = masks[static_cast<std::size_t>(member.layer)];
      mask.narrow(0, member.first, p.groups[g].channels).zero_();
      for (const std::int64_t c : p.kept[g]) mask[member.first + c] = 1.0;
    }
  return masks;
}

at::Tensor logits_of(Parameters<double>& parameters, const test::Batch& batch, bool of_batch,
                     bool backward = false) {
  const std::int64_t cases = batch.rows.size(0);
  Module<double> module(parameters, {cases, true});
  const double* logits = module.forward(batch.rows.data_ptr<double>(), cases, {.of_batch = of_batch});
  const int classes = parameters.description.layers.back().channels, ld = module.logits_ld();
  if (backward) {
    cross_entropy(logits, ld, classes, batch.labels, module.logit_gradients());
    module.backward();
  }
  return at::from_blob(const_cast<double*>(logits), {cases, ld}, at::kDouble).narrow(1, 0, classes).clone();
}

void expect_pruned_is_masked(const network::Description& description, std::uint64_t seed, bool of_batch) {
  Pruned p = random_pruned(description, seed);
  const test::Batch batch = test::random_batch(description, 6, seed);
  test::Reference masked = test::reference_of(p.full);
  masked.masks = masks_of(p);
  masked.of_batch = of_batch;
  const at::Tensor expected = test::run(masked, batch.channels).detach();
  EXPECT_LT((logits_of(p.small, batch, of_batch) - expected).abs().max().item<double>(), 1e-9);
}

TEST(RemoveChannels, PrunedNetworkIsTheMaskedNetwork) {
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (const bool of_batch : {true, false}) {
      SCOPED_TRACE(seed);
      const network::Description description =
          seed % 2 == 0 ? test::random_description(seed)
                        : network::dscnn_se_1d({.length = 31, .channels = 3, .classes = 3, .width = 14});
      expect_pruned_is_masked(description, seed, of_batch);
    }
}

TEST(RemoveChannels, PrunedNetworkIsTheMaskedNetworkForEveryCoupling) {
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const int axes : {1, 2}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", axes " << axes);
      expect_pruned_is_masked(network::test::random_description(seed, axes), seed, seed % 2 == 0);
    }
}

TEST(RemoveChannels, GradientsAreThoseOfTheMaskedNetwork) {
  const network::Description description =
      network::dscnn_se_1d({.length = 31, .channels = 3, .classes = 3, .width = 14});
  Pruned p = random_pruned(description, 4);
  const test::Batch batch = test::random_batch(description, 6, 4);
  mask_channels<double>(p.full, p.groups, p.kept);
  EXPECT_LT(test::distance(logits_of(p.small, batch, true, true), logits_of(p.full, batch, true, true)),
            1e-9);
  const Parameters<double> cut = remove_channels<double>(p.full, p.groups, p.kept);
  EXPECT_LT(test::distance(p.small.gradients, cut.gradients), 1e-9);
}

TEST(RemoveChannels, MomentumLosesItsRowsAndColumns) {
  network::Description d{"two", {9, 2}, {}};
  using network::Activation;
  using network::LayerKind;
  d.layers.push_back(
      {"a", LayerKind::convolution, {network::kInput}, 4, {{3, 1, 1, 1}}, true, Activation::relu});
  d.layers.push_back({"b", LayerKind::convolution, {0}, 3, {{}}, true, Activation::relu});
  d.layers.push_back({"mean", LayerKind::global_mean, {1}, 3, {}, false, Activation::none});
  d.layers.push_back({"classifier", LayerKind::linear, {2}, 2, {}, false, Activation::none});
  Parameters<double> full = test::random_parameters(d, 1);
  full.momentum = at::arange(full.values.numel(), at::kDouble);
  const auto groups = network::coupled_groups(d);
  const Parameters<double> small = remove_channels<double>(full, groups, Kept{{1, 3}, {0, 2}});
  const at::Tensor before = test::weight_of(full.momentum, full.layers[1]);
  const at::Tensor after = test::weight_of(small.momentum, small.layers[1]);
  const at::Tensor rows = at::tensor(std::vector<std::int64_t>{0, 2}, at::kLong);
  const at::Tensor columns = at::tensor(std::vector<std::int64_t>{1, 3}, at::kLong);
  EXPECT_TRUE(after.equal(before.index_select(0, rows).index_select(1, columns)));
  EXPECT_TRUE(
      test::row(small.momentum, small.layers[1].scale, small.layers[1])
          .equal(test::row(full.momentum, full.layers[1].scale, full.layers[1]).index_select(0, rows)));
  EXPECT_TRUE(
      test::row(small.statistics, small.layers[0].variance, small.layers[0])
          .equal(
              test::row(full.statistics, full.layers[0].variance, full.layers[0]).index_select(0, columns)));
}

TEST(RemoveChannels, OfAllKeptChangesNothing) {
  const network::Description description = test::random_description(2);
  Pruned p = random_pruned(description, 2);
  for (std::size_t g = 0; g < p.groups.size(); ++g) {
    p.kept[g].resize(static_cast<std::size_t>(p.groups[g].channels));
    for (std::size_t c = 0; c < p.kept[g].size(); ++c) p.kept[g][c] = static_cast<std::int64_t>(c);
  }
  EXPECT_TRUE(remove_channels<double>(p.full, p.groups, p.kept).values.equal(p.full.values));
}

TEST(NormImportance, SumsNormsOverTheMembersMeans) {
  const network::Description description = test::random_description(7);
  const Parameters<double> parameters = test::random_parameters(description, 7);
  const network::Group group = network::coupled_groups(description)[0];
  at::Tensor expected = at::zeros({group.channels}, at::kDouble);
  for (const char* member : {"first", "deep", "excite"})
    for (std::size_t i = 0; i < description.layers.size(); ++i) {
      if (description.layers[i].name != member) continue;
      const at::Tensor norms = test::weight_of(parameters.values, parameters.layers[i]).flatten(1).norm(2, 1);
      expected = expected + norms / norms.mean();
    }
  const std::vector<double> importance = norm_importance(parameters, group);
  for (std::size_t c = 0; c < importance.size(); ++c)
    EXPECT_NEAR(importance[c], expected[static_cast<std::int64_t>(c)].item<double>(), 1e-12);
}

TEST(BatchNormImportance, SumsGammasOverTheMembersMeans) {
  const network::Description description = test::random_description(7);
  Parameters<double> parameters = test::random_parameters(description, 7);
  const network::Group group = network::coupled_groups(description)[0];
  at::Tensor expected = at::zeros({group.channels}, at::kDouble);
  for (const network::Member& member : group.members) {
    const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(member.layer)];
    if (!layout.has_norm()) continue;
    parameters.value(layout.scale)[0] = -3.0;
    const at::Tensor gamma = test::row(parameters.values, layout.scale, layout).abs();
    expected = expected + gamma / gamma.mean();
  }
  const std::vector<double> importance = batch_norm_importance(parameters, group);
  for (std::size_t c = 0; c < importance.size(); ++c)
    EXPECT_NEAR(importance[c], expected[static_cast<std::int64_t>(c)].item<double>(), 1e-12);
}

TEST(BatchNormImportance, IsTheNormOfGroupsWithoutABatchNorm) {
  const network::Description description = test::random_description(7);
  const Parameters<double> parameters = test::random_parameters(description, 7);
  const network::Group squeeze = network::coupled_groups(description)[1];
  ASSERT_EQ(squeeze.name, "squeeze");
  EXPECT_EQ(batch_norm_importance(parameters, squeeze), norm_importance(parameters, squeeze));
}

double loss_of(Parameters<double>& parameters, const test::Batch& batch, bool backward) {
  const std::int64_t cases = batch.rows.size(0);
  Module<double> module(parameters, {cases, true});
  const double* logits = module.forward(batch.rows.data_ptr<double>(), cases, {});
  const BatchLoss loss =
      cross_entropy(logits, module.logits_ld(), parameters.description.layers.back().channels, batch.labels,
                    module.logit_gradients());
  if (backward) module.backward();
  return loss.total / static_cast<double>(cases);
}

/// What the loss loses for each part of a member's channel that goes, by differences.
double slope(const Parameters<double>& parameters, const LayerLayout& layout, std::int64_t channel,
             const test::Batch& batch) {
  constexpr double kPart = 1e-5;
  double losses[2];
  for (const int side : {0, 1}) {
    Parameters<double> changed = parameters;
    changed.values = parameters.values.clone();
    changed.statistics = parameters.statistics.clone();
    for (const Slot& slot : {layout.shift, layout.has_norm() ? layout.scale : layout.weight})
      for (std::int64_t k = channel; k < slot.count; k += layout.ld)
        changed.value(slot)[k] *= side == 0 ? 1.0 - kPart : 1.0 + kPart;
    losses[side] = loss_of(changed, batch, false);
  }
  return std::abs(losses[1] - losses[0]) / (2.0 * kPart);
}

/// Over every coupling: residual sums, concatenations, depthwise convolutions, squeeze-excite.
TEST(Taylor, IsTheSlopeOfTheLossAsAChannelGoes) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const network::Description description = network::test::random_description(seed, seed % 2 == 0 ? 1 : 2);
    Parameters<double> parameters = test::random_parameters(description, seed);
    const test::Batch batch = test::random_batch(description, 6, seed);
    loss_of(parameters, batch, true);
    for (const network::Group& group : network::coupled_groups(description)) {
      std::vector<double> sums(static_cast<std::size_t>(group.channels), 0.0);
      add_taylor<double>(parameters, group, sums);
      for (const int channel : {0, group.channels - 1}) {
        double expected = 0.0;
        for (const network::Member& member : group.members) {
          const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(member.layer)];
          if (layout.has_weights()) expected += slope(parameters, layout, member.first + channel, batch);
        }
        EXPECT_NEAR(sums[static_cast<std::size_t>(channel)], expected, 1e-5 + 1e-3 * expected)
            << "seed " << seed << ", " << group.name;
      }
    }
  }
}

TEST(Taylor, AddsUpOverBatches) {
  const network::Description description = test::random_description(3);
  Parameters<double> parameters = test::random_parameters(description, 3);
  const network::Group group = network::coupled_groups(description)[0];
  std::vector<double> once(static_cast<std::size_t>(group.channels), 0.0);
  loss_of(parameters, test::random_batch(description, 6, 3), true);
  add_taylor<double>(parameters, group, once);
  std::vector<double> twice = once;
  add_taylor<double>(parameters, group, twice);
  for (std::size_t c = 0; c < once.size(); ++c) EXPECT_DOUBLE_EQ(twice[c], 2.0 * once[c]);
}

TEST(ChannelsToKeep, RemovesTheLeastAndOfEqualOnesTheLowerIndex) {
  const std::vector<double> importance{2.0, 1.0, 3.0, 1.0, 1.0};
  EXPECT_EQ(channels_to_keep(importance, 3), (std::vector<std::int64_t>{0, 2, 4}));
  EXPECT_EQ(channels_to_keep(importance, 4), (std::vector<std::int64_t>{0, 2, 3, 4}));
}

}  // namespace
}  // namespace parsimony::nn
