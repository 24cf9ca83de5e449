#include "parsimony/solver/keyed_normals.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace parsimony::solver {
namespace {

TEST(KeyedNormals, WordsAreThoseOfRandom123) {
  const std::uint64_t key = 0x0123456789abcdefu, stream = 0xfedcba9876543210u;
  std::array<std::uint32_t, 64> words;
  philox_block(key, stream, 3, words);
  for (std::uint32_t lane = 0; lane < 16; ++lane) {
    const r123::Philox4x32::ctr_type counter = {
        {3 * 16 + lane, 0, static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)}};
    const r123::Philox4x32::key_type halves = {
        {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
    const auto expected = r123::Philox4x32()(counter, halves);
    for (std::size_t word = 0; word < 4; ++word) EXPECT_EQ(words[word * 16 + lane], expected[word]);
  }
}

TEST(KeyedNormals, HaveTheMomentsOfTheNormalDistribution) {
  std::vector<float> numbers(1 << 20);
  fill_normals(7, 1, numbers);
  double moments[5] = {};
  int beyond = 0;
  for (const float z : numbers) {
    for (int k = 1; k <= 4; ++k) moments[k] += std::pow(z, k) / static_cast<double>(numbers.size());
    beyond += std::abs(z) > 1.959964f;
  }
  EXPECT_NEAR(moments[1], 0.0, 0.005);
  EXPECT_NEAR(moments[2], 1.0, 0.008);
  EXPECT_NEAR(moments[3], 0.0, 0.02);
  EXPECT_NEAR(moments[4], 3.0, 0.06);
  EXPECT_NEAR(beyond / static_cast<double>(numbers.size()), 0.05, 0.001);
}

TEST(KeyedNormals, AShorterCallGivesTheBeginningOfALongerOne) {
  std::vector<float> longer(1000), shorter(130);
  fill_normals(7, 1, longer);
  fill_normals(7, 1, shorter);
  for (std::size_t i = 0; i < shorter.size(); ++i) EXPECT_EQ(shorter[i], longer[i]);
}

TEST(KeyedNormals, OtherKeysAndStreamsGiveOthers) {
  std::vector<float> a(64), b(64), c(64);
  fill_normals(7, 1, a);
  fill_normals(7, 2, b);
  fill_normals(8, 1, c);
  EXPECT_NE(a, b);
  EXPECT_NE(a, c);
}

}  // namespace
}  // namespace parsimony::solver
