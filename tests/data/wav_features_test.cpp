#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/wav_reader.hpp"
#include "wav_bytes.hpp"

namespace parsimony::data {
namespace {

std::vector<std::int16_t> noise(std::size_t samples, std::uint64_t seed) {
  RandomStream random(seed, 0, "test.sound");
  std::vector<std::int16_t> sound(samples);
  for (std::int16_t& sample : sound)
    sample = static_cast<std::int16_t>(static_cast<int>(random.below(20000)) - 10000);
  return sound;
}

/// Two classes of five files of a second at 8 kHz.
void write_sounds(const std::filesystem::path& folder) {
  for (const std::string label : {"no", "yes"})
    for (std::uint64_t i = 0; i < 5; ++i)
      write_file(folder / label / (std::to_string(i) + ".wav"),
                 wav_of(noise(8000, i + (label == "no" ? 0 : 5)), 8000));
}

SourceOptions wanted(const FeatureOptions& features = {}) {
  return {.window = {1.0, true}, .features = features};
}

/// What the front end gives for each file, whichever part it stands in.
std::vector<std::vector<float>> expected(const features::LogMel& settings) {
  const features::FrontEnd front_end(settings, "test");
  std::vector<std::vector<float>> rows;
  for (std::uint64_t seed = 0; seed < 10; ++seed) rows.push_back(front_end.features(noise(8000, seed)));
  return rows;
}

std::vector<std::vector<float>> rows_of(const DataSource& source) {
  std::vector<std::vector<float>> rows;
  for (const Dataset* part : {&source.train, &source.test})
    for (std::int64_t i = 0; i < part->size(); ++i)
      rows.emplace_back(part->case_values(i).begin(), part->case_values(i).end());
  return rows;
}

TEST(WavFeatures, AreTheFrontEndsOutput) {
  const TemporaryFolder folder("sounds");
  write_sounds(folder.path());
  const DataSource source = read_wav(folder.path(), {}, wanted());
  const features::LogMel settings{.rate = 8000, .samples = 8000, .frame = 240, .hop = 160};
  EXPECT_EQ(source.train.log_mel, settings);
  EXPECT_EQ(source.test.log_mel, settings);
  EXPECT_EQ(source.train.height, 49);
  EXPECT_EQ(source.train.width(), 40);
  EXPECT_EQ(source.train.channels, 1);
  EXPECT_THAT(rows_of(source), testing::UnorderedElementsAreArray(expected(settings)));
}

TEST(WavFeatures, AsASeriesEachBandIsAChannel) {
  const TemporaryFolder folder("sounds");
  write_sounds(folder.path());
  const DataSource image = read_wav(folder.path(), {}, wanted({.bands = 10})),
                   series = read_wav(folder.path(), {}, wanted({.bands = 10, .layout = "series"}));
  EXPECT_EQ(series.train.height, 1);
  EXPECT_EQ(series.train.length, 49);
  EXPECT_EQ(series.train.channels, 10);
  EXPECT_EQ(series.train.channel_name(0), "154 Hz");
  EXPECT_EQ(series.train.values, image.train.values);
}

TEST(WavFeatures, EveryStrideOfAFileIsACaseAndAShortOneEndsInSilence) {
  const TemporaryFolder folder("sounds");
  write_sounds(folder.path());
  SourceOptions halves = wanted();
  halves.window = {4000, false};
  halves.stride = {2000, false};
  const DataSource source = read_wav(folder.path(), {}, halves);
  EXPECT_EQ(source.train.size() + source.test.size(), 30);
  EXPECT_EQ(source.train.log_mel->samples, 4000);

  SourceOptions longer = wanted();
  longer.window = {2.0, true};
  const DataSource padded = read_wav(folder.path(), {}, longer);
  EXPECT_EQ(padded.train.size() + padded.test.size(), 10);
  EXPECT_GT(padded.train.case_values(0)[0], 0.0f);
  EXPECT_THAT(padded.train.case_values(0).last(40), testing::Each(0.0f));
}

std::string refusal(const std::filesystem::path& folder, const SourceOptions& options) {
  try {
    read_wav(folder, {}, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(WavFeatures, RefusesFilesAndSettingsThatDoNotFit) {
  const TemporaryFolder folder("sounds");
  write_sounds(folder.path());
  EXPECT_EQ(refusal(folder.path(), wanted({.high = 5000})),
            "data.features.high: is 5000 Hz; allowed: 1 to 4000 Hz");
  EXPECT_EQ(refusal(folder.path(), wanted({.frame = {1.5, true}})),
            "data.features.frame: is 12000 samples; allowed: 32 to 4096 samples");
  write_file(folder.path() / "yes/3.wav", wav_of({1, 2}, 16000));
  EXPECT_THAT(refusal(folder.path(), wanted()),
              testing::HasSubstr("yes/3.wav: has 16000 Hz, 1 channels; allowed: 8000 Hz, 1 channels, as "));
  write_file(folder.path() / "no/0.wav", wav(coding(1, 2, 8000, 16) + chunk("data", "1234")));
  EXPECT_THAT(refusal(folder.path(), wanted()),
              testing::HasSubstr("no/0.wav: has 2 channels; allowed: 1 with data.features"));
}

}  // namespace
}  // namespace parsimony::data
