#include "parsimony/nn/module.hpp"

#include <gtest/gtest.h>

#include "../network/random_description.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/loss.hpp"
#include "torch_reference.hpp"

namespace parsimony::nn {
namespace {

constexpr double kTolerance = 1e-9;
constexpr std::uint64_t kNetworks = 12;

struct Passed {
  at::Tensor logits;
  double loss = 0.0;
};

/// Forward, loss and backward of our own passes.
Passed pass(Parameters<double>& parameters, const test::Batch& batch, const NormStatistics& statistics) {
  const std::int64_t cases = batch.rows.size(0);
  Module<double> module(parameters, {cases + 3, true});
  const double* logits = module.forward(batch.rows.data_ptr<double>(), cases, statistics);
  const int classes = parameters.description.layers.back().channels, ld = module.logits_ld();
  Passed passed;
  passed.logits =
      at::from_blob(const_cast<double*>(logits), {cases, ld}, at::kDouble).narrow(1, 0, classes).clone();
  passed.loss = cross_entropy(logits, ld, classes, batch.labels, module.logit_gradients()).total;
  module.backward();
  return passed;
}

at::Tensor reference_loss(const at::Tensor& logits, const std::vector<std::int32_t>& labels) {
  const std::vector<std::int64_t> wide(labels.begin(), labels.end());
  return at::nll_loss(at::log_softmax(logits, 1), at::tensor(wide, at::kLong));
}

void expect_gradients(const Parameters<double>& parameters, const test::Reference& reference) {
  for (std::size_t i = 0; i < parameters.layers.size(); ++i) {
    const LayerLayout& layout = parameters.layers[i];
    if (!layout.has_weights()) continue;
    const test::ReferenceLayer& expected = reference.layers[i];
    const std::string& name = parameters.description.layers[i].name;
    EXPECT_LT(test::distance(test::weight_of(parameters.gradients, layout), expected.weight.grad()),
              kTolerance)
        << name;
    EXPECT_LT(test::distance(test::row(parameters.gradients, layout.shift, layout), expected.shift.grad()),
              kTolerance)
        << name;
    if (!layout.has_norm()) continue;
    EXPECT_LT(test::distance(test::row(parameters.gradients, layout.scale, layout), expected.scale.grad()),
              kTolerance)
        << name;
  }
}

void expect_like_autograd(const network::Description& description, std::int64_t cases, std::uint64_t seed,
                          bool of_batch) {
  Parameters<double> parameters = test::random_parameters(description, seed);
  const test::Batch batch = test::random_batch(description, cases, seed);
  test::Reference reference = test::reference_of(parameters);
  reference.of_batch = of_batch;
  const at::Tensor logits = test::run(reference, batch.channels);
  const at::Tensor loss = reference_loss(logits, batch.labels);
  loss.backward();

  const Passed passed = pass(parameters, batch, {.of_batch = of_batch});
  EXPECT_LT(test::distance(passed.logits, logits.detach()), kTolerance);
  EXPECT_NEAR(passed.loss / static_cast<double>(cases), loss.item<double>(), kTolerance);
  expect_gradients(parameters, reference);
}

TEST(Module, EveryGradientIsAutogradsInOddNetworks) {
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    SCOPED_TRACE(seed);
    expect_like_autograd(test::random_description(seed), 5 + static_cast<std::int64_t>(seed), seed, true);
  }
}

TEST(Module, EveryGradientIsAutogradsInRandomNetworks) {
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    for (const int axes : {1, 2}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", axes " << axes);
      expect_like_autograd(network::test::random_description(seed, axes),
                           3 + static_cast<std::int64_t>(seed % 5), seed, seed % 3 != 0);
    }
}

TEST(Module, EveryGradientIsAutogradsInTheBuiltInNetworks) {
  const auto narrow = [](const char* name, network::Shape input, std::int32_t width) {
    return network::build(network::find_built_in("test", name), {std::move(input), 3}, width, "test");
  };
  expect_like_autograd(narrow("resnet18-3", {9, 8, 3}, 5), 4, 1, true);
  expect_like_autograd(narrow("resnet8", {10, 9, 3}, 4), 4, 2, true);
  expect_like_autograd(narrow("ds-cnn", {13, 10, 1}, 7), 4, 3, true);
  expect_like_autograd(narrow("mobilenetv3-1d", {70, 5}, 15), 6, 4, true);
  expect_like_autograd(narrow("mlp", {6, 5, 2}, 9), 6, 5, true);
}

TEST(Module, EveryGradientIsAutogradsWithRunningStatistics) {
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    expect_like_autograd(test::random_description(seed), 6, seed, false);
}

TEST(Module, EveryGradientIsAutogradsInTheProductsNetwork) {
  expect_like_autograd(network::dscnn_se_1d({.length = 50, .channels = 6, .classes = 4, .width = 21}), 9, 1,
                       true);
  // Wider than a panel of the product, longer than a chunk.
  expect_like_autograd(network::dscnn_se_1d({.length = 70, .channels = 3, .classes = 3, .width = 140}), 4, 2,
                       true);
}

TEST(Module, RunningStatisticsMoveAsLibTorchs) {
  const network::Description description = test::random_description(3);
  Parameters<double> parameters = test::random_parameters(description, 3);
  test::Reference reference = test::reference_of(parameters);
  const test::Batch batch = test::random_batch(description, 7, 3);
  test::run(reference, batch.channels);
  pass(parameters, batch, {});
  for (std::size_t i = 0; i < parameters.layers.size(); ++i) {
    const LayerLayout& layout = parameters.layers[i];
    if (!layout.has_norm()) continue;
    EXPECT_LT(test::distance(test::row(parameters.statistics, layout.mean, layout), reference.layers[i].mean),
              kTolerance);
    EXPECT_LT(test::distance(test::row(parameters.statistics, layout.variance, layout),
                             reference.layers[i].variance),
              kTolerance);
  }
}

TEST(Module, SharedActivationMemoryChangesNoLogit) {
  const network::Description description = test::random_description(5);
  Parameters<double> parameters = test::random_parameters(description, 5);
  const test::Batch batch = test::random_batch(description, 40, 5);
  const at::Tensor kept = pass(parameters, batch, {.of_batch = false}).logits;
  Module<double> frugal(parameters, {40, false});
  const double* logits = frugal.forward(batch.rows.data_ptr<double>(), 40, {.of_batch = false});
  const at::Tensor shared = at::from_blob(const_cast<double*>(logits), {40, frugal.logits_ld()}, at::kDouble);
  EXPECT_TRUE(shared.narrow(1, 0, kept.size(1)).equal(kept));
}

TEST(Module, PaddingStaysZeroInGradients) {
  const network::Description description = test::random_description(6);
  Parameters<double> parameters = test::random_parameters(description, 6);
  pass(parameters, test::random_batch(description, 5, 6), {});
  for (const LayerLayout& layout : parameters.layers) {
    if (!layout.has_weights() || layout.out == layout.ld) continue;
    for (const Slot& slot : {layout.weight, layout.shift, layout.scale}) {
      const at::Tensor rows = parameters.gradients.narrow(0, slot.offset, slot.count).view({-1, layout.ld});
      EXPECT_EQ(rows.narrow(1, layout.out, layout.ld - layout.out).count_nonzero().item<std::int64_t>(), 0);
    }
  }
}

}  // namespace
}  // namespace parsimony::nn
