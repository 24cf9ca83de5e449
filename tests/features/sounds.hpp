#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "parsimony/base/random.hpp"

namespace parsimony::test {

using Sound = std::vector<std::int16_t>;

template <typename Function>
Sound sound_of(std::int32_t samples, Function sample) {
  Sound sound;
  for (std::int32_t n = 0; n < samples; ++n)
    sound.push_back(static_cast<std::int16_t>(std::lround(std::clamp(sample(n), -32768.0, 32767.0))));
  return sound;
}

inline Sound noise(std::int32_t samples, double amplitude, std::uint64_t seed) {
  RandomStream random(seed, 0, "test.noise");
  return sound_of(samples, [&](std::int32_t) { return random.uniform(-amplitude, amplitude); });
}

inline Sound tone(std::int32_t samples, double amplitude, double turns_a_sample) {
  return sound_of(samples, [&](std::int32_t n) {
    return amplitude * std::sin(2.0 * std::numbers::pi * turns_a_sample * n);
  });
}

/// What a front end might break on: silence, the least sound, full scale, one sample, noise, tones.
inline std::vector<std::pair<std::string, Sound>> hard_sounds(std::int32_t samples) {
  std::vector<std::pair<std::string, Sound>> sounds;
  sounds.emplace_back("silence", Sound(static_cast<std::size_t>(samples), 0));
  for (const std::int16_t value :
       {std::int16_t{1}, std::int16_t{-1}, std::int16_t{32767}, std::int16_t{-32768}})
    sounds.emplace_back("all " + std::to_string(value), Sound(static_cast<std::size_t>(samples), value));
  for (const std::int32_t period : {2, 3, 8, 16, 37, 64, 256, 1000})
    sounds.emplace_back("square of " + std::to_string(period), sound_of(samples, [&](std::int32_t n) {
                          return 2 * (n % period) < period ? 32767.0 : -32768.0;
                        }));
  for (const double height : {1.0, -1.0, 32767.0, -32768.0})
    sounds.emplace_back("impulse of " + std::to_string(height),
                        sound_of(samples, [&](std::int32_t n) { return n == samples / 2 ? height : 0.0; }));
  for (const double amplitude : {1.0, 30.0, 1000.0, 40000.0, 1e6})
    sounds.emplace_back("noise of " + std::to_string(amplitude), noise(samples, amplitude, 1));
  for (const double turns : {0.001, 0.03125, 0.1, 0.2499})
    sounds.emplace_back("tone of " + std::to_string(turns), tone(samples, 32767.0, turns));
  return sounds;
}

}  // namespace parsimony::test
