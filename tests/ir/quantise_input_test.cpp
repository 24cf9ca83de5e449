#include "parsimony/ir/quantise_input.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/random.hpp"

namespace parsimony::ir {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Graph one_channel(float mean, float divisor, std::int32_t zero_point) {
  Graph graph;
  graph.tensors.push_back({"x", {1, 1}, {0.1f, zero_point}});
  graph.normalisation = {{mean}, {divisor}};
  return graph;
}

int quantised(const Graph& graph, float raw) {
  std::int8_t result = 0;
  quantise_input(graph, {&raw, 1}, {&result, 1});
  return result;
}

TEST(QuantiseInput, RoundsHalfAwayFromZeroBeforeItAddsTheZeroPoint) {
  const Graph graph = one_channel(0.0f, 1.0f, 10);
  for (const auto& [raw, expected] : {std::pair{0.5f, 11},
                                      {-0.5f, 9},
                                      {1.5f, 12},
                                      {-1.5f, 8},
                                      {2.5f, 13},
                                      {0.49999997f, 10},
                                      {-0.49999997f, 10},
                                      {1.4999999f, 11},
                                      {-0.0f, 10},
                                      {100.25f, 110},
                                      {-100.75f, -91}})
    EXPECT_EQ(quantised(graph, raw), expected) << raw;
}

TEST(QuantiseInput, ClampsAndTakesNotANumberToTheZeroPoint) {
  for (const std::int32_t zero_point : {-128, -3, 0, 127}) {
    const Graph graph = one_channel(1.0f, 0.5f, zero_point);
    EXPECT_EQ(quantised(graph, std::nanf("")), zero_point);
    EXPECT_EQ(quantised(graph, -std::nanf("")), zero_point);
    for (const float huge : {1e3f, 1e30f, kInfinity}) {
      EXPECT_EQ(quantised(graph, huge), 127);
      EXPECT_EQ(quantised(graph, -huge), -128);
    }
  }
}

TEST(QuantiseInput, RoundsEachOperationToFloat) {
  RandomStream random(1, 0, "inputs");
  for (int k = 0; k < 100000; ++k) {
    const auto mean = static_cast<float>(random.normal()),
               divisor = static_cast<float>(random.uniform(0.001, 0.1));
    const auto raw = static_cast<float>(random.normal());
    const volatile float difference = raw - mean;
    const volatile float value = difference / divisor;
    const double expected = std::clamp(std::round(double{value}) + 7.0, -128.0, 127.0);
    ASSERT_EQ(quantised(one_channel(mean, divisor, 7), raw), static_cast<int>(expected));
  }
}

TEST(QuantiseInput, UsesEachChannelsOwnNormalisation) {
  Graph graph;
  graph.tensors.push_back({"x", {2, 2}, {0.1f, 0}});
  graph.normalisation = {{0.0f, 100.0f}, {1.0f, 10.0f}};
  const float raw[] = {5.0f, 150.0f, -3.0f, 70.0f};
  std::vector<std::int8_t> result(4);
  quantise_input(graph, raw, result);
  EXPECT_EQ(result, (std::vector<std::int8_t>{5, 5, -3, -3}));
}

}  // namespace
}  // namespace parsimony::ir
