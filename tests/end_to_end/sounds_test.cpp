// From a folder of WAV files by log-mel features to a network that hears the same on a Cortex-M4 in QEMU.
#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "parsimony/base/random.hpp"
#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

constexpr int kRate = 8000, kSamples = 4000;

std::string little_endian(std::uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

std::string wav_of(const std::vector<double>& sound) {
  std::string data;
  for (const double value : sound)
    data += little_endian(static_cast<std::uint16_t>(std::lround(std::clamp(value, -32768.0, 32767.0))), 2);
  const auto bytes = static_cast<std::uint32_t>(data.size());
  return "RIFF" + little_endian(36 + bytes, 4) + "WAVEfmt " + little_endian(16, 4) + little_endian(1, 2) +
         little_endian(1, 2) + little_endian(kRate, 4) + little_endian(2 * kRate, 4) + little_endian(2, 2) +
         little_endian(16, 2) + "data" + little_endian(bytes, 4) + data;
}

/// Half a second of a tone, of one that rises or falls, or of noise; pitch, loudness and phase are the
/// file's.
std::vector<double> sound_of(const std::string& label, std::uint64_t number) {
  RandomStream random(number, 0, "test.sound " + label);
  const double pitch = random.uniform(600.0, 1800.0), loudness = std::exp(random.uniform(5.0, 9.0));
  const double rise = label == "rises" ? 1600.0 : label == "falls" ? -1600.0 : 0.0;
  double phase = random.uniform(0.0, 2.0 * std::numbers::pi);
  std::vector<double> sound;
  for (int n = 0; n < kSamples; ++n) {
    const double noise = random.uniform(-1.0, 1.0);
    phase += 2.0 * std::numbers::pi * (pitch + std::abs(std::min(rise, 0.0)) + rise * n / kSamples) / kRate;
    sound.push_back(loudness * (label == "noise" ? noise : std::sin(phase) + 0.02 * noise));
  }
  return sound;
}

void write_sounds(const std::string& folder, int of_each_class) {
  for (const std::string label : {"tone", "rises", "falls", "noise"})
    for (int number = 0; number < of_each_class; ++number)
      write_file(folder + "/" + label + "/" + std::to_string(number) + ".wav",
                 wav_of(sound_of(label, static_cast<std::uint64_t>(number))));
}

Json parsed(const ProcessResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  return Json::parse(result.output, nullptr, false);
}

TEST(Sounds, AreSearchedExportedAndHeardAlikeOnTheBoard) {
  const Folder folder;
  write_sounds(folder / "sounds", 40);
  write_file(folder / "study.yaml", R"(data:
  format: wav
  path: sounds
  window: 500 ms
  features: {type: log-mel, bands: 10}
network: {name: ds-cnn, width: 8}
solver: lhs
space:
  - {name: epochs, value: 16}
  - {name: batch_size, value: 16}
  - {name: learning_rate, type: float, low: 0.02, high: 0.1, log: true}
  - {name: keep_conv1, value: 6}
trials: 3
workers: 2
)");
  const Json info = parsed(parsimony({"data", "info", folder / "study.yaml", "--json"}));
  EXPECT_EQ(info["height"], 24);
  EXPECT_EQ(info["length"], 240);
  const auto search = parsimony({"search", folder / "study.yaml", "--out", folder / "study"});
  ASSERT_EQ(search.exit_code, 0) << search.errors;
  const Json report = parsed(parsimony({"report", folder / "study", "--json"}));
  double best = 0.0;
  for (const Json& member : report["front"]) best = std::max(best, double{member["validation_accuracy"]});
  EXPECT_GT(best, 0.6);
  const Json exported =
      parsed(parsimony({"export", folder / "study", "--trial", "best", "-o", folder / "net", "--json"}));
  for (const Json& member : report["front"])
    if (member["trial"] == exported["trial"]) {
      EXPECT_EQ(member["rom_bytes"], exported["rom_bytes"]) << "the search has counted the front end in";
      EXPECT_EQ(member["ram_bytes"], exported["ram_bytes"]);
    }
  for (const Json& target : parsed(parsimony({"verify", folder / "net", "--target", "host,cortex-m4",
                                              "--study", folder / "study", "--json"}))) {
    EXPECT_EQ(target["mismatches"], 0) << target;
    EXPECT_EQ(target["ram_bytes"], target["predicted_ram_bytes"]);
    if (target["target"] == "host") continue;
    EXPECT_GE(target["predicted_rom_bytes"], target["rom_bytes"]);
  }
}

}  // namespace
}  // namespace parsimony::end_to_end
