#include "parsimony/acquisition/hypervolume_improvement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "parsimony/base/random.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::acquisition {
namespace {

struct Case {
  std::vector<double> front, reference;
  std::vector<Outlook> outlooks;
};

Case random_case(int m, RandomStream& stream) {
  Case made;
  made.reference.assign(static_cast<std::size_t>(m), 1.1);
  for (std::uint64_t k = stream.below(8) * static_cast<std::uint64_t>(m); k > 0; --k)
    made.front.push_back(stream.uniform());
  for (int j = 0; j < m; ++j) {
    const bool logarithmic = stream.below(3) == 0;
    const double deviation = stream.below(3) == 0 ? 0.0 : stream.uniform(0.02, 0.4);
    const double mean = stream.uniform(0.1, 1.0);
    made.outlooks.push_back({logarithmic ? std::log(mean + 0.2) : mean, deviation, logarithmic, 0.2});
  }
  return made;
}

HypervolumeImprovement improvement_of(const Case& given) {
  return HypervolumeImprovement(pareto::non_dominated_boxes(given.front, given.reference));
}

TEST(HypervolumeImprovement, EqualsMonteCarlo) {
  RandomStream stream(1, 0, "test");
  for (int repeat = 0; repeat < 24; ++repeat) {
    const Case given = random_case(1 + repeat % 4, stream);
    constexpr int kDraws = 20000;
    const double before = pareto::hypervolume(given.front, given.reference);
    double sum = 0.0, squares = 0.0;
    for (int draw = 0; draw < kDraws; ++draw) {
      std::vector<double> points = given.front;
      for (const Outlook& outlook : given.outlooks) {
        const double t = outlook.mean + outlook.deviation * stream.normal();
        points.push_back(outlook.logarithmic ? std::exp(t) - outlook.shift : t);
      }
      const double gain = pareto::hypervolume(points, given.reference) - before;
      sum += gain / kDraws;
      squares += gain * gain / kDraws;
    }
    const double error = std::sqrt(std::max(0.0, squares - sum * sum) / kDraws);
    EXPECT_NEAR(std::exp(improvement_of(given).log_value(given.outlooks)), sum, 5 * error + 1e-9);
  }
}

TEST(HypervolumeImprovement, OfKnownOutcomesIsTheDifferenceOfHypervolumes) {
  RandomStream stream(2, 0, "test");
  for (int repeat = 0; repeat < 100; ++repeat) {
    Case given = random_case(1 + repeat % 4, stream);
    std::vector<double> points = given.front;
    for (Outlook& outlook : given.outlooks) {
      outlook = {outlook.logarithmic ? std::exp(outlook.mean) - 0.2 : outlook.mean, 0.0};
      points.push_back(outlook.mean);
    }
    const double gain =
        pareto::hypervolume(points, given.reference) - pareto::hypervolume(given.front, given.reference);
    EXPECT_NEAR(std::exp(improvement_of(given).log_value(given.outlooks)), gain, 1e-12);
  }
}

TEST(HypervolumeImprovement, SlopesEqualFiniteDifferences) {
  RandomStream stream(3, 0, "test");
  for (int repeat = 0; repeat < 100; ++repeat) {
    Case given = random_case(1 + repeat % 4, stream);
    // Half of the cases so far off that the direct sum underflows.
    for (Outlook& outlook : given.outlooks) {
      outlook.deviation = std::max(outlook.deviation, 0.02);
      if (repeat % 2) outlook.mean += 30.0 * outlook.deviation;
    }
    const HypervolumeImprovement improvement = improvement_of(given);
    std::vector<double> by_mean(given.outlooks.size()), by_deviation(given.outlooks.size());
    const double value = improvement.log_value(given.outlooks, by_mean, by_deviation);
    EXPECT_NEAR(value, improvement.log_value(given.outlooks), 1e-9 * std::abs(value) + 1e-12);
    for (std::size_t j = 0; j < given.outlooks.size(); ++j) {
      const double h = 1e-5 * given.outlooks[j].deviation;
      const auto moved = [&](double mean, double deviation) {
        std::vector<Outlook> other = given.outlooks;
        other[j].mean += mean;
        other[j].deviation += deviation;
        return improvement.log_value(other);
      };
      EXPECT_NEAR(by_mean[j], (moved(h, 0) - moved(-h, 0)) / (2 * h), 1e-3 * (1 + std::abs(by_mean[j])));
      EXPECT_NEAR(by_deviation[j], (moved(0, h) - moved(0, -h)) / (2 * h),
                  1e-3 * (1 + std::abs(by_deviation[j])));
    }
  }
}

TEST(HypervolumeImprovement, StaysFiniteWhereTheSumUnderflows) {
  const std::vector<double> front{0.5, 0.5}, reference{1.0, 1.0};
  const HypervolumeImprovement improvement(pareto::non_dominated_boxes(front, reference));
  const std::vector<Outlook> outlooks{{3.0, 0.01}, {3.0, 0.01}};  // 200 deviations above the reference
  const double value = improvement.log_value(outlooks);
  EXPECT_TRUE(std::isfinite(value));
  EXPECT_LT(value, -30000.0);
}

TEST(HypervolumeImprovement, StaysFiniteWhereTheSumOverflows) {
  const HypervolumeImprovement improvement(pareto::non_dominated_boxes({}, std::vector<double>(4, 1.0)));
  const std::vector<Outlook> outlooks(4, {-1e100, 1e98});
  std::vector<double> by_mean(4), by_deviation(4);
  EXPECT_NEAR(improvement.log_value(outlooks), 400.0 * std::log(10.0), 1e-9);
  EXPECT_NEAR(improvement.log_value(outlooks, by_mean, by_deviation), 400.0 * std::log(10.0), 1e-9);
  for (const double slope : by_mean) EXPECT_NEAR(slope, -1e-100, 1e-109);
  for (const double slope : by_deviation) EXPECT_NEAR(slope, 0.0, 1e-109);
}

TEST(HypervolumeImprovement, IsNothingWhereAKnownOutcomeIsDominated) {
  const std::vector<double> front{0.5, 0.5}, reference{1.0, 1.0};
  const HypervolumeImprovement improvement(pareto::non_dominated_boxes(front, reference));
  EXPECT_EQ(improvement.log_value(std::vector<Outlook>{{0.6, 0.0}, {0.7, 0.0}}),
            -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace parsimony::acquisition
