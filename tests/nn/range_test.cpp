#include "parsimony/nn/range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/random.hpp"

namespace parsimony::nn {
namespace {

/// Normals with a few far outliers on either side, or one-sided after a ReLU.
std::vector<double> heavy_tailed(std::uint64_t seed, bool rectified) {
  RandomStream random(seed, 0, "tails");
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) {
    const double value = random.normal() * (i % 2000 == 0 ? 30.0 : 1.0);
    values.push_back(rectified ? std::max(0.0, value) : value);
  }
  return values;
}

Range range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {std::min(*low, 0.0), std::max(*high, 0.0)};
}

Histogram histogram_of(const std::vector<double>& values) {
  Histogram histogram(range_of(values));
  for (const double value : values) histogram.add(value);
  return histogram;
}

/// By rounding and clipping each value to 256 steps.
double squared_error(const std::vector<double>& values, const Range& range) {
  const double step = (range.high - range.low) / 255.0;
  double error = 0.0;
  for (const double value : values) {
    const double clipped = std::clamp(value, range.low, range.high);
    const double rounded = std::round(clipped / step) * step;
    error += (rounded - value) * (rounded - value);
  }
  return error;
}

TEST(Histogram, EstimatesLieWithinTheRangeAndHoldZero) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<double> values = heavy_tailed(seed, seed % 2 == 1);
    const Range all = range_of(values);
    const Histogram histogram = histogram_of(values);
    for (const Range& range :
         {histogram.percentile(90.0), histogram.percentile(99.99), histogram.least_error()}) {
      EXPECT_GE(range.low, all.low);
      EXPECT_LE(range.low, 0.0);
      EXPECT_LE(range.high, all.high);
      EXPECT_GE(range.high, 0.0);
    }
  }
}

TEST(Histogram, PercentileLeavesThatManyOut) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const std::vector<double> values = heavy_tailed(seed, false);
    const Range range = histogram_of(values).percentile(99.0);
    const auto count = [&](const auto& outside) {
      return std::count_if(values.begin(), values.end(), outside);
    };
    EXPECT_LE(count([&](double x) { return x < range.low; }), 200);
    EXPECT_LE(count([&](double x) { return x > range.high; }), 200);
    const double bin = (range_of(values).high - range_of(values).low) / 2048.0;
    EXPECT_GE(count([&](double x) { return x < range.low + bin; }), 200);
    EXPECT_GE(count([&](double x) { return x > range.high - bin; }), 200);
  }
}

TEST(Histogram, OfAHundredPercentIsTheWholeRange) {
  const std::vector<double> values = heavy_tailed(1, false);
  EXPECT_EQ(histogram_of(values).percentile(100.0), range_of(values));
}

/// An exhaustive search over other ranges, by rounding every value, finds none that is better by much.
TEST(Histogram, LeastErrorIsAsGoodAsAnyRange) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const std::vector<double> values = heavy_tailed(seed, seed % 2 == 1);
    const Range all = range_of(values);
    const double found = squared_error(values, histogram_of(values).least_error());
    EXPECT_LT(found, squared_error(values, all));
    for (int low = 1; low <= 16; ++low)
      for (int high = 1; high <= 16; ++high)
        EXPECT_LT(found, 1.05 * squared_error(values, {all.low * low / 16.0, all.high * high / 16.0}));
  }
}

TEST(Histogram, OfEqualValuesKeepsTheirRange) {
  Histogram none(Range{0.0, 0.0}), one(Range{0.0, 2.0});
  none.add(0.0);
  for (int i = 0; i < 10; ++i) one.add(2.0);
  EXPECT_EQ(none.percentile(99.0), (Range{0.0, 0.0}));
  EXPECT_EQ(none.least_error(), (Range{0.0, 0.0}));
  EXPECT_EQ(one.percentile(99.0), (Range{0.0, 2.0}));
  EXPECT_EQ(one.least_error(), (Range{0.0, 2.0}));
}

}  // namespace
}  // namespace parsimony::nn
