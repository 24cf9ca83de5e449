#pragma once

// Recordings made for the tests: three motions of a two-axis sensor, two tones; a network of one's own.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "parsimony/base/files.hpp"
#include "parsimony/base/random.hpp"

namespace parsimony::end_to_end {

/// `seconds` of one subject's motion at 50 Hz: a header, then rows of t, x, y.
inline std::string csv_recording(int motion, int subject, int seconds) {
  RandomStream random(static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(motion),
                      "test.recording");
  const double hertz = 0.7 + 1.3 * motion, size = 0.4 + 0.5 * motion;
  std::string text = "t,x,y\n";
  for (int row = 0; row < 50 * seconds; ++row) {
    const double angle = 6.283185307179586 * hertz * row / 50.0 + subject;
    text += fmt::format("{:.2f},{:.4f},{:.4f}\n", row / 50.0, size * std::sin(angle) + 0.1 * random.normal(),
                        size * std::cos(angle) + 0.1 * random.normal());
  }
  return text;
}

/// FOLDER/<motion>/<subject>.csv of eight subjects.
inline void write_csv_recordings(const std::string& folder) {
  const char* const motions[] = {"rest", "walk", "run"};
  for (int motion = 0; motion < 3; ++motion)
    for (int subject = 1; subject <= 8; ++subject)
      write_file(fmt::format("{}/{}/{}.csv", folder, motions[motion], subject),
                 csv_recording(motion, subject, 4));
}

/// A mono file of 16-bit samples: a tone in noise.
inline std::string wav_recording(double hertz, int rate, int samples, std::uint64_t seed) {
  RandomStream random(seed, 0, "test.tone");
  const auto little_endian = [](std::uint32_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
    return bytes;
  };
  std::string data;
  for (int i = 0; i < samples; ++i) {
    const double value = 8000.0 * std::sin(6.283185307179586 * hertz * i / rate) + 500.0 * random.normal();
    data += little_endian(static_cast<std::uint16_t>(static_cast<std::int16_t>(std::lround(value))), 2);
  }
  const auto size = static_cast<std::uint32_t>(data.size());
  const auto bytes_a_second = static_cast<std::uint32_t>(2 * rate);
  return "RIFF" + little_endian(36 + size, 4) + "WAVEfmt " + little_endian(16, 4) + little_endian(1, 2) +
         little_endian(1, 2) + little_endian(bytes_a_second / 2, 4) + little_endian(bytes_a_second, 4) +
         little_endian(2, 2) + little_endian(16, 2) + "data" + little_endian(size, 4) + data;
}

/// FOLDER/<tone>/<number>.wav, half a second at 2 kHz each.
inline void write_wav_recordings(const std::string& folder) {
  for (std::uint64_t number = 0; number < 10; ++number) {
    write_file(fmt::format("{}/low/{}.wav", folder, number), wav_recording(100.0, 2000, 1000, number));
    write_file(fmt::format("{}/high/{}.wav", folder, number), wav_recording(400.0, 2000, 1000, 100 + number));
  }
}

inline const char* own_network() {
  return R"(name: own
layers:
  - {type: convolution, channels: 8, kernel: 5, stride: 2}
  - type: residual
    activation: relu
    layers:
      - {type: depthwise}
      - {type: convolution, channels: 8, kernel: 1, activation: none}
  - {type: global-average-pool}
  - {type: linear, channels: classes}
)";
}

/// Three trials of three epochs.
inline std::string study_of(const std::string& data, const std::string& network) {
  return "data: " + data + "\nnetwork: " + network + R"(
space:
  - {name: epochs, value: 3}
  - {name: batch_size, value: 16}
  - {name: learning_rate, value: 0.05}
trials: 3
workers: 2
)";
}

}  // namespace parsimony::end_to_end
