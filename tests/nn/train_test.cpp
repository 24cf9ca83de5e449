#include "parsimony/nn/train.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "parsimony/data/uea_folder.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/epochs.hpp"
#include "small_networks.hpp"
#include "torch_reference.hpp"

namespace parsimony::nn {
namespace {

struct Problem {
  data::Dataset train = test::easy_data(64, 30, 2, 3, 1), test = test::easy_data(60, 30, 2, 3, 2);
  network::Description description =
      network::dscnn_se_1d({.length = 30, .channels = 2, .classes = 3, .width = 12});
  TrainingJob job;

  explicit Problem(double sparsity) {
    job.description = &description;
    for (const network::Group& group : network::coupled_groups(description))
      job.kept.push_back(network::kept_channels(sparsity, group.channels));
    job.settings.epochs = 40;
    job.settings.batch_size = 20;
    job.settings.learning_rate = 0.02;
    job.training = &train;
    job.scored = &test;
    job.keys = {7, 3, "final"};
  }
};

double float_accuracy(const TrainedNetwork& network, const data::Dataset& data) {
  const auto classes = static_cast<std::size_t>(data.classes());
  std::int64_t right = 0;
  for (std::size_t n = 0; n < data.labels.size(); ++n) {
    const auto* row = network.float_logits.data() + n * classes;
    right += std::max_element(row, row + classes) - row == data.labels[n] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(data.size());
}

double int8_accuracy(const TrainedNetwork& network, const data::Dataset& data) {
  std::vector<std::int8_t> input(static_cast<std::size_t>(data.case_size()));
  std::int64_t right = 0;
  for (std::int64_t n = 0; n < data.size(); ++n) {
    ir::quantise_input(network.graph, data.case_values(n), input);
    const std::vector<std::int8_t> output = ir::interpret(network.graph, input);
    right += std::max_element(output.begin(), output.end()) - output.begin() ==
                     data.labels[static_cast<std::size_t>(n)]
                 ? 1
                 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(data.size());
}

TEST(Train, LearnsAndStaysRightWhenPrunedAndQuantised) {
  Problem problem(0.5);
  problem.job.settings.epochs = 120;
  const TrainedNetwork network = train(problem.job);
  ASSERT_FALSE(network.diverged) << network.reason;
  EXPECT_GT(network.curve.back().accuracy, 0.95);
  EXPECT_GT(float_accuracy(network, problem.test), 0.9);
  EXPECT_GT(int8_accuracy(network, problem.test), float_accuracy(network, problem.test) - 0.05);
}

TEST(Train, DependsOnTheJobAlone) {
  Problem problem(0.6);
  problem.job.settings.epochs = 6;
  const TrainedNetwork first = train(problem.job);
  Problem other(0.1);
  other.job.settings.epochs = 2;
  train(other.job);  // whatever else the process has done
  const TrainedNetwork again = train(problem.job);
  EXPECT_EQ(first.graph, again.graph);
  EXPECT_EQ(first.float_logits, again.float_logits);
  problem.job.keys.purpose = "fold0";
  EXPECT_NE(first.graph, train(problem.job).graph);
  problem.job.keys = {7, 4, "final"};
  EXPECT_NE(first.graph, train(problem.job).graph);
}

TEST(Train, GraphHasTheShapesThatWereAskedFor) {
  Problem problem(0.7);
  problem.job.settings.epochs = 3;
  const TrainedNetwork network = train(problem.job);
  const ir::Graph expected = network::skeleton(network::prune(problem.description, problem.job.kept));
  ASSERT_EQ(network.graph.tensors.size(), expected.tensors.size());
  for (std::size_t i = 0; i < expected.tensors.size(); ++i)
    EXPECT_EQ(network.graph.tensors[i].shape, expected.tensors[i].shape);
}

TEST(Train, RemovalAtTheVeryEndStillHappens) {
  Problem problem(0.7);
  problem.job.settings.epochs = 2;
  problem.job.settings.pruning_start = 0.9;
  problem.job.settings.pruning_end = 1.0;
  problem.job.settings.pruning_steps = 1;
  EXPECT_EQ(train(problem.job).graph.tensors[1].shape.back(), problem.job.kept[0]);
}

TEST(Train, CurveCountsWhatIsLeft) {
  Problem problem(0.7);
  problem.job.settings.epochs = 10;
  problem.job.settings.pruning_steps = 1;
  problem.job.settings.pruning_end = 0.5;
  int epochs = 0;
  problem.job.on_epoch = [&](const EpochStatistics& epoch) { EXPECT_EQ(epoch.epoch, epochs++); };
  const TrainedNetwork network = train(problem.job);
  EXPECT_EQ(epochs, 10);
  ASSERT_EQ(network.curve.size(), 10u);
  EXPECT_EQ(network.curve[4].parameters, network::parameter_count(problem.description));
  EXPECT_EQ(network.curve[5].parameters,
            network::parameter_count(network::prune(problem.description, problem.job.kept)));
  EXPECT_LT(network.curve[5].channels, network.curve[4].channels);
}

TEST(Train, DivergenceIsAnOutcomeWithItsEpoch) {
  Problem problem(0.5);
  problem.job.settings.learning_rate = 1e30;
  const TrainedNetwork network = train(problem.job);
  EXPECT_TRUE(network.diverged);
  EXPECT_THAT(network.reason, testing::HasSubstr("training diverged in epoch 0"));
  EXPECT_TRUE(network.graph.operators.empty());
}

TEST(Train, AsMuchDecayAsThePaperPrintsIsNoError) {
  Problem problem(0.5);
  problem.job.settings.weight_decay = 0.9;
  problem.job.settings.decay_everything = true;
  problem.job.settings.epochs = 60;
  const TrainedNetwork network = train(problem.job);
  EXPECT_TRUE(network.diverged || !network.graph.operators.empty());
  if (network.diverged) return;
  EXPECT_NO_THROW(ir::verify(network.graph));
}

TEST(Train, StopsWhenAsked) {
  Problem problem(0.5);
  int batches = 0;
  problem.job.stop = [&] { return ++batches > 5; };
  const TrainedNetwork network = train(problem.job);
  EXPECT_TRUE(network.stopped);
  EXPECT_FALSE(network.diverged);
  EXPECT_EQ(network.curve.size(), 1u);  // of 3 batches an epoch
}

TEST(Train, TwoCasesAreEnough) {
  Problem problem(0.9);
  problem.train = data::subset(problem.train, std::vector<std::int32_t>{0, 1});
  problem.job.settings.epochs = 3;
  EXPECT_FALSE(train(problem.job).graph.operators.empty());
}

/// $PARSIMONY_DATA, or where this project's checkout keeps it.
std::filesystem::path real_data(const std::string& name) {
  const char* given = std::getenv("PARSIMONY_DATA");
  return std::filesystem::path(given ? given : PARSIMONY_SOURCE_DIR "/../shared/data") / "uea" / name;
}

TEST(Train, BasicMotionsKeepTheirAccuracyPrunedAndInInt8) {
  const auto folder = real_data("BasicMotions");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no real data at " << folder;
  const data::DataSource source = data::read_uea(folder);
  const network::Description description =
      network::dscnn_se_1d({.length = 100, .channels = 6, .classes = 4, .width = 32});
  TrainingJob job;
  job.description = &description;
  job.training = &source.train;
  job.scored = &source.test;
  for (const network::Group& group : network::coupled_groups(description))
    job.kept.push_back(network::kept_channels(0.5, group.channels));
  job.settings.epochs = 150;
  job.settings.batch_size = 20;
  job.settings.learning_rate = 1e-2;
  job.keys = {1, 0, "final"};
  const TrainedNetwork network = train(job);
  EXPECT_GE(float_accuracy(network, source.test), 0.9);
  EXPECT_GE(int8_accuracy(network, source.test), 0.9);
}

TEST(ReEstimateStatistics, IsTheMeanOverBatchesOf256InOrder) {
  const network::Description description = test::random_description(8);
  Parameters<double> parameters = test::random_parameters(description, 8);
  test::Reference reference = test::reference_of(parameters);
  const test::Batch batch = test::random_batch(description, 256 + 100, 8);
  int number = 0;
  for (const auto& part : {batch.channels.narrow(0, 0, 256), batch.channels.narrow(0, 256, 100)}) {
    reference.running_share = 1.0 / ++number;
    test::run(reference, part);
  }
  Cases<double> cases;
  cases.count = 356;
  cases.length = static_cast<int>(batch.rows.size(1));
  cases.channels = description.input_shape[1];
  const at::Tensor rows = batch.rows.narrow(2, 0, cases.channels).contiguous();
  cases.values.assign(rows.data_ptr<double>(), rows.data_ptr<double>() + rows.numel());
  re_estimate_statistics(parameters, cases);
  for (std::size_t i = 0; i < parameters.layers.size(); ++i) {
    const LayerLayout& layout = parameters.layers[i];
    if (!layout.has_norm()) continue;
    EXPECT_LT(test::distance(test::row(parameters.statistics, layout.mean, layout), reference.layers[i].mean),
              1e-9);
    EXPECT_LT(test::distance(test::row(parameters.statistics, layout.variance, layout),
                             reference.layers[i].variance),
              1e-9);
  }
}

TEST(CalibrationCases, Are512AtMostChosenByKey) {
  EXPECT_EQ(calibration_cases(40, {1, 2, "a"}).size(), 40u);
  const auto chosen = calibration_cases(5000, {1, 2, "a"});
  EXPECT_EQ(chosen.size(), 512u);
  EXPECT_EQ(chosen, calibration_cases(5000, {1, 2, "a"}));
  EXPECT_NE(chosen, calibration_cases(5000, {1, 3, "a"}));
}

TEST(TrainEpochs, OneStepIsMomentumWithDecayOnWeightsAlone) {
  Problem problem(0.0);
  problem.job.settings = {.epochs = 1, .batch_size = 64, .learning_rate = 0.1, .weight_decay = 0.5};
  const data::Normalisation normalisation = data::normalisation_of(problem.train);
  const Cases<float> cases = make_cases<float>(problem.train, normalisation);
  Parameters<float> parameters = make_parameters<float>(problem.description);
  initialise(parameters, problem.job.keys);
  const at::Tensor before = parameters.values.clone();
  train_epochs(problem.job, cases, parameters);
  at::Tensor gradient = parameters.gradients.clone();
  gradient.narrow(0, 0, parameters.decayed) += 0.5 * before.narrow(0, 0, parameters.decayed);
  EXPECT_LT((parameters.values - (before - 0.1 * gradient)).abs().max().item<double>(), 1e-6);
  EXPECT_GT(parameters.values.numel(), parameters.decayed);
}

/// Weights after one step over all cases, from those of the keys.
struct OneStep {
  at::Tensor before, after, gradient;
};
OneStep one_step(const network::TrainingOptions& options) {
  Problem problem(0.0);
  problem.job.settings = {.epochs = 1, .batch_size = 64, .learning_rate = 0.1, .weight_decay = 0.0};
  problem.job.settings.options = options;
  const Cases<float> cases = make_cases<float>(problem.train, data::normalisation_of(problem.train));
  Parameters<float> parameters = make_parameters<float>(problem.description);
  initialise(parameters, problem.job.keys);
  const at::Tensor before = parameters.values.clone();
  train_epochs(problem.job, cases, parameters);
  return {before, parameters.values, parameters.gradients};
}

/// The step and the ends of the input of the trained int8 network, in deviations.
std::array<double, 3> input_steps(double clip) {
  Problem problem(0.0);
  problem.job.settings.epochs = 1;
  problem.job.settings.options.input_clip = clip;
  const ir::Graph graph = train(problem.job).graph;
  const ir::Quantisation input = graph.tensor(graph.input).quantisation;
  return {input.scale, input.scale * (-128.0 - input.zero_point), input.scale * (127.0 - input.zero_point)};
}

TEST(Train, WhatIsCutInTrainingIsCutByTheInt8InputToo) {
  const auto [step, low, high] = input_steps(1.0);
  EXPECT_NEAR(low, -1.0, step);
  EXPECT_NEAR(high, 1.0, step);
  const auto [free_step, free_low, free_high] = input_steps(0.0);
  EXPECT_LT(free_low, -1.5);
  EXPECT_GT(free_high, 1.5);
}

TEST(TrainEpochs, GradientsAreClippedByTheNormOfAllOfThem) {
  network::TrainingOptions options;
  options.gradient_clip = 0.01;
  const OneStep free = one_step({}), clipped = one_step(options);
  const double norm = free.gradient.norm().item<double>();
  ASSERT_GT(norm, 0.02);
  EXPECT_NEAR((clipped.after - clipped.before).norm().item<double>(), 0.1 * 0.01, 1e-6);
  EXPECT_LT((clipped.gradient - free.gradient * (0.01 / norm)).abs().max().item<double>(), 1e-6);
  options.gradient_clip = 2.0 * norm;
  EXPECT_TRUE(one_step(options).after.equal(free.after));
}

TEST(TrainEpochs, LossAsksForWhatTheOptionsSay) {
  const OneStep plain = one_step({});
  network::TrainingOptions options;
  options.loss.label_smoothing = 0.3;
  EXPECT_FALSE(one_step(options).after.equal(plain.after));
  options.loss = {0.0, network::ClassWeighting::given, {1.0, 1.0, 50.0}};
  EXPECT_FALSE(one_step(options).after.equal(plain.after));
  options.loss.class_weights = {1.0, 1.0, 1.0};
  EXPECT_TRUE(one_step(options).after.equal(plain.after));
}

/// Of a network whose logits are 100 times too large, and that does not learn.
Epochs hopeless(const network::TrainingOptions& options) {
  Problem problem(0.0);
  problem.job.settings.epochs = 12;
  problem.job.settings.learning_rate = 1e-9;
  problem.job.settings.options = options;
  const Cases<float> cases = make_cases<float>(problem.train, data::normalisation_of(problem.train));
  Parameters<float> parameters = make_parameters<float>(problem.description);
  initialise(parameters, problem.job.keys);
  const Slot logits = parameters.layers.back().weight;
  for (std::int64_t k = 0; k < logits.count; ++k) parameters.value(logits)[k] *= 100.0f;
  return train_epochs(problem.job, cases, parameters);
}

TEST(TrainEpochs, GivesUpAfterEpochsInARowFarOverTheGuess) {
  network::TrainingOptions options;
  options.stop = {2.0, 4};
  options.warmup = 3;
  const Epochs epochs = hopeless(options);
  EXPECT_TRUE(epochs.diverged);
  EXPECT_EQ(epochs.curve.size(), 7u);
  EXPECT_THAT(epochs.reason, testing::HasSubstr("in epoch 6: for 4 epochs the loss was over 2 times that of "
                                                "a guess, 1.1"));
}

TEST(TrainEpochs, GoesOnWhateverTheLossUnlessAskedToStop) {
  EXPECT_FALSE(hopeless({}).diverged);
  network::TrainingOptions options;
  options.stop = {2.0, 13};  // one more than there are
  EXPECT_FALSE(hopeless(options).diverged);
  options.stop = {1000.0, 4};
  EXPECT_FALSE(hopeless(options).diverged);
}

TEST(Train, GoesOnWhileTheLossComesBelowTheGuess) {
  Problem problem(0.0);
  problem.job.settings.options.stop = {1.0, 4};
  EXPECT_FALSE(train(problem.job).diverged);
}

TEST(Train, EveryRankingRemovesAllThatWasAskedFor) {
  std::vector<ir::Graph> graphs;
  for (const network::Ranking ranking :
       {network::Ranking::norm, network::Ranking::batch_norm, network::Ranking::taylor}) {
    Problem problem(0.6);
    problem.job.settings.epochs = 20;
    problem.job.settings.pruning_start = 0.0;  // the first removal comes before the first gradient
    problem.job.settings.pruning_steps = 20;
    problem.job.settings.options.ranking = ranking;
    const TrainedNetwork network = train(problem.job);
    ASSERT_FALSE(network.diverged);
    const ir::Graph expected = network::skeleton(network::prune(problem.description, problem.job.kept));
    for (std::size_t i = 0; i < expected.tensors.size(); ++i)
      EXPECT_EQ(network.graph.tensors[i].shape, expected.tensors[i].shape);
    for (const ir::Graph& other : graphs) EXPECT_NE(network.graph, other);
    graphs.push_back(network.graph);
  }
}

/// A channel that the classifier hardly reads is the least by Taylor and the greatest by norm.
TEST(Train, TaylorRemovesWhatTheLossDoesNotFeel) {
  network::Description description{"two", {30, 2}, {}};
  using network::Activation;
  using network::LayerKind;
  description.layers.push_back(
      {"a", LayerKind::convolution, {network::kInput}, 6, {{3, 1, 1, 1}}, true, Activation::relu});
  description.layers.push_back({"mean", LayerKind::global_mean, {0}, 6, {}, false, Activation::none});
  description.layers.push_back({"classifier", LayerKind::linear, {1}, 3, {}, false, Activation::none});
  const data::Dataset data = test::easy_data(64, 30, 2, 3, 1);
  TrainingJob job;
  job.description = &description;
  job.training = &data;
  job.kept = {5};
  job.keys = {7, 3, "final"};
  job.settings = {.epochs = 2, .batch_size = 20, .learning_rate = 1e-6, .pruning_steps = 1};
  job.settings.pruning_end = 0.5;
  const Cases<float> cases = make_cases<float>(data, data::normalisation_of(data));
  for (const network::Ranking ranking : {network::Ranking::norm, network::Ranking::taylor}) {
    job.settings.options.ranking = ranking;
    Parameters<float> parameters = make_parameters<float>(description);
    initialise(parameters, job.keys);
    parameters.values.narrow(0, parameters.layers[0].weight.offset, parameters.layers[0].weight.count)
        .view({-1, parameters.layers[0].ld})
        .select(1, 2) *= 10.0;
    for (int k = 0; k < 3; ++k)
      parameters.value(parameters.layers[2].weight)[2 * parameters.layers[2].ld + k] = 1e-6f;
    train_epochs(job, cases, parameters);
    const at::Tensor read = test::weight_of(parameters.values, parameters.layers[2]).abs().amax({0, 2});
    ASSERT_EQ(read.size(0), 5);
    EXPECT_EQ(read.min().item<double>() < 1e-4, ranking == network::Ranking::norm);
  }
}

}  // namespace
}  // namespace parsimony::nn
