// What int8 costs in accuracy, by the choices after training: networks trained once for each seed, then
// quantised in every way. One row is one network; int8_study.py sums rows up against the bars.
// `int8/` compares the ways; `int8_held_out/` has seeds that were not looked at when one was chosen,
// `int8_warm_up/` others whose rate rises over a tenth of the epochs.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "accuracy.hpp"
#include "parsimony/data/source.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/epochs.hpp"
#include "parsimony/nn/post_training.hpp"

namespace parsimony::nn {
namespace {

using network::QuantisationOptions;
using network::RangeEstimator;

struct Way {
  const char* name;
  QuantisationOptions options;
};
const Way kWays[] = {
    {"min-max", {.ranges = RangeEstimator::min_max, .bias_correction = false}},
    {"min-max_bc", {.ranges = RangeEstimator::min_max}},
    {"min-max_eq_bc", {.ranges = RangeEstimator::min_max, .equalisation = true}},
    {"percentile_bc", {.ranges = RangeEstimator::percentile}},
    {"mse", {.ranges = RangeEstimator::mse, .bias_correction = false}},
    {"mse_bc", {.ranges = RangeEstimator::mse}},
    {"mse_eq_bc", {.ranges = RangeEstimator::mse, .equalisation = true}},
    {"auto_bc", {}},
};

/// Share of the cases that int8 puts into another class than float does.
double changed(const std::vector<std::int8_t>& bytes, const std::vector<float>& logits,
               std::int32_t classes) {
  const auto cases = logits.size() / static_cast<std::size_t>(classes);
  std::size_t changed = 0;
  for (std::size_t n = 0; n < cases; ++n) {
    const auto first = static_cast<std::ptrdiff_t>(n) * classes;
    const auto largest = [&](const auto& values) {
      return std::max_element(values.begin() + first, values.begin() + first + classes) - values.begin();
    };
    changed += largest(bytes) != largest(logits) ? 1 : 0;
  }
  return static_cast<double>(changed) / static_cast<double>(cases);
}

struct Subject {
  data::SourceOptions data;
  const char* network;
  std::int32_t width;
  int epochs;
  double rate;
};

/// Mean distance of the int8 logits from the float ones over their deviation.
double logit_error(const ir::Graph& graph, const std::vector<std::int8_t>& bytes,
                   const std::vector<float>& logits) {
  const ir::Quantisation q = graph.tensor(graph.output).quantisation;
  double error = 0.0, mean = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    error += std::abs(double{q.scale} * (bytes[i] - q.zero_point) - double{logits[i]});
    mean += double{logits[i]};
    squares += double{logits[i]} * double{logits[i]};
  }
  const auto count = static_cast<double>(logits.size());
  return error / count / std::sqrt(squares / count - mean * mean / (count * count));
}

TrainingJob job_of(const Subject& subject, const network::Description& description,
                   const data::Dataset& training, std::int64_t seed, int warmup) {
  TrainingJob job;
  job.description = &description;
  job.training = &training;
  for (const network::Group& group : network::coupled_groups(description))
    job.kept.push_back(network::kept_channels(0.5, group.channels));
  job.settings.epochs = subject.epochs;
  job.settings.batch_size = training.size() < 100 ? 8 : 32;
  job.settings.learning_rate = subject.rate;
  job.settings.options.warmup = warmup;
  job.keys = {static_cast<std::uint64_t>(seed), 0, "int8 study"};
  return job;
}

/// Argument: seed.
void quantise_in_every_way(benchmark::State& state, const Subject& subject, int warmup) {
  const char* given = std::getenv("PARSIMONY_DATA");
  const data::DataPlaces places{.study_directory = "", .data_directory = given ? given : "../shared/data"};
  const data::DataSource source = data::open_source(subject.data, places);
  const data::Dataset& train = source.train;
  const network::Shape shape = train.height > 1 ? network::Shape{train.height, train.width(), train.channels}
                                                : network::Shape{train.length, train.channels};
  const network::Description description = network::build(network::find_built_in("bench", subject.network),
                                                          {shape, train.classes()}, subject.width, "bench");
  const TrainingJob job = job_of(subject, description, train, state.range(0), warmup);
  for (auto _ : state) {
    const Cases<float> cases = make_cases<float>(train, data::normalisation_of(train));
    Parameters<float> trained = make_parameters<float>(description);
    initialise(trained, job.keys);
    if (train_epochs(job, cases, trained).diverged) return state.SkipWithError("diverged");
    re_estimate_statistics(trained, cases);
    const std::vector<float> logits =
        float_logits(trained, make_cases<float>(source.test, cases.normalisation));
    state.counters["cases"] = static_cast<double>(source.test.size());
    state.counters["float"] = accuracy(source.test, logits);
    for (const Way& way : kWays) {
      Parameters<float> parameters = trained;
      parameters.values = trained.values.clone();
      const auto graph = to_int8(parameters, cases, train.class_names, job.keys, way.options);
      const std::vector<std::int8_t> bytes = int8_logits(*graph, source.test);
      state.counters[way.name] = accuracy(source.test, bytes);
      state.counters[std::string(way.name) + "_changed"] = changed(bytes, logits, train.classes());
      state.counters[std::string(way.name) + "_logits"] = logit_error(*graph, bytes, logits);
    }
  }
}

data::SourceOptions uea(const char* name) {
  return {.format = "uea", .path = std::string("uea/") + name};
}
const data::SourceOptions kMnist{.format = "idx", .path = "mnist", .cases = 2000, .test_cases = 1000};

void int8(benchmark::State& state, const Subject& subject) {
  quantise_in_every_way(state, subject, 0);
}
void int8_held_out(benchmark::State& state, const Subject& subject) {
  quantise_in_every_way(state, subject, 0);
}
void int8_warm_up(benchmark::State& state, const Subject& subject) {
  quantise_in_every_way(state, subject, std::max(subject.epochs / 10, 1));
}

#define PARSIMONY_NETWORKS(study, first_seed, name, ...) \
  BENCHMARK_CAPTURE(study, name, Subject{__VA_ARGS__})   \
      ->DenseRange(first_seed, first_seed + 2)           \
      ->Iterations(1)                                    \
      ->Unit(benchmark::kSecond)
#define PARSIMONY_STUDY(...)                          \
  PARSIMONY_NETWORKS(int8, 1, __VA_ARGS__);           \
  PARSIMONY_NETWORKS(int8_held_out, 31, __VA_ARGS__); \
  PARSIMONY_NETWORKS(int8_warm_up, 41, __VA_ARGS__)
const data::SourceOptions kMotions{.format = "motions"};
PARSIMONY_STUDY(BasicMotions_dscnn64, uea("BasicMotions"), "dscnn-se-1d", 64, 300, 1e-1);
PARSIMONY_STUDY(NATOPS_dscnn64, uea("NATOPS"), "dscnn-se-1d", 64, 180, 1e-1);
PARSIMONY_STUDY(ERing_dscnn64, uea("ERing"), "dscnn-se-1d", 64, 450, 1e-1);
PARSIMONY_STUDY(BasicMotions_mobilenet30, uea("BasicMotions"), "mobilenetv3-1d", 30, 300, 5e-2);
PARSIMONY_STUDY(NATOPS_mobilenet30, uea("NATOPS"), "mobilenetv3-1d", 30, 180, 1e-1);
PARSIMONY_STUDY(ERing_mobilenet30, uea("ERing"), "mobilenetv3-1d", 30, 450, 1e-1);
PARSIMONY_STUDY(ERing_mlp64, uea("ERing"), "mlp", 64, 100, 1e-2);
PARSIMONY_STUDY(motions_dscnn32, kMotions, "dscnn-se-1d", 32, 45, 1e-1);
PARSIMONY_STUDY(motions_mobilenet30, kMotions, "mobilenetv3-1d", 30, 60, 1e-1);
PARSIMONY_STUDY(MNIST_resnet8, kMnist, "resnet8", 8, 15, 1e-1);
PARSIMONY_STUDY(MNIST_dscnn2d, kMnist, "ds-cnn", 32, 18, 1e-1);
PARSIMONY_STUDY(MNIST_mlp64, kMnist, "mlp", 64, 10, 1e-2);
PARSIMONY_STUDY(Words_dscnn64, uea("ArticularyWordRecognition"), "dscnn-se-1d", 64, 120, 1e-1);
PARSIMONY_STUDY(Words_mobilenet30, uea("ArticularyWordRecognition"), "mobilenetv3-1d", 30, 120, 1e-1);
PARSIMONY_STUDY(UWave_dscnn64, uea("UWaveGestureLibrary"), "dscnn-se-1d", 64, 180, 1e-1);
PARSIMONY_STUDY(UWave_mobilenet30, uea("UWaveGestureLibrary"), "mobilenetv3-1d", 30, 180, 1e-1);
PARSIMONY_STUDY(Handwriting_dscnn64, uea("Handwriting"), "dscnn-se-1d", 64, 180, 1e-1);
PARSIMONY_STUDY(Handwriting_mobilenet30, uea("Handwriting"), "mobilenetv3-1d", 30, 180, 1e-1);
#undef PARSIMONY_STUDY
#undef PARSIMONY_NETWORKS

}  // namespace
}  // namespace parsimony::nn
