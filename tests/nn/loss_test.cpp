#include "parsimony/nn/loss.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "parsimony/base/random.hpp"

namespace parsimony::nn {
namespace {

constexpr int kLd = 16;

struct Batch {
  at::Tensor logits;  ///< [cases, kLd]
  std::vector<std::int32_t> labels;
};

Batch random_batch(std::int64_t cases, int classes, std::uint64_t seed) {
  RandomStream random(seed, 0, "logits");
  Batch batch{at::zeros({cases, kLd}, at::kDouble), {}};
  for (std::int64_t b = 0; b < cases; ++b) {
    for (int c = 0; c < classes; ++c) batch.logits[b][c] = 3.0 * random.normal();
    batch.labels.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(classes))));
  }
  return batch;
}

/// LibTorch's loss and gradient by autograd against ours.
void expect_pytorchs(const Batch& batch, int classes, const LossTarget& target) {
  at::Tensor gradient = at::ones({static_cast<std::int64_t>(batch.labels.size()), kLd}, at::kDouble);
  const BatchLoss ours = cross_entropy(batch.logits.data_ptr<double>(), kLd, classes, batch.labels,
                                       gradient.data_ptr<double>(), target);
  const at::Tensor logits = batch.logits.narrow(1, 0, classes).clone().set_requires_grad(true);
  const at::Tensor weights = target.class_weights.empty()
                                 ? at::Tensor()
                                 : at::tensor(target.class_weights, at::TensorOptions().dtype(at::kDouble));
  const at::Tensor theirs = at::cross_entropy_loss(
      logits, at::tensor(batch.labels, at::TensorOptions().dtype(at::kInt)).to(at::kLong), weights,
      at::Reduction::Mean, -100, target.label_smoothing);
  theirs.backward();
  EXPECT_NEAR(ours.total / ours.weight, theirs.item<double>(), 1e-12);
  EXPECT_LT((gradient.narrow(1, 0, classes) - logits.grad()).abs().max().item<double>(), 1e-12);
  EXPECT_EQ(gradient.narrow(1, classes, kLd - classes).abs().max().item<double>(), 0.0);
}

TEST(CrossEntropy, IsPyTorchsWithSmoothingAndClassWeights) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const int classes = 2 + static_cast<int>(seed % 7);
    const Batch batch = random_batch(9, classes, seed);
    RandomStream random(seed, 1, "weights");
    std::vector<double> weights;
    for (int c = 0; c < classes; ++c) weights.push_back(random.uniform(0.1, 4.0));
    expect_pytorchs(batch, classes, {});
    expect_pytorchs(batch, classes, {.label_smoothing = 0.3});
    expect_pytorchs(batch, classes, {.class_weights = weights});
    expect_pytorchs(batch, classes, {.label_smoothing = 0.1, .class_weights = weights});
  }
}

TEST(LossTarget, BalancedClassesCountTheSame) {
  const std::vector<std::int32_t> labels{0, 0, 0, 2, 0, 0, 2, 0};
  const LossTarget target = loss_target({.weighting = network::ClassWeighting::balanced}, labels, 4);
  EXPECT_EQ(target.class_weights, (std::vector<double>{8.0 / 12.0, 1.0, 2.0, 1.0}));
}

TEST(LossTarget, IsWhatTheOptionsSay) {
  const LossTarget target = loss_target(
      {.label_smoothing = 0.2, .weighting = network::ClassWeighting::given, .class_weights = {1.0, 3.0}},
      std::vector<std::int32_t>{0}, 2);
  EXPECT_EQ(target.label_smoothing, 0.2);
  EXPECT_EQ(target.class_weights, (std::vector<double>{1.0, 3.0}));
  EXPECT_TRUE(loss_target({}, std::vector<std::int32_t>{0}, 2).class_weights.empty());
}

}  // namespace
}  // namespace parsimony::nn
