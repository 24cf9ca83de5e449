// What training costs: one step of the built-in networks, a run with filters removed physically or only
// masked, and what a trained network is worth on real data. peer_training.py sets the steps beside PyTorch's.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <vector>

#include "accuracy.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/data/uea_folder.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/epochs.hpp"
#include "parsimony/nn/loss.hpp"
#include "parsimony/nn/module.hpp"
#include "parsimony/nn/train.hpp"

namespace parsimony::nn {
namespace {

/// Noise of the given input shape, channels last; four classes in turn.
data::Dataset noise(std::int64_t cases, const network::Shape& shape) {
  RandomStream random(1, 0, "noise");
  data::Dataset data;
  data.channels = shape.back();
  data.length = 1;
  for (std::size_t i = 0; i + 1 < shape.size(); ++i) data.length *= shape[i];
  data.class_names = {"a", "b", "c", "d"};
  for (std::int64_t n = 0; n < cases; ++n) data.labels.push_back(static_cast<std::int32_t>(n % 4));
  for (std::int64_t i = 0; i < cases * data.case_size(); ++i)
    data.values.push_back(static_cast<float>(random.normal()));
  return data;
}

/// A built-in network of four classes.
network::Description described(const char* name, const network::Shape& input, std::int32_t width) {
  return network::build(network::find_built_in("bench", name), {input, 4}, width, "bench");
}

/// Forward, loss, backward and the update, as in an epoch.
void training_step(benchmark::State& state, const char* name, const network::Shape& input, std::int32_t width,
                   std::int64_t batch) {
  at::set_num_threads(1);
  const data::Dataset data = noise(batch, input);
  const network::Description description = described(name, input, width);
  const Cases<float> cases = make_cases<float>(data, data::normalisation_of(data));
  Parameters<float> parameters = make_parameters<float>(description);
  initialise(parameters, {1, 0, "bench"});
  Module<float> module(parameters, {batch, true});
  const std::int64_t count = parameters.values.numel();
  at::Tensor values = at::zeros({batch * cases.padded_size()}, at::kFloat);
  std::vector<std::int64_t> all(static_cast<std::size_t>(batch));
  std::iota(all.begin(), all.end(), 0);
  gather<float>(cases, all, values.data_ptr<float>());
  for (auto _ : state) {
    const float* logits = module.forward(values.data_ptr<float>(), batch, {});
    cross_entropy(logits, module.logits_ld(), 4, cases.labels, module.logit_gradients());
    module.backward();
    descend(count, {1e-3, 0.9, 1e-4}, parameters.gradients.data_ptr<float>(),
            parameters.momentum.data_ptr<float>(), parameters.values.data_ptr<float>());
  }
}
#define PARSIMONY_STEP(label, ...) \
  BENCHMARK_CAPTURE(training_step, label, __VA_ARGS__)->Unit(benchmark::kMillisecond)->MinWarmUpTime(0.1)
PARSIMONY_STEP(dscnn_64_100x6_b40, "dscnn-se-1d", {100, 6}, 64, 40);
PARSIMONY_STEP(dscnn_64_280x6_b32, "dscnn-se-1d", {280, 6}, 64, 32);
PARSIMONY_STEP(dscnn_64_1000x6_b64, "dscnn-se-1d", {1000, 6}, 64, 64);
PARSIMONY_STEP(dscnn_13_100x6_b40, "dscnn-se-1d", {100, 6}, 13, 40);
PARSIMONY_STEP(dscnn_456_100x6_b40, "dscnn-se-1d", {100, 6}, 456, 40);
PARSIMONY_STEP(mobilenetv3_25_280x24_b32, "mobilenetv3-1d", {280, 24}, 25, 32);
PARSIMONY_STEP(mobilenetv3_138_1024x24_b32, "mobilenetv3-1d", {1024, 24}, 138, 32);
PARSIMONY_STEP(resnet18_3_48_32x32_b100, "resnet18-3", {32, 32, 3}, 48, 100);
PARSIMONY_STEP(resnet18_3_48_32x32_b200, "resnet18-3", {32, 32, 3}, 48, 200);
PARSIMONY_STEP(resnet18_3_14_32x32_b100, "resnet18-3", {32, 32, 3}, 14, 100);

/// 300 epochs of 40 cases of 100 x 6, sparsity 0.8 in `steps` removals from epoch 90 on: one stands before
/// epoch 90, more of them end before epoch 240.
void run_of_300_epochs(benchmark::State& state, std::int32_t width, int steps, Removing removing) {
  at::set_num_threads(1);
  const data::Dataset data = noise(40, {100, 6});
  const network::Description description = described("dscnn-se-1d", {100, 6}, width);
  TrainingJob job;
  job.description = &description;
  job.training = &data;
  for (const network::Group& group : network::coupled_groups(description))
    job.kept.push_back(network::kept_channels(0.8, group.channels));
  job.settings.epochs = 300;
  job.settings.pruning_start = steps == 1 ? 0.0 : 0.3;
  job.settings.pruning_end = steps == 1 ? 0.3 : 0.8;
  job.settings.pruning_steps = steps;
  job.keys = {1, 0, "bench"};
  const Cases<float> cases = make_cases<float>(data, data::normalisation_of(data));
  for (auto _ : state) {
    Parameters<float> parameters = make_parameters<float>(description);
    initialise(parameters, job.keys);
    train_epochs(job, cases, parameters, removing);
  }
}
#define PARSIMONY_RUN(label, ...)                          \
  BENCHMARK_CAPTURE(run_of_300_epochs, label, __VA_ARGS__) \
      ->Unit(benchmark::kMillisecond)                      \
      ->Iterations(1)                                      \
      ->Repetitions(3)
PARSIMONY_RUN(64_removed, 64, 1, Removing::physically);
PARSIMONY_RUN(64_masked, 64, 1, Removing::by_mask);
PARSIMONY_RUN(256_removed, 256, 1, Removing::physically);
PARSIMONY_RUN(256_removed_in_8_steps, 256, 8, Removing::physically);
PARSIMONY_RUN(256_masked, 256, 1, Removing::by_mask);

/// Argument: sparsity in percent. Mean test accuracy of float and int8 networks, 200 epochs,
/// width 64.
void real_data(benchmark::State& state, const char* name) {
  const char* given = std::getenv("PARSIMONY_DATA");
  const auto folder = std::filesystem::path(given ? given : "../shared/data") / "uea" / name;
  if (!std::filesystem::exists(folder)) return state.SkipWithError("no data: set PARSIMONY_DATA");
  const data::DataSource source = data::read_uea(folder);
  const network::Description description = network::dscnn_se_1d({.length = source.train.length,
                                                                 .channels = source.train.channels,
                                                                 .classes = source.train.classes(),
                                                                 .width = 64});
  TrainingJob job;
  job.description = &description;
  job.training = &source.train;
  job.scored = &source.test;
  for (const network::Group& group : network::coupled_groups(description))
    job.kept.push_back(network::kept_channels(static_cast<double>(state.range(0)) / 100.0, group.channels));
  job.settings.learning_rate = 1e-2;
  job.settings.batch_size = 20;
  double in_float = 0.0, in_int8 = 0.0, quantising = 0.0;
  std::uint64_t seed = 0;
  for (auto _ : state) {
    job.keys = {++seed, 0, "final"};
    const TrainedNetwork network = train(job);
    in_float += accuracy(source.test, network.float_logits);
    in_int8 += accuracy(source.test, int8_logits(network.graph, source.test));
    quantising += network.seconds_quantising;
  }
  const auto runs = static_cast<double>(seed);
  state.counters["float"] = in_float / runs;
  state.counters["int8"] = in_int8 / runs;
  state.counters["quantising_s"] = quantising / runs;
}
BENCHMARK_CAPTURE(real_data, BasicMotions, "BasicMotions")
    ->Arg(0)
    ->Arg(80)
    ->Arg(95)
    ->Unit(benchmark::kSecond)
    ->Iterations(5);
BENCHMARK_CAPTURE(real_data, NATOPS, "NATOPS")->Arg(0)->Arg(80)->Unit(benchmark::kSecond)->Iterations(2);

}  // namespace
}  // namespace parsimony::nn
