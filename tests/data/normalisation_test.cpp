#include "parsimony/data/normalisation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace parsimony::data {
namespace {

/// Two channels of two steps; three cases.
Dataset small(std::vector<float> values) {
  Dataset data;
  data.length = data.channels = 2;
  data.class_names = {"a"};
  data.values = std::move(values);
  data.labels.assign(data.values.size() / 4, 0);
  return data;
}

TEST(Normalisation, IsTheMeanAndDeviationOfTheCasesGivenAlone) {
  const Dataset data = small({1, 10, 3, 10, 5, 30, 7, 30, 1000, 1000, 1000, 1000});
  const Normalisation result = normalisation_of(data, std::array<std::int32_t, 2>{0, 1});
  EXPECT_EQ(result.mean, (std::vector<float>{4, 20}));
  EXPECT_EQ(result.deviation, (std::vector<float>{std::sqrt(5.0f), 10}));
}

TEST(Normalisation, GivesAConstantChannelDeviationOne) {
  const Dataset data = small({0.1f, 1, 0.1f, 2, 0.1f, 3, 0.1f, 4, 0.1f, 5, 0.1f, 6});
  const Normalisation result = normalisation_of(data);
  EXPECT_EQ(result.mean[0], 0.1f);
  EXPECT_EQ(result.deviation[0], 1.0f);
  EXPECT_GT(result.deviation[1], 1.5f);
}

TEST(Normalisation, KeepsASmallDeviationOnALargeOffset) {
  Dataset data = small({});
  for (int i = 0; i < 20000; ++i) data.values.push_back(4096.0f + (i % 4 < 2 ? 0.25f : -0.25f));
  data.labels.assign(5000, 0);
  EXPECT_FLOAT_EQ(normalisation_of(data).mean[1], 4096.0f);
  EXPECT_FLOAT_EQ(normalisation_of(data).deviation[1], 0.25f);
}

TEST(Normalisation, NormalisedValuesHaveMeanZeroAndDeviationOne) {
  Dataset data = small({1, 10, 3, 20, 5, 30, 7, 40, -8, 50, 6, 90});
  normalise(data.values, normalisation_of(data));
  const Normalisation after = normalisation_of(data);
  for (int channel = 0; channel < 2; ++channel) {
    EXPECT_NEAR(after.mean[channel], 0.0, 1e-6);
    EXPECT_NEAR(after.deviation[channel], 1.0, 1e-6);
  }
}

TEST(Normalisation, CutsWhatIsFurtherFromTheMean) {
  std::vector<float> values{-30, 7, 2, 40, 30, 9};
  normalise(values, {.mean = {0, 8}, .deviation = {10, 2}, .clip = 2.5f});
  EXPECT_EQ(values, (std::vector<float>{-2.5f, -0.5f, 0.2f, 2.5f, 2.5f, 0.5f}));
}

}  // namespace
}  // namespace parsimony::data
