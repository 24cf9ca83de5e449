// Ten thousand histories such as a study should not have and sometimes has, twenty of them long: every
// posterior, draw and extension of every one is finite.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "parsimony/surrogate/fit.hpp"
#include "parsimony/surrogate/gaussian_process.hpp"
#include "parsimony/surrogate/marginal_likelihood.hpp"
#include "parsimony/surrogate/posterior_batch.hpp"
#include "synthetic.hpp"

namespace parsimony::surrogate {
namespace {

constexpr int kParts = 20;
constexpr int kHistoriesOfPart = 500;

bool chance(RandomStream& stream, double probability) {
  return stream.uniform() < probability;
}

/// Points that lie upon one another, next to one another, in corners or on a line.
void spoil_points(Observations& history, RandomStream& stream) {
  const std::size_t n = history.values.size(), d = static_cast<std::size_t>(history.d);
  const double share = stream.uniform();
  const std::uint64_t kind = stream.below(7);
  for (std::size_t i = 1; i < n; ++i) {
    if (!chance(stream, share)) continue;
    const std::size_t other = stream.below(i);
    for (std::size_t k = 0; k < d; ++k) {
      double& x = history.points[i * d + k];
      const double of_other = history.points[other * d + k];
      if (kind == 0) x = of_other;                                            // duplicates
      if (kind == 1) x = std::min(1.0, of_other + 1e-12 * stream.uniform());  // all but
      if (kind == 2) x = history.points[k];                                   // one point
      if (kind == 3) x = chance(stream, 0.5) ? 0.0 : 1.0;
      if (kind == 4) x = history.points[i * d];            // a line
      if (kind == 5 && k % 2 == 0) x = history.points[k];  // constant columns
    }                                                      // 6: nothing
  }
}

/// Constant, nearly constant, minute or huge outcomes, and outliers.
void spoil_values(Observations& history, RandomStream& stream) {
  const std::uint64_t kind = stream.below(8);
  const double level = (stream.uniform() - 0.5) * std::pow(10.0, stream.uniform(-90.0, 90.0));
  for (double& value : history.values) {
    if (kind == 0) value = level;
    if (kind == 1) value = level * (1.0 + 1e-15 * stream.normal());
    if (kind == 2) value *= level;
    if (kind == 3) value = chance(stream, 0.5) ? level : -level;
    if (kind == 4) value = 1e-300 * stream.normal();
  }
  if (kind == 5) history.values[stream.below(history.values.size())] = level;
  if (kind == 6) history.values.back() = chance(stream, 0.5) ? kGreatestOutcome : -kGreatestOutcome;
}

Observations degenerate_history(int n, int d, RandomStream& stream) {
  Observations history{d, random_points(n, d, stream), {}};
  for (int i = 0; i < n; ++i) history.values.push_back(stream.normal());
  spoil_points(history, stream);
  spoil_values(history, stream);
  if (chance(stream, 0.3))
    for (int k = 0; k < d; ++k) history.choices.push_back(k % 2 ? 2 + static_cast<int>(stream.below(4)) : 0);
  if (chance(stream, 0.3))
    for (int k = 0; k < d; ++k) history.ratios.push_back(k % 2 ? 0.0 : 30.0);
  return history;
}

ModelForm any_form(RandomStream& stream) {
  if (chance(stream, 0.3)) return botorch_form();
  return chance(stream, 0.5) ? exact_form(Kernel::rbf) : exact_form(Kernel::matern52);
}

void expect_finite(const GaussianProcess& process, std::span<const double> points) {
  const std::size_t n = points.size() / static_cast<std::size_t>(process.dimensions());
  std::vector<double> mean(n), variance(n);
  process.posterior(points, mean, variance);
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_TRUE(std::isfinite(mean[i]));
    EXPECT_TRUE(std::isfinite(variance[i]) && variance[i] >= 0.0);
  }
}

/// What an earlier fit, or a record that nobody wrote, says.
std::optional<Hyperparameters> any_warm_start(int d, RandomStream& stream) {
  if (chance(stream, 0.6)) return {};
  const double reach = chance(stream, 0.5) ? 1.0 : 20.0;
  const auto any = [&] { return std::pow(10.0, stream.uniform(-reach, reach)); };
  Hyperparameters warm{{}, any(), any()};
  for (int k = 0; k < d; ++k) warm.lengthscales.push_back(any());
  return warm;
}

/// In single precision, as rollouts read it.
void expect_finite_tables(const GaussianProcess& process, std::span<const double> points) {
  PosteriorTables tables = process.with_noise(kLeastNoise).tables();
  tables.scale = {};
  const PosteriorBatch batch({&tables, 1});
  PosteriorBatch::Workspace workspace;
  TileRow mean, deviation;
  batch.moments(points, workspace, {&mean, 1}, {&deviation, 1});
  for (std::size_t i = 0; i < points.size() / static_cast<std::size_t>(process.dimensions()); ++i)
    EXPECT_TRUE(std::isfinite(mean.of[i]) && std::isfinite(deviation.of[i]) && deviation.of[i] >= 0.0f);
}

void expect_sound(const Observations& history, RandomStream& stream) {
  ThreadPool pool(1);
  const ModelForm form = any_form(stream);
  const FitTask task{&history, any_warm_start(history.d, stream), form};
  FitOptions brief;
  brief.first_iterations = brief.last_iterations = 4;
  std::vector<double> density;
  const Hyperparameters fitted = fit_hyperparameters({&task, 1}, pool, brief, &density)[0];
  EXPECT_TRUE(std::isfinite(density[0]));
  const GaussianProcess process(history, fitted, form.kernel);
  std::vector<double> points = random_points(5, history.d, stream);
  points.insert(points.end(), history.points.begin(), history.points.begin() + history.d);
  expect_finite(process, points);
  expect_finite_tables(process, points);
  expect_finite(process.believing(points), points);
  std::vector<double> further(6);  // other outcomes, one of them where there is one already
  for (double& value : further) value = history.values.front() * stream.uniform(-2.0, 2.0);
  expect_finite(process.extended(points, further), points);
  std::vector<double> normals(2 * 6);
  for (double& normal : normals) normal = stream.normal();
  for (const double draw : process.draws(points, normals)) EXPECT_TRUE(std::isfinite(draw));
  std::vector<double> of_mean(static_cast<std::size_t>(history.d)), of_deviation = of_mean;
  const auto last = std::span(points).last(static_cast<std::size_t>(history.d));
  const auto moments = process.moments_with_gradient(last, of_mean, of_deviation);
  EXPECT_TRUE(std::isfinite(moments.mean) && std::isfinite(moments.deviation));
  for (const double slope : of_mean) EXPECT_TRUE(std::isfinite(slope));
  for (const double slope : of_deviation) EXPECT_TRUE(std::isfinite(slope));
}

class DegenerateHistories : public testing::TestWithParam<int> {};

TEST_P(DegenerateHistories, GiveFinitePosteriors) {
  for (int k = 0; k < kHistoriesOfPart; ++k) {
    const int number = GetParam() * kHistoriesOfPart + k;
    RandomStream stream(1, static_cast<std::uint64_t>(number), "degenerate");
    const int d = 1 + static_cast<int>(stream.below(12));
    const bool is_long = k == 0;  // one of each part
    const int n =
        is_long ? 501 + static_cast<int>(stream.below(100)) : 1 + static_cast<int>(stream.below(40));
    expect_sound(degenerate_history(n, d, stream), stream);
    ASSERT_FALSE(HasFailure()) << "history " << number << ", n " << n << ", d " << d;
  }
}

INSTANTIATE_TEST_SUITE_P(Part, DegenerateHistories, testing::Range(0, kParts));

TEST(ObservationsDeathTest, OutcomesThatAreNoNumbersAreRefused) {
  for (const double wrong : {std::nan(""), std::numeric_limits<double>::infinity(), 2.0 * kGreatestOutcome}) {
    const Observations history{1, {0.1, 0.9}, {1.0, wrong}};
    EXPECT_DEATH(GaussianProcess(history, {{1.0}, 0.01, 1.0}), "precondition broken");
    EXPECT_DEATH(MarginalLikelihood(history, ModelForm{}), "precondition broken");
  }
}

TEST(ObservationsDeathTest, FurtherOutcomesAndPointsThatAreNoNumbersAreRefused) {
  const GaussianProcess process(Observations{1, {0.1, 0.9}, {1.0, 2.0}}, {{1.0}, 0.01, 1.0});
  for (const double wrong : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    const std::vector<double> point{0.5}, no_number{wrong};
    EXPECT_DEATH(process.extended(point, no_number), "precondition broken");
    EXPECT_DEATH(process.extended(no_number, point), "precondition broken");
    EXPECT_DEATH(process.believing(no_number), "precondition broken");
    EXPECT_DEATH(GaussianProcess(Observations{1, {0.1, wrong}, {1.0, 2.0}}, {{1.0}, 0.01, 1.0}),
                 "precondition broken");
  }
}

}  // namespace
}  // namespace parsimony::surrogate
