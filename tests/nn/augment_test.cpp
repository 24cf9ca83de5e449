#include "parsimony/nn/augment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "parsimony/network/built_in.hpp"
#include "small_networks.hpp"

namespace parsimony::nn {
namespace {

const RandomKeys kKeys{5, 2, "fold1"};

Cases<float> series(std::int64_t count = 12, std::int32_t length = 30, std::int32_t channels = 6) {
  const data::Dataset data = test::easy_data(count, length, channels, 3, 4);
  return make_cases<float>(data, data::normalisation_of(data));
}

Cases<float> images(std::int64_t count, std::int32_t height, std::int32_t width) {
  data::Dataset data = test::easy_data(count, height * width, 3, 3, 4);
  data.height = height;
  return make_cases<float>(data, data::normalisation_of(data));
}

std::vector<float> augmented(const network::Augmentation& augmentation, const Cases<float>& cases, int epoch,
                             std::vector<std::int64_t> indices, const RandomKeys& keys = kKeys) {
  std::vector<float> values(indices.size() * static_cast<std::size_t>(cases.padded_size()), -1.0f);
  Augmenter(augmentation, cases, keys).gather(epoch, indices, values.data());
  return values;
}

/// What jitter, scale, rotation and warp can do at once.
network::Augmentation every_change_of_series() {
  return {.jitter = 0.1, .scale = 0.2, .rotation = 40.0, .warp = 0.3};
}

TEST(Augment, OfACaseDependsOnSeedTrialPurposeEpochAndCaseAlone) {
  const Cases<float> cases = series();
  const auto all = every_change_of_series();
  const std::vector<float> alone = augmented(all, cases, 3, {7});
  const std::vector<float> together = augmented(all, cases, 3, {2, 7, 1});
  EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + cases.padded_size()));
  EXPECT_NE(alone, augmented(all, cases, 4, {7}));
  for (const RandomKeys& other : {RandomKeys{6, 2, "fold1"}, {5, 3, "fold1"}, {5, 2, "fold0"}})
    EXPECT_NE(alone, augmented(all, cases, 3, {7}, other));
}

TEST(Augment, ByNothingIsTheCaseItself) {
  const Cases<float> cases = series();
  std::vector<float> plain(static_cast<std::size_t>(2 * cases.padded_size()));
  const std::vector<std::int64_t> indices{4, 9};
  gather<float>(cases, indices, plain.data());
  EXPECT_EQ(augmented({}, cases, 1, indices), plain);
}

TEST(Augment, LeavesTheLanesBeyondTheChannelsAtZero) {
  const Cases<float> cases = series();
  const std::vector<float> values = augmented(every_change_of_series(), cases, 0, {0, 1, 2});
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_TRUE(static_cast<int>(i) % cases.ld() < cases.channels || values[i] == 0.0f);
}

/// The value of a pixel, zero outside the image.
float pixel(const Cases<float>& cases, std::int64_t index, int y, int x, int channel) {
  const int width = cases.length / cases.height;
  if (y < 0 || y >= cases.height || x < 0 || x >= width) return 0.0f;
  return cases.at(index)[(y * width + x) * cases.channels + channel];
}

/// The only shift and flip that make `image` of the case: {down, across, flipped}.
std::set<std::array<int, 3>> ways(const Cases<float>& cases, std::int64_t index,
                                  const std::vector<float>& image, int reach) {
  const int width = cases.length / cases.height;
  std::set<std::array<int, 3>> found;
  for (int down = -reach; down <= reach; ++down)
    for (int across = -reach; across <= reach; ++across)
      for (const int flipped : {0, 1}) {
        bool same = true;
        for (int y = 0; y < cases.height && same; ++y)
          for (int x = 0; x < width && same; ++x)
            for (int c = 0; c < cases.channels; ++c)
              same = same && image[static_cast<std::size_t>((y * width + x) * cases.ld() + c)] ==
                                 pixel(cases, index, y + down, (flipped ? width - 1 - x : x) + across, c);
        if (same) found.insert({down, across, flipped});
      }
  return found;
}

TEST(Augment, ImagesAreMovedWithinTheCropAndFlippedEveryOtherTime) {
  const Cases<float> cases = images(3, 6, 5);
  std::set<std::array<int, 3>> seen;
  int flips = 0;
  for (int epoch = 0; epoch < 600; ++epoch) {
    const auto way = ways(cases, 1, augmented({.flip = true, .crop = 2}, cases, epoch, {1}), 2);
    ASSERT_EQ(way.size(), 1u) << "epoch " << epoch;
    seen.insert(*way.begin());
    flips += (*way.begin())[2];
  }
  EXPECT_EQ(seen.size(), 50u);  // 5 x 5 places, flipped or not
  EXPECT_NEAR(flips, 300, 60);
}

TEST(Augment, CropAloneNeverFlipsAndFlipAloneNeverMoves) {
  const Cases<float> cases = images(3, 4, 7);
  for (int epoch = 0; epoch < 40; ++epoch) {
    EXPECT_EQ((*ways(cases, 2, augmented({.crop = 1}, cases, epoch, {2}), 1).begin())[2], 0);
    const auto flipped = *ways(cases, 2, augmented({.flip = true}, cases, epoch, {2}), 1).begin();
    EXPECT_EQ(flipped[0], 0);
    EXPECT_EQ(flipped[1], 0);
  }
}

/// Each pixel is the centre as often as any other; what lies outside the image is cut off.
TEST(Augment, EraseSetsOneSquareToZeroWithItsCentreAnywhere) {
  constexpr int kHeight = 6, kWidth = 5, kSide = 3, kEpochs = 3000;
  const Cases<float> cases = images(3, kHeight, kWidth);
  std::map<std::set<std::array<int, 2>>, int> squares;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<float> image = augmented({.erase = kSide}, cases, epoch, {1});
    std::set<std::array<int, 2>> erased;
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < kWidth; ++x) {
        const float* values = &image[static_cast<std::size_t>((y * kWidth + x) * cases.ld())];
        if (std::all_of(values, values + cases.ld(), [](float value) { return value == 0.0f; }))
          erased.insert({y, x});
        else
          for (int c = 0; c < cases.channels; ++c) EXPECT_EQ(values[c], pixel(cases, 1, y, x, c));
      }
    ++squares[erased];
  }
  std::map<std::set<std::array<int, 2>>, int> expected;
  for (int centre_y = 0; centre_y < kHeight; ++centre_y)
    for (int centre_x = 0; centre_x < kWidth; ++centre_x) {
      std::set<std::array<int, 2>> square;
      for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
          if (std::abs(y - centre_y) <= 1 && std::abs(x - centre_x) <= 1) square.insert({y, x});
      ++expected[square];
    }
  ASSERT_EQ(squares.size(), expected.size());
  for (const auto& [square, count] : squares) {
    ASSERT_TRUE(expected.contains(square));
    EXPECT_NEAR(count, kEpochs / (kHeight * kWidth), 50);
  }
}

/// The square is drawn last: the same shift and flip with it and without.
TEST(Augment, EraseLeavesTheOtherChangesAsTheyAre) {
  const Cases<float> cases = images(3, 6, 5);
  for (int epoch = 0; epoch < 40; ++epoch) {
    const std::vector<float> whole = augmented({.flip = true, .crop = 2}, cases, epoch, {0, 2});
    const std::vector<float> erased = augmented({.flip = true, .crop = 2, .erase = 2}, cases, epoch, {0, 2});
    int changed = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_TRUE(erased[i] == whole[i] || erased[i] == 0.0f);
      changed += erased[i] != whole[i];
    }
    EXPECT_LE(changed, 2 * 4 * cases.channels);
  }
}

TEST(Augment, JitterIsNoiseOfItsDeviation) {
  const Cases<float> cases = series(40, 100, 3);
  std::vector<std::int64_t> indices(40);
  std::iota(indices.begin(), indices.end(), 0);
  const std::vector<float> values = augmented({.jitter = 0.5}, cases, 0, indices);
  const std::vector<float> plain = augmented({}, cases, 0, indices);
  double sum = 0.0, squares = 0.0;
  const double count = 40 * 100 * 3;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double noise = double{values[i]} - double{plain[i]};
    sum += noise;
    squares += noise * noise;
  }
  EXPECT_NEAR(sum / count, 0.0, 0.02);
  EXPECT_NEAR(std::sqrt(squares / count), 0.5, 0.02);
}

TEST(Augment, ScaleIsOneFactorForEachChannelOfACase) {
  const Cases<float> cases = series();
  const std::vector<float> values = augmented({.scale = 0.3}, cases, 0, {5});
  const std::vector<float> plain = augmented({}, cases, 0, {5});
  std::set<float> factors;
  for (int c = 0; c < cases.channels; ++c) {
    const auto at = [&](int l) { return static_cast<std::size_t>(l * cases.ld() + c); };
    const float factor = values[at(0)] / plain[at(0)];
    EXPECT_GE(factor, 0.69f);
    EXPECT_LE(factor, 1.31f);
    factors.insert(factor);
    for (int l = 1; l < cases.length; ++l) EXPECT_NEAR(values[at(l)], factor * plain[at(l)], 1e-5);
  }
  EXPECT_EQ(factors.size(), 6u);
}

/// A vector in the sensor's own units.
std::array<double, 3> raw(const Cases<float>& cases, const float* row, const std::array<int, 3>& triple) {
  std::array<double, 3> vector{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto c = static_cast<std::size_t>(triple[i]);
    vector[i] =
        double{row[c]} * double{cases.normalisation.deviation[c]} + double{cases.normalisation.mean[c]};
  }
  return vector;
}

double dot(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Lengths and the angles between vectors, of the same and of the other triple, are what a rotation leaves.
TEST(Augment, RotationTurnsTheSensorsOwnVectors) {
  const Cases<float> cases = series();
  const std::array<int, 3> first{4, 0, 2}, second{1, 5, 3};
  const network::Augmentation turned{.rotation = 25.0, .triples = {{4, 0, 2}, {1, 5, 3}}};
  for (int epoch = 0; epoch < 20; ++epoch) {
    const std::vector<float> values = augmented(turned, cases, epoch, {3});
    const std::vector<float> before = augmented({}, cases, epoch, {3});
    bool moved = false;
    for (int l = 0; l + 1 < cases.length; ++l) {
      const float *was = before.data() + l * cases.ld(), *is = values.data() + l * cases.ld();
      const auto a = raw(cases, was, first), b = raw(cases, was, second),
                 next = raw(cases, was + cases.ld(), first);
      const auto ra = raw(cases, is, first), rb = raw(cases, is, second),
                 rnext = raw(cases, is + cases.ld(), first);
      const double scale = dot(a, a) + dot(b, b);
      EXPECT_NEAR(dot(ra, ra), dot(a, a), 1e-4 * scale);
      EXPECT_NEAR(dot(ra, rb), dot(a, b), 1e-4 * scale);
      EXPECT_NEAR(dot(ra, rnext), dot(a, next), 1e-4 * scale);
      EXPECT_GE(dot(a, ra), (std::cos(25.0 * 3.14159265 / 180.0) - 1e-4) * dot(a, a));
      moved = moved || std::abs(ra[0] - a[0]) > 1e-3;
    }
    EXPECT_TRUE(moved);
  }
}

TEST(Augment, RotationTakesEachThreeChannelsInTurn) {
  const Cases<float> cases = series();
  EXPECT_EQ(augmented({.rotation = 25.0}, cases, 0, {3}),
            augmented({.rotation = 25.0, .triples = {{0, 1, 2}, {3, 4, 5}}}, cases, 0, {3}));
}

/// A ramp shows where each step was taken from.
TEST(Augment, WarpKeepsOrderAndEndsAtItsSpeeds) {
  Cases<float> cases = series(2, 65, 1);
  for (int l = 0; l < 65; ++l) cases.values[static_cast<std::size_t>(65 + l)] = static_cast<float>(l);
  constexpr double kWarp = 0.4;
  bool bent = false;
  for (int epoch = 0; epoch < 50; ++epoch) {
    const std::vector<float> values = augmented({.warp = kWarp}, cases, epoch, {1});
    const auto place = [&](int l) { return double{values[static_cast<std::size_t>(l * cases.ld())]}; };
    EXPECT_EQ(place(0), 0.0);
    EXPECT_NEAR(place(64), 64.0, 1e-4);
    double before = 0.0;
    for (int l = 1; l < 65; ++l) {
      const double speed = place(l) - place(l - 1);
      EXPECT_GE(speed, (1.0 - kWarp) / (1.0 + kWarp) - 1e-4);
      EXPECT_LE(speed, (1.0 + kWarp) / (1.0 - kWarp) + 1e-4);
      EXPECT_TRUE(l == 1 || std::abs(speed - before) <= 2.0 * kWarp / (1.0 - kWarp) / 16.0 + 1e-4);
      before = speed;
      bent = bent || std::abs(place(l) - l) > 2.0;
    }
  }
  EXPECT_TRUE(bent);
}

TEST(Augment, ASeriesOfOneStepIsSafe) {
  const Cases<float> cases = series(4, 1, 3);
  for (const float value : augmented(every_change_of_series(), cases, 0, {0, 3}))
    EXPECT_TRUE(std::isfinite(value));
}

/// The noise would widen the ranges many times.
TEST(Augment, StatisticsAndRangesAreThoseOfTheCasesThemselves) {
  const data::Dataset data = test::easy_data(64, 30, 2, 3, 1);
  const network::Description description =
      network::dscnn_se_1d({.length = 30, .channels = 2, .classes = 3, .width = 6});
  TrainingJob job;
  job.description = &description;
  job.training = &data;
  job.keys = {7, 3, "final"};
  for (const network::Group& group : network::coupled_groups(description)) job.kept.push_back(group.channels);
  job.settings.epochs = 2;
  job.settings.options.quantisation.ranges = network::RangeEstimator::min_max;
  const ir::Graph plain = train(job).graph;
  job.settings.options.augment.jitter = 10.0;
  const ir::Graph augmented = train(job).graph;
  EXPECT_NE(plain, augmented);
  EXPECT_EQ(plain.tensor(plain.input).quantisation, augmented.tensor(augmented.input).quantisation);
}

}  // namespace
}  // namespace parsimony::nn
