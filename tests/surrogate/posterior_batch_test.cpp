#include "parsimony/surrogate/posterior_batch.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "parsimony/surrogate/gaussian_process.hpp"
#include "synthetic.hpp"

namespace parsimony::surrogate {
namespace {

struct Processes {
  std::vector<GaussianProcess> exact;
  std::vector<PosteriorTables> tables;
};

/// Processes over the same points, of both kernels; some coordinates stand for choices, and some numbers have
/// a logarithmic scale in one of the processes.
Processes random_processes(int n, int d, bool with_choices, RandomStream& stream) {
  Processes processes;
  std::vector<int> choices;
  for (int k = 0; k < d; ++k) choices.push_back(with_choices && k % 3 == 1 ? 2 + k % 4 : 0);
  for (const Kernel kernel : {Kernel::matern52, Kernel::rbf, Kernel::matern52}) {
    Observations observations = smooth_observations(n, d, 0.05, stream);
    if (with_choices) observations.choices = choices;
    if (with_choices && kernel == Kernel::rbf)
      for (int k = 0; k < d; ++k) observations.ratios.push_back(k % 3 == 0 ? 64.0 : 0.0);
    Hyperparameters held{{}, 0.003, stream.uniform(0.5, 2.0)};
    for (int k = 0; k < d; ++k) held.lengthscales.push_back(stream.uniform(0.2, 1.0) * std::sqrt(d));
    processes.exact.emplace_back(observations, held, kernel);
    processes.tables.push_back(processes.exact.back().tables());
  }
  return processes;
}

TEST(PosteriorBatch, IsThePosteriorOfItsProcesses) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 60; ++repeat) {
    const int n = 1 + static_cast<int>(stream.below(160)), d = 1 + static_cast<int>(stream.below(26));
    const int count = 1 + static_cast<int>(stream.below(64));
    const Processes processes = random_processes(n, d, repeat % 2 == 1, stream);
    const PosteriorBatch batch(processes.tables);
    ASSERT_EQ(batch.size(), 3u);
    const std::vector<double> points = random_points(count, d, stream);
    PosteriorBatch::Workspace workspace;
    std::vector<TileRow> mean(3), deviation(3);
    batch.moments(points, workspace, mean, deviation);
    for (std::size_t k = 0; k < 3; ++k) {
      std::vector<double> means(static_cast<std::size_t>(count)), variances(means);
      processes.exact[k].posterior(points, means, variances);
      const double unit = processes.exact[k].standardisation().deviation;
      for (std::size_t i = 0; i < means.size(); ++i) {
        EXPECT_NEAR(mean[k].of[i], means[i], 1e-3 * unit);
        EXPECT_NEAR(deviation[k].of[i], std::sqrt(variances[i]), 2e-3 * unit);
      }
    }
  }
}

TEST(PosteriorBatch, GivesAStateTheSameMomentsInAnyPlaceAndCompany) {
  RandomStream stream(2, 0, "test");
  const int d = 5;
  const Processes processes = random_processes(40, d, true, stream);
  const PosteriorBatch batch(processes.tables);
  PosteriorBatch::Workspace workspace;
  std::vector<TileRow> mean(3), deviation(3), mean_alone(3), deviation_alone(3);
  const std::vector<double> points = random_points(64, d, stream);
  batch.moments(points, workspace, mean, deviation);
  for (std::size_t i = 0; i < 64; ++i) {
    batch.moments(std::span(points).subspan(i * d, d), workspace, mean_alone, deviation_alone);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(mean_alone[k].of[0], mean[k].of[i]);
      EXPECT_EQ(deviation_alone[k].of[0], deviation[k].of[i]);
    }
  }
}

TEST(PosteriorBatch, IsFiniteFarFromAllObservationsAndUponThem) {
  RandomStream stream(3, 0, "test");
  Observations observations = smooth_observations(30, 4, 0.0, stream);
  const GaussianProcess process(observations, {std::vector<double>(4, kLeastLengthscale), kLeastNoise, 1.0});
  const PosteriorTables tables = process.tables();
  const PosteriorBatch batch({&tables, 1});
  PosteriorBatch::Workspace workspace;
  TileRow mean, deviation;
  batch.moments(observations.points, workspace, {&mean, 1}, {&deviation, 1});
  const double unit = process.standardisation().deviation;
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_NEAR(mean.of[i], observations.values[i], 0.01 * unit);
    EXPECT_NEAR(deviation.of[i], 0.0, 0.02 * unit);
  }
  const std::vector<double> outside{9.0, -9.0, 9.0, -9.0};  // the kernel is below 2⁻⁶⁰ there
  batch.moments(outside, workspace, {&mean, 1}, {&deviation, 1});
  EXPECT_NEAR(deviation.of[0], unit, 1e-3 * unit);
  EXPECT_TRUE(std::isfinite(mean.of[0]));
}

}  // namespace
}  // namespace parsimony::surrogate
