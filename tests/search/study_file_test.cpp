#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/data/source.hpp"
#include "parsimony/search/network_search.hpp"
#include "parsimony/search/settings.hpp"
#include "parsimony/search/training_field.hpp"

namespace parsimony::search {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string first_line_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Every bad-*.yaml names in its first line what the message must hold.
TEST(StudyFile, RefusesEachBadFileWithItsMessage) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PARSIMONY_TEST_DIR "/studies")) {
    const std::string expected = first_line_of(entry.path()).substr(std::string("# expect: ").size());
    try {
      prepare(read_study_file(entry.path()), {}, entry.path().string());
      ADD_FAILURE() << entry.path() << " was accepted";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(expected)) << entry.path();
      EXPECT_THAT(error.what(), HasSubstr(entry.path().filename().string()));
    }
    ++files;
  }
  EXPECT_GE(files, 30);
}

constexpr const char* kFull = R"(
data: {format: motions, seed: 3}
network: {name: dscnn-se-1d, width: 12}
objectives: [error, rom, ram]
target: cortex-m4
limits: {rom: 1 MB, ram: 256 KB, flops: 1e9}
solver: {name: ars, directions: 30}
space:
  - {name: epochs, type: int, low: 2, high: 4}
  - {name: momentum, value: 0.9}
  - {name: batch_size, value: 32}
protocol: paper
split: standard
schedule: eager
trials: 12
initial: 3
seed: 7
workers: 2
hours: 1.5
)";

TEST(StudyFile, JsonHoldsAllThatTheFileSays) {
  const StudySettings settings = read_study_text(kFull, "study.yaml");
  EXPECT_EQ(to_json(from_json(to_json(settings))), to_json(settings));
  EXPECT_EQ(settings.limits.rom, Bytes(1048576));
  EXPECT_EQ(settings.limits.flops, Flops(1000000000));
  EXPECT_EQ(settings.solver_options.at(0).name, "directions");
  EXPECT_EQ(settings.space.overrides.size(), 3u);
  EXPECT_EQ(settings.protocol, data::Protocol::kPaper);
  EXPECT_EQ(settings.workers, 2);
}

TEST(StudyFile, EveryKeyOfTheDataIsReadAndStored) {
  for (const data::SourceKey& key : data::source_keys()) {
    const std::string value = std::visit(
        [&](auto member) -> std::string {
          using Value = std::decay_t<decltype(std::declval<data::SourceOptions>().*member)>;
          if constexpr (std::is_same_v<Value, std::string>)
            return key.choices.empty() ? "word" : key.choices.back();
          else if constexpr (std::is_same_v<Value, bool>)
            return "true";
          else if constexpr (std::is_same_v<Value, data::Extent>)
            return "2.5 s";
          else if constexpr (std::is_same_v<Value, std::optional<data::FeatureOptions>>)
            return "{type: log-mel, frame: 32 ms, hop: 100, bands: 12, low: 5, high: 70, layout: series}";
          else if constexpr (std::is_same_v<Value, std::vector<std::string>>)
            return "[a, b]";
          else
            return "17";
        },
        key.member);
    for (const std::string& format : key.formats) {
      const std::string path = format == "motions" ? "" : "path: p, ";
      const StudySettings settings = read_study_text(
          "data: {format: " + format + ", " + path + key.name + ": " + value + "}\nnetwork: dscnn-se-1d\n",
          "s.yaml");
      const StudySettings stored = from_json(to_json(settings));
      std::visit(
          [&](auto member) {
            EXPECT_NE(settings.data.*member, data::SourceOptions{}.*member) << key.name;
            EXPECT_EQ(stored.data.*member, settings.data.*member) << key.name;
          },
          key.member);
      EXPECT_EQ(to_json(stored), to_json(settings));
    }
  }
}

TEST(StudyFile, DefaultsAreThePapersButForTheSpace) {
  const StudySettings settings =
      read_study_text("data: {format: motions}\nnetwork: {name: dscnn-se-1d}\n", "study.yaml");
  EXPECT_EQ(settings.trials, 150);
  EXPECT_EQ(settings.initial, 10);
  EXPECT_EQ(settings.solver, "ehvi");
  EXPECT_EQ(settings.objectives.size(), 4u);
  EXPECT_EQ(settings.space.preset, Preset::standard);
}

TEST(NetworkSearch, ListsOverridesAsFixedAndSearchesTheRest) {
  const NetworkSearch search = prepare(read_study_text(kFull, "study.yaml"), {}, "study.yaml");
  EXPECT_EQ(search.problem.space.index_of("momentum"), -1);
  EXPECT_GE(search.problem.space.index_of("keep_conv1"), 0);
  EXPECT_EQ(search.problem.objectives.size(), 3u);
}

TEST(NetworkSearch, NamesTheSmallestReachableCostWhenNoPointMeetsTheLimits) {
  StudySettings settings = read_study_text(kFull, "study.yaml");
  settings.limits.rom = Bytes(100);
  try {
    prepare(settings, {}, "study.yaml");
    FAIL();
  } catch (const InputError& error) {
    for (const char* word : {"ROM", "RAM", "FLOPs"}) EXPECT_THAT(error.what(), HasSubstr(word));
  }
}

TEST(NetworkSearch, NamesThePlacesWhereMissingDataWasLookedFor) {
  StudySettings settings = read_study_text(kFull, "study.yaml");
  settings.data = {.format = "uea", .path = "uea/NoSuchSet"};
  try {
    prepare(settings, {.study_directory = "/somewhere", .data_directory = "/elsewhere"}, "study.yaml");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/somewhere"));
    EXPECT_THAT(error.what(), HasSubstr("/elsewhere"));
  }
}

TEST(StudyFile, TakesAnyBuiltInNetworkAtItsOwnWidth) {
  const StudySettings plain = read_study_text("data: {format: motions}\nnetwork: mobilenetv3-1d", "s.yaml");
  EXPECT_EQ(plain.network, "mobilenetv3-1d");
  EXPECT_EQ(plain.width, 138);
  const StudySettings narrow =
      read_study_text("data: {format: motions}\nnetwork: {name: mlp, width: 7}", "s.yaml");
  EXPECT_EQ(prepare(narrow, {}, "s.yaml").searched.groups.size(), 2u);
  EXPECT_EQ(to_json(from_json(to_json(narrow))), to_json(narrow));
}

TEST(StudyFile, HowNetworksAreTrainedIsReadAndStored) {
  const std::string head = "data: {format: motions}\nnetwork: dscnn-se-1d\n";
  const StudySettings usual = read_study_text(head, "s.yaml");
  const StudySettings settings = read_study_text(
      head +
          "augment: {jitter: 0.05, scale: 0.1, rotation: {degrees: 15, triples: [[2, 1, 0]]}, warp: 0.2}\n",
      "s.yaml");
  const network::Augmentation augment{
      .jitter = 0.05, .scale = 0.1, .rotation = 15.0, .triples = {{2, 1, 0}}, .warp = 0.2};
  EXPECT_EQ(settings.training.augment, augment);
  EXPECT_EQ(from_json(to_json(settings)).training, settings.training);
  EXPECT_EQ(to_json(usual).find("augment"), std::string::npos);
  EXPECT_NE(to_json(settings), to_json(usual));
}

TEST(StudyFile, WhatChangesImagesIsReadAndStored) {
  const StudySettings settings = read_study_text(
      "data: {format: motions}\nnetwork: dscnn-se-1d\naugment: {flip: true, crop: 4, erase: 8}\n", "s.yaml");
  EXPECT_EQ(settings.training.augment, (network::Augmentation{.flip = true, .crop = 4, .erase = 8}));
  EXPECT_EQ(from_json(to_json(settings)).training, settings.training);
}

TEST(StudyFile, EveryOptionOfTrainingIsReadAndStored) {
  const std::string head = "data: {format: motions}\nnetwork: dscnn-se-1d\n";
  const StudySettings settings = read_study_text(
      head +
          "training: {input_clip: 8, label_smoothing: 0.1, class_weights: [1, 2.5], gradient_clip: 3, "
          "warmup: 5,\n"
          "  stop_on_divergence: {factor: 4, epochs: 7}, pruning_ranking: taylor}\n"
          "quantisation: {ranges: percentile, percentile: 99.9, equalisation: true, bias_correction: true}\n",
      "s.yaml");
  network::TrainingOptions expected;
  expected.loss = {0.1, network::ClassWeighting::given, {1.0, 2.5}};
  expected.input_clip = 8.0;
  expected.gradient_clip = 3.0;
  expected.warmup = 5;
  expected.stop = {4.0, 7};
  expected.ranking = network::Ranking::taylor;
  expected.quantisation = {network::RangeEstimator::percentile, 99.9, true, true};
  EXPECT_EQ(settings.training, expected);
  EXPECT_EQ(from_json(to_json(settings)).training, expected);
  const StudySettings plain = read_study_text(head, "s.yaml");
  EXPECT_EQ(plain.training, network::TrainingOptions{});
  EXPECT_THAT(to_json(plain), Not(HasSubstr("augment")));
  EXPECT_THAT(to_json(plain), Not(HasSubstr("\"training\"")));
}

/// Their networks stay as they are although others are made today.
TEST(StudyFile, AStoredStudyThatSaysNothingOfInt8IsOneOfLeastAndLargestValues) {
  const std::string head = "data: {format: motions}\nnetwork: dscnn-se-1d\n";
  const StudySettings former =
      read_study_text(head + "quantisation: {ranges: min-max, bias_correction: false}\n", "s.yaml");
  EXPECT_THAT(to_json(former), Not(HasSubstr("quantisation")));
  const network::QuantisationOptions stored = from_json(to_json(former)).training.quantisation;
  EXPECT_EQ(stored, (network::QuantisationOptions{.ranges = network::RangeEstimator::min_max,
                                                  .bias_correction = false}));
  const StudySettings usual = read_study_text(head, "s.yaml");
  EXPECT_EQ(usual.training.quantisation, network::QuantisationOptions{});
  EXPECT_EQ(from_json(to_json(usual)).training.quantisation, network::QuantisationOptions{});
}

TEST(StudyFile, ReadsTheOtherFormsOfTraining) {
  const std::string head = "data: {format: motions}\nnetwork: dscnn-se-1d\n";
  const StudySettings settings = read_study_text(
      head + "training: {class_weights: balanced, stop_on_divergence: true, pruning_ranking: batch-norm}\n" +
          "quantisation: {ranges: mse}\n",
      "s.yaml");
  EXPECT_EQ(settings.training.loss.weighting, network::ClassWeighting::balanced);
  EXPECT_EQ(settings.training.stop, (network::DivergenceStop{2.0, 10}));
  EXPECT_EQ(settings.training.ranking, network::Ranking::batch_norm);
  EXPECT_EQ(settings.training.quantisation.ranges, network::RangeEstimator::mse);
  EXPECT_EQ(from_json(to_json(settings)).training, settings.training);
}

/// Of 4 x 6 pixels with four channels and two classes; no file is read.
TEST(Training, SuitsTheData) {
  data::Dataset images;
  images.length = 24;
  images.height = images.channels = 4;
  images.class_names = {"walk", "run"};
  network::TrainingOptions options;
  const auto message = [&]() -> std::string {
    try {
      require_suitable(options, images, "s.yaml");
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  options.augment.flip = true;
  options.augment.crop = 3;
  EXPECT_EQ(message(), "");
  options.augment.crop = 4;
  EXPECT_EQ(message(), "s.yaml: augment.crop: is 4, but the images are 4 x 6; allowed: 0 to 3");
  options.augment.crop = 3;
  options.augment.erase = 4;
  EXPECT_EQ(message(), "s.yaml: augment.erase: is 4, but the images are 4 x 6; allowed: 0 to 3");
  options.augment.erase = 3;
  EXPECT_EQ(message(), "");
  images.log_mel.emplace();
  EXPECT_THAT(message(), HasSubstr("augment.flip: mirrors the bands of a spectrogram"));
  images.log_mel.reset();
  options.augment = {};
  options.augment.warp = 0.1;
  EXPECT_EQ(
      message(),
      "s.yaml: augment.warp: changes series, but the data are images; allowed: of images: flip, crop, erase");
  images.height = 1;
  options.augment.rotation = 10.0;
  EXPECT_THAT(message(), HasSubstr("three channels, but the data have 4"));
  options.augment.triples = {{3, 1, 0}};
  EXPECT_EQ(message(), "");
  options.loss = {0.0, network::ClassWeighting::given, {1.0}};
  EXPECT_EQ(message(),
            "s.yaml: training.class_weights: has 1 weights, but the data have 2 classes; allowed: "
            "one for each of walk, run");
}

/// Workers read the study, not the file.
TEST(StudyFile, KeepsTheTextOfANetworkFile) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "parsimony-network-file";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "net.yaml")
      << "layers:\n  - {type: convolution, channels: 4}\n"
         "  - {type: global-average-pool}\n  - {type: linear, channels: classes}\n";
  std::ofstream(folder / "study.yaml") << "data: {format: motions}\nnetwork: {file: net.yaml}\n";
  const StudySettings settings = from_json(to_json(read_study_file(folder / "study.yaml")));
  std::filesystem::remove_all(folder);
  const NetworkSearch search = prepare(settings, {}, "study");
  ASSERT_EQ(search.searched.groups.size(), 1u);
  EXPECT_EQ(search.searched.groups[0].name, "conv1");
}

}  // namespace
}  // namespace parsimony::search
