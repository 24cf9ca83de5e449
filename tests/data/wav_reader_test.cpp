#include "parsimony/data/wav_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "wav_bytes.hpp"

namespace parsimony::data {
namespace {

TEST(Wav, EveryCodingHasTheUnitOfSixteenBits) {
  const std::vector<std::pair<std::string, std::string>> codings = {
      {coding(1, 1, 8000, 8), std::string("\x40\xc0", 2)},
      {coding(1, 1, 8000, 16), std::string("\x00\xc0\x00\x40", 4)},
      {coding(1, 1, 8000, 24), std::string("\x00\x00\xc0\x00\x00\x40", 6)},
      {coding(1, 1, 8000, 32), std::string("\x00\x00\x00\xc0\x00\x00\x00\x40", 8)},
      {coding(3, 1, 8000, 32), std::string("\x00\x00\x00\xbf\x00\x00\x00\x3f", 8)}};
  for (const auto& [format, content] : codings)
    EXPECT_EQ(parse_wav(wav(format + chunk("data", content)), "x").values,
              (std::vector<float>{-16384, 16384}));
}

TEST(Wav, PassesOverOtherChunksAndReadsChannelsLast) {
  const Wav read = parse_wav(wav(chunk("LIST", "odd") + coding(1, 2, 48000, 16) +
                                 chunk("data", std::string("\1\0\2\0\3\0\4\0", 8)) + chunk("id3 ", "x")),
                             "x");
  EXPECT_EQ(read.rate, 48000);
  EXPECT_EQ(read.channels, 2);
  EXPECT_EQ(read.values, (std::vector<float>{1, 2, 3, 4}));
}

TEST(Wav, RefusesEveryCutAndHostileHeaders) {
  const std::string whole = wav_of({1, 2, 3, 4});
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    EXPECT_THROW(parse_wav(whole.substr(0, bytes), "x"), InputError) << bytes;
  const std::string data = chunk("data", "1234");
  const std::vector<std::pair<std::string, std::string>> bad = {
      {wav(data), "x: has its data before its fmt chunk"},
      {wav(coding(1, 1, 16000, 16)), "x: holds no data chunk; is it cut off?"},
      {wav(coding(85, 1, 16000, 16) + data),
       "x: is coded as 85 with 16 bits; allowed: 1 (PCM) with 8, 16, 24 or 32 bits, 3 (float) with 32"},
      {wav(coding(1, 0, 16000, 16) + data),
       "x: has 0 channels, 16000 Hz, 0 bytes a sample; allowed: 1 to 64 channels, 1 to 1000000 Hz"},
      {wav(coding(1, 3, 16000, 16) + data), "x: holds 4 bytes of samples; allowed: a multiple of 6, not 0"},
      {wav(coding(3, 1, 16000, 32) + chunk("data", std::string("\0\0\xc0\x7f", 4))),
       "x: holds a sample that is no finite number"},
      {wav(coding(1, 1, 16000, 16) + "data\xff\xff\xff\xff"),
       "x: ends in its chunk \"data\"; is it cut off?"}};
  for (const auto& one : bad)
    EXPECT_THAT([&] { parse_wav(one.first, "x"); }, testing::ThrowsMessage<InputError>(one.second));
}

TEST(Wav, SurvivesAnyDamage) {
  const std::string whole = wav_of({1, 2, 3, 4});
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RandomStream random(seed, 0, "test.damage");
    std::string damaged = whole;
    for (std::uint64_t k = 1 + random.below(4); k > 0; --k)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    try {
      const Wav read = parse_wav(damaged, "x");
      EXPECT_EQ(read.values.size() % static_cast<std::size_t>(read.channels), 0u);
    } catch (const InputError&) {
    }
  }
}

/// Two classes of five files of 100 samples at 1 kHz.
void write_sounds(const std::filesystem::path& folder) {
  for (const char* label : {"no", "yes"})
    for (int i = 0; i < 5; ++i)
      write_file(folder / label / (std::to_string(i) + ".wav"),
                 wav_of(std::vector<std::int16_t>(100, static_cast<std::int16_t>(i + 1)), 1000));
}

TEST(WavFolder, CutsWindowsAndEndsShortFilesInSilence) {
  const TemporaryFolder folder("sounds");
  write_sounds(folder.path());
  const DataSource halves = read_wav(folder.path(), {}, {.window = {0.05, true}});
  EXPECT_EQ(halves.train.length, 50);
  EXPECT_EQ(halves.train.size() + halves.test.size(), 20);
  const DataSource longer = read_wav(folder.path(), {}, {.window = {0.2, true}});
  EXPECT_EQ(longer.train.size() + longer.test.size(), 10);
  const auto first = longer.train.case_values(0);
  EXPECT_GT(first[99], 0);
  EXPECT_THAT(first.subspan(100), testing::Each(0));
}

TEST(WavFolder, RefusesAnotherRate) {
  const TemporaryFolder folder("sounds");
  write_sounds(folder.path());
  EXPECT_THAT(
      [&] {
        read_wav(folder.path(), {}, {.window = {10, false}, .rate = 16000});
      },
      testing::ThrowsMessage<InputError>(
          testing::EndsWith("no/0.wav: has 1000 Hz; allowed: 16000 Hz, as data.rate says")));
  write_file(folder.path() / "yes/3.wav", wav_of({1, 2}, 2000));
  EXPECT_THAT(
      [&] {
        read_wav(folder.path(), {}, {.window = {10, false}});
      },
      testing::ThrowsMessage<InputError>(
          testing::HasSubstr("yes/3.wav: has 2000 Hz, 1 channels; allowed: 1000 Hz, 1 channels, as ")));
}

}  // namespace
}  // namespace parsimony::data
