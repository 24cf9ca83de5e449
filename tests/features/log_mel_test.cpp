#include "parsimony/features/log_mel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <complex>

#include "parsimony/base/errors.hpp"
#include "sounds.hpp"

namespace parsimony::features {
namespace {

using test::Sound;

double mel(double hertz) {
  return 2595.0 * std::log10(1.0 + hertz / 700.0);
}

/// One frame in double precision, as the textbook has it: Hann's window, a DFT by its definition, triangles
/// over the mel scale.
struct Exact {
  std::vector<double> energies;  ///< [bands]
  std::vector<double> weights;   ///< [bands] sums of the triangles' weights
  double largest = 0.0;          ///< |X| of any bin, 0 Hz and half the rate included
  double loudest = 0.0;          ///< |sample|
};

Exact exact(const LogMel& settings, const std::int16_t* samples) {
  const std::int32_t fft = settings.fft();
  Exact frame;
  std::vector<double> power, windowed;
  std::vector<std::complex<double>> turns;
  for (std::int32_t n = 0; n < settings.frame; ++n) {
    windowed.push_back(samples[n] *
                       (0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / settings.frame)));
    frame.loudest = std::max(frame.loudest, std::abs(double{1.0} * samples[n]));
  }
  for (std::int32_t k = 0; k < fft; ++k) turns.push_back(std::polar(1.0, -2.0 * std::numbers::pi * k / fft));
  for (std::int32_t k = 0; k <= fft / 2; ++k) {
    std::complex<double> sum = 0.0;
    for (std::int32_t n = 0; n < settings.frame; ++n)
      sum += windowed[static_cast<std::size_t>(n)] * turns[static_cast<std::size_t>(k * n & (fft - 1))];
    power.push_back(std::norm(sum));
    frame.largest = std::max(frame.largest, std::abs(sum));
  }
  const double low = mel(settings.low), step = (mel(settings.high) - low) / (settings.bands + 1);
  for (std::int32_t band = 0; band < settings.bands; ++band) {
    double energy = 0.0, weights = 0.0;
    for (std::int32_t k = 1; k < fft / 2; ++k) {
      const double away = std::abs((mel(double{1.0} * k * settings.rate / fft) - low) / step - (band + 1));
      const double weight = std::max(0.0, 1.0 - away);
      energy += weight * power[static_cast<std::size_t>(k)];
      weights += weight;
    }
    frame.energies.push_back(energy);
    frame.weights.push_back(weights);
  }
  return frame;
}

LogMel settings_of(std::uint64_t seed) {
  RandomStream random(seed, 0, "test.settings");
  LogMel settings;
  const std::int32_t rates[] = {8000, 11025, 16000, 22050, 44100};
  settings.rate = rates[random.below(5)];
  settings.frame = 120 + static_cast<std::int32_t>(random.below(1400));
  settings.hop = 1 + static_cast<std::int32_t>(random.below(900));
  settings.samples = settings.frame + 2 * settings.hop;
  settings.high = settings.rate / 4 +
                  static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(settings.rate / 4)));
  settings.low = static_cast<std::int32_t>(random.below(300));
  settings.bands = 1 + static_cast<std::int32_t>(random.below(12));
  return settings;
}

/// The least ε for which every band's amplitude lies within ε · |X|max · √(sum of weights) of the exact one,
/// beside 0.6/256 of a doubling of its energy.
double error_of(const LogMel& settings, const Sound& sound) {
  const std::vector<float> features = FrontEnd(settings, "test").features(sound);
  double epsilon = 0.0;
  for (std::int32_t number = 0; number < settings.frames(); ++number) {
    const Exact frame = exact(settings, sound.data() + number * settings.hop);
    for (std::size_t band = 0; band < frame.energies.size(); ++band) {
      const double got = features[static_cast<std::size_t>(number * settings.bands) + band];
      const double least = got == 0.0 ? 0.0 : std::exp2((got - 0.6) / 512.0),
                   most = std::exp2((got + 0.6) / 512.0);
      const double amplitude = std::sqrt(frame.energies[band]);
      const double away = std::max({0.0, least - amplitude, amplitude - most});
      const double of_window = frame.loudest / 32768.0;
      if (away > 0.0)
        epsilon = std::max(epsilon, (away / std::sqrt(frame.weights[band]) - of_window) / frame.largest);
    }
  }
  return epsilon;
}

TEST(LogMel, IsTheTextbooksInDoublePrecisionTo75Decibels) {
  const double bound = std::exp2(-12.5);
  int tried = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const LogMel settings = settings_of(seed);
    for (const auto& [name, sound] : test::hard_sounds(settings.samples))
      EXPECT_LT(error_of(settings, sound), bound) << "seed " << seed << ", " << name;
    ++tried;
  }
  EXPECT_EQ(tried, 12);
  const LogMel keywords{.samples = 1120};
  for (const auto& [name, sound] : test::hard_sounds(keywords.samples))
    EXPECT_LT(error_of(keywords, sound), bound) << name;
}

TEST(LogMel, NoSoundLeavesItsRange) {  // under UBSan: no sum leaves 32 bits
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    RandomStream random(seed, 0, "test.extremes");
    LogMel settings{.frame = 32 << random.below(8), .bands = 1, .low = 0, .high = 8000};
    settings.samples = settings.frame;
    const std::int32_t period =
        1 + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(settings.frame)));
    Sound sound =
        test::sound_of(settings.frame, [&](std::int32_t n) {  // full scale: noise, or a square with noise
          const double high = random.below(8) == 0 ? 1.0 : n / period % 2 == 0 ? 1.0 : -1.0;
          return 32768.0 * (seed % 2 == 0 ? high : random.below(2) == 0 ? 1.0 : -1.0);
        });
    for (const float value : FrontEnd(settings, "test").features(sound)) {
      EXPECT_GE(value, 0.0f) << seed;
      EXPECT_LE(value, 256.0f * 54.0f) << seed;  // (2¹⁵ · 2¹²)²
    }
  }
}

TEST(LogMel, SilenceIsZero) {
  const LogMel settings;
  EXPECT_THAT(FrontEnd(settings, "test").features(Sound(16000, 0)), testing::Each(0.0f));
}

TEST(LogMel, TwiceTheSoundIsTwoDoublingsMore) {
  const LogMel settings;
  const FrontEnd front_end(settings, "test");
  const Sound sound = test::noise(settings.samples, 10000.0, 3);
  Sound twice = sound;
  for (std::int16_t& sample : twice) sample = static_cast<std::int16_t>(2 * sample);
  std::vector<float> once = front_end.features(sound);
  for (float& value : once) value += 512.0f;
  EXPECT_EQ(front_end.features(twice), once);
}

TEST(LogMel, EachFrameIsAFunctionOfItsOwnSamples) {
  const LogMel settings;
  const FrontEnd whole(settings, "test"), one({.samples = 480}, "test");
  const Sound sound = test::noise(settings.samples, 20000.0, 4);
  const std::vector<float> features = whole.features(sound);
  ASSERT_EQ(settings.frames(), 49);
  ASSERT_EQ(features.size(), 49u * 40u);
  for (std::int32_t frame = 0; frame < 49; ++frame) {
    const std::vector<float> alone =
        one.features(std::span(sound).subspan(static_cast<std::size_t>(320 * frame), 480));
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), features.begin() + 40 * frame)) << frame;
  }
}

TEST(LogMel, AToneIsLoudestInItsBand) {
  const LogMel settings;
  const FrontEnd front_end(settings, "test");
  for (std::int32_t band = 2; band < settings.bands; ++band) {
    const std::vector<float> features =
        front_end.features(test::tone(settings.samples, 1000.0, front_end.middle(band) / settings.rate));
    EXPECT_EQ(std::max_element(features.begin(), features.begin() + 40) - features.begin(), band);
  }
}

std::string refusal(const LogMel& settings) {
  try {
    FrontEnd(settings, "data.features");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(LogMel, RefusesWhatItCannotDoByField) {
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({.frame = 16}), "data.features.frame: is 16 samples; allowed: 32 to 4096 samples");
  EXPECT_EQ(refusal({.samples = 400}),
            "data.features.frame: is 480 samples of the window; allowed: 32 to 400 samples of the window");
  EXPECT_EQ(refusal({.hop = 0}), "data.features.hop: is 0 samples; allowed: 1 to 65535 samples");
  EXPECT_EQ(refusal({.bands = 0}), "data.features.bands: is 0; allowed: 1 to 256");
  EXPECT_EQ(refusal({.high = 8001}), "data.features.high: is 8001 Hz; allowed: 1 to 8000 Hz");
  EXPECT_EQ(refusal({.low = 4000}), "data.features.low: is 4000 Hz; allowed: 0 to 3999 Hz");
  EXPECT_EQ(refusal({.bands = 100}),
            "data.features.bands: is 100: no frequency of the FFT of 512 samples lies in band 2, round 47 "
            "Hz; allowed: "
            "fewer bands, a longer frame or a wider range from low to high");
}

TEST(LogMel, SamplesAreRoundedAndHeldIn16Bits) {
  EXPECT_EQ(to_sample(1.5f), 2);
  EXPECT_EQ(to_sample(-0.4f), 0);
  EXPECT_EQ(to_sample(1e9f), 32767);
  EXPECT_EQ(to_sample(-32769.0f), -32768);
}

}  // namespace
}  // namespace parsimony::features
