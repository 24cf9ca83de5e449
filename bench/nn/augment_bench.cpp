// What augmentation adds to a training step: the same batches gathered as they are and as they are changed.
#include <benchmark/benchmark.h>

#include <vector>

#include "parsimony/base/random.hpp"
#include "parsimony/nn/augment.hpp"

namespace parsimony::nn {
namespace {

data::Dataset noise(std::int64_t cases, std::int32_t height, std::int32_t width, std::int32_t channels) {
  RandomStream random(1, 0, "noise");
  data::Dataset data;
  data.length = height * width;
  data.height = height;
  data.channels = channels;
  data.class_names = {"a", "b"};
  data.labels.assign(static_cast<std::size_t>(cases), 0);
  for (std::int64_t i = 0; i < cases * data.case_size(); ++i)
    data.values.push_back(static_cast<float>(random.normal()));
  return data;
}

/// Arguments: batch, height (1: a series), width, channels.
void gathered(benchmark::State& state, const network::Augmentation& augmentation) {
  const auto at = [&](std::size_t i) { return static_cast<std::int32_t>(state.range(i)); };
  const data::Dataset data = noise(at(0), at(1), at(2), at(3));
  const Cases<float> cases = make_cases<float>(data, data::normalisation_of(data));
  const Augmenter augmenter(augmentation, cases, {1, 0, "bench"});
  std::vector<std::int64_t> indices;
  for (std::int64_t i = 0; i < cases.count; ++i) indices.push_back(i);
  std::vector<float> to(cases.values.size());
  int epoch = 0;
  for (auto _ : state) {
    augmenter.gather(epoch++, indices, to.data());
    benchmark::DoNotOptimize(to.data());
  }
}

const network::Augmentation kNothing;
const network::Augmentation kOfSeries{.jitter = 0.05, .scale = 0.1, .rotation = 15.0, .warp = 0.1};
const network::Augmentation kOfImages{.flip = true, .crop = 4};
BENCHMARK_CAPTURE(gathered, plain, kNothing)
    ->Args({40, 1, 100, 6})
    ->Args({64, 32, 32, 3})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(gathered, series, kOfSeries)->Args({40, 1, 100, 6})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(gathered, images, kOfImages)->Args({64, 32, 32, 3})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parsimony::nn
