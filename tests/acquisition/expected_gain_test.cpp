#include "parsimony/acquisition/expected_gain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "parsimony/acquisition/normal_tail.hpp"
#include "parsimony/base/random.hpp"

namespace parsimony::acquisition {
namespace {

/// E[max(0, level − y)] by the trapezoidal rule over ±12 deviations: exact to many digits for a smooth tail.
double integrated(double level, const Outlook& outlook) {
  constexpr int kSteps = 200000;
  double sum = 0.0;
  for (int i = 0; i <= kSteps; ++i) {
    const double z = -12.0 + 24.0 * i / kSteps;
    const double t = outlook.mean + outlook.deviation * z;
    const double y = outlook.logarithmic ? std::exp(t) - outlook.shift : t;
    sum += std::max(0.0, level - y) * normal_density(z) * 24.0 / kSteps;
  }
  return sum;
}

Outlook random_outlook(RandomStream& stream) {
  return {stream.uniform(-1.0, 1.0), std::exp(stream.uniform(-3.0, 0.5)), stream.below(2) == 0,
          stream.uniform(-0.5, 0.5)};
}

TEST(ExpectedGain, EqualsItsIntegral) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 60; ++repeat) {
    const Outlook outlook = random_outlook(stream);
    const double level = stream.uniform(-0.4, 2.0);
    const double expected = integrated(level, outlook);
    if (expected < 1e-12) continue;
    EXPECT_NEAR(std::exp(expected_gain(level, outlook).logarithm) / expected, 1.0, 1e-5);
    EXPECT_NEAR(expected_gain_value(level, outlook) / expected, 1.0, 1e-5);
  }
}

TEST(ExpectedGain, SlopesEqualFiniteDifferencesFarIntoTheTail) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 300; ++repeat) {
    Outlook outlook = random_outlook(stream);
    outlook.mean += stream.uniform(0.0, 20.0) * outlook.deviation;  // z from 0 to −20 and further
    const double level = stream.uniform(0.6, 1.0);
    const ExpectedGain at = expected_gain(level, outlook);
    const auto logarithm = [&](double mean, double deviation) {
      Outlook other = outlook;
      other.mean += mean;
      other.deviation += deviation;
      return expected_gain(level, other).logarithm;
    };
    const double h = 1e-5 * outlook.deviation;
    EXPECT_NEAR(at.by_mean, (logarithm(h, 0) - logarithm(-h, 0)) / (2 * h),
                1e-4 * (1 + std::abs(at.by_mean)));
    EXPECT_NEAR(at.by_deviation, (logarithm(0, h) - logarithm(0, -h)) / (2 * h),
                1e-4 * (1 + std::abs(at.by_deviation)));
  }
}

TEST(ExpectedGain, IsFiniteAndRisesWithTheLevelHoweverFarItIs) {
  for (const bool logarithmic : {false, true}) {
    const Outlook outlook{0.0, 0.01, logarithmic, 0.0};
    double before = -std::numeric_limits<double>::infinity();
    for (const double level : {0.01, 0.1, 0.5, 0.9, 0.99, 1.0, 1.01, 2.0}) {
      const double now = expected_gain(logarithmic ? level : level - 1.0, outlook).logarithm;
      EXPECT_TRUE(std::isfinite(now));
      EXPECT_GT(now, before);
      before = now;
    }
  }
}

TEST(ExpectedGain, OfAKnownOutcomeIsTheDifference) {
  EXPECT_NEAR(std::exp(expected_gain(3.0, {1.0, 0.0}).logarithm), 2.0, 1e-15);
  EXPECT_EQ(expected_gain(1.0, {1.0, 0.0}).logarithm, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(expected_gain_value(0.5, {1.0, 0.0}), 0.0);
}

TEST(NormalTail, LogarithmsJoinTheirAsymptotes) {
  for (const double z : {-1.0, -5.0, -39.0, -41.0, -100.0}) {
    EXPECT_NEAR(log_normal_cumulative(z + 1e-9), log_normal_cumulative(z - 1e-9), 1e-6);
    EXPECT_NEAR(log_expected_excess(z + 1e-9), log_expected_excess(z - 1e-9), 1e-6);
  }
  EXPECT_NEAR(log_expected_excess(-40.0 + 1e-7) / log_expected_excess(-40.0 - 1e-7), 1.0, 1e-5);
  EXPECT_NEAR(log_normal_cumulative(0.0), std::log(0.5), 1e-15);
  EXPECT_NEAR(log_normal_cumulative(-3.0), std::log(0.5 * std::erfc(3.0 / std::sqrt(2.0))), 1e-12);
}

}  // namespace
}  // namespace parsimony::acquisition
