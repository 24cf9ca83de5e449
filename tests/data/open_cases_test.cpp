#include "parsimony/data/open_cases.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.hpp"
#include "image_bytes.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"

namespace parsimony::data {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

NamedCases open(const std::string& format, const std::filesystem::path& path, SourceOptions options = {},
                std::int32_t length = 0) {
  options.format = format;
  options.path = path.string();
  return open_cases(options, {}, length);
}

SourceOptions windows(double samples) {
  SourceOptions options;
  options.window.amount = samples;
  return options;
}

TEST(OpenCases, TakesRecordingsWithLabelsOrWithout) {
  const TemporaryFolder folder("cases");
  write_file(folder.path() / "x.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n9,9\n");
  SourceOptions options = windows(2);
  options.label_column = "activity";
  options.group_column = "subject";
  options.rate = 50;
  const NamedCases bare = open("csv", folder.path() / "x.csv", options);
  EXPECT_THAT(bare.labels, ElementsAre("", ""));
  EXPECT_THAT(bare.starts, ElementsAre(0, 2));
  EXPECT_THAT(bare.data.values, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(bare.data.rate, 50);
  EXPECT_EQ(bare.data.channels, 2);

  write_file(folder.path() / "x.csv", "a,activity,b\n1,up,2\n3,up,4\n5,,6\n7,,8\n");
  const NamedCases some = open("csv", folder.path() / "x.csv", options);
  EXPECT_THAT(some.labels, ElementsAre("up", ""));
  EXPECT_EQ(some.data.values, bare.data.values);

  write_file(folder.path() / "y/down/x.csv", "a,b\n1,2\n3,4\n");
  write_file(folder.path() / "y/x.csv", "a,b\n5,6\n7,8\n");
  EXPECT_THAT(open("csv", folder.path() / "y", windows(2)).labels, ElementsAre("down", ""));
}

TEST(OpenCases, StillNeedsEveryChannelThatIsNamed) {
  const TemporaryFolder folder("cases");
  write_file(folder.path() / "x.csv", "a,b\n1,2\n3,4\n");
  SourceOptions options = windows(2);
  options.channels = {"b", "c"};
  EXPECT_THROW(open("csv", folder.path() / "x.csv", options), InputError);
}

TEST(OpenCases, OfADividedPathAreItsTestPart) {
  const TemporaryFolder folder("cases");
  for (const char* part : {"train", "test"})
    for (const char* label : {"up", "down"})
      for (int file = 0; file < 2; ++file)
        write_file(folder.path() / fmt::format("{}/{}/{}{}.csv", part, label, part, file),
                   fmt::format("1,{0}\n2,{0}\n3,{0}\n", file));
  SourceOptions options = windows(3);
  options.format = "csv";
  options.path = folder.path().string();
  const Dataset test = open_source(options, {}).test;
  const NamedCases cases = open_cases(options, {}, 0);
  EXPECT_EQ(cases.data.values, test.values);
  EXPECT_EQ(cases.labels, named_cases(test, "x").labels);
}

TEST(OpenCases, TakesSoundsAndImagesThatStandInNoFolder) {
  const TemporaryFolder folder("cases");
  const std::string head(
      "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\4\0\0\0", 44);
  write_file(folder.path() / "x.wav", head + std::string("\1\0\2\0", 4));
  const NamedCases sound = open("wav", folder.path() / "x.wav", windows(2));
  EXPECT_THAT(sound.labels, ElementsAre(""));
  EXPECT_THAT(sound.places, ElementsAre((folder.path() / "x.wav").string()));
  EXPECT_THAT(sound.data.values, ElementsAre(1, 2));
  EXPECT_EQ(sound.data.rate, 8000);

  write_file(folder.path() / "p.png", png_bytes({2, 1, 1, {7, 9}}));
  const NamedCases image = open("images", folder.path() / "p.png");
  EXPECT_THAT(image.labels, ElementsAre(""));
  EXPECT_THAT(image.data.values, ElementsAre(7, 9));
  EXPECT_EQ(image.data.height, 2);
}

TEST(OpenCases, OfOneSeriesFileComeToTheLengthAskedForWhereItDeclaresUnequalOnes) {
  const TemporaryFolder folder("cases");
  write_file(folder.path() / "x.ts", "@equalLength false\n@classLabel true b a\n@data\n1,2,3:a\n4,5:b\n");
  const NamedCases cases = open("uea", folder.path() / "x.ts", {}, 2);
  EXPECT_THAT(cases.labels, ElementsAre("a", "b"));
  EXPECT_THAT(cases.data.values, ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(cases.places[1], HasSubstr("x.ts:5"));
  write_file(folder.path() / "x.ts", "@classLabel true b a\n@data\n1,2,3:a\n4,5,6:b\n");
  EXPECT_EQ(open("uea", folder.path() / "x.ts", {}, 2).data.length, 3);
}

TEST(OpenCases, OfMotionsAreTheTestPart) {
  const NamedCases cases = open("motions", "");
  const Dataset test = open_source({.format = "motions"}, {}).test;
  EXPECT_EQ(cases.data.values, test.values);
  EXPECT_EQ(cases.labels.size(), test.labels.size());
}

TEST(GuessFormat, ReadsNames) {
  const TemporaryFolder folder("guess");
  const std::vector<std::pair<const char*, const char*>> files = {{"x.TS", "uea"},
                                                                  {"x.arff", "uea"},
                                                                  {"x.csv", "csv"},
                                                                  {"x.dat", "csv"},
                                                                  {"x.wav", "wav"},
                                                                  {"x.JPEG", "images"},
                                                                  {"x.png", "images"},
                                                                  {"x.npz", "npz"},
                                                                  {"t10k-images-idx3-ubyte.gz", "idx"},
                                                                  {"test_batch.bin", "cifar10"}};
  for (const auto& [name, format] : files) {
    EXPECT_EQ(guess_format(folder.path() / name), format);
    const std::filesystem::path below = folder.path() / format;
    write_file(below / "up" / name, "");
    EXPECT_EQ(guess_format(below), format);
  }
  write_file(folder.path() / "set/NAME_TEST.ts", "");
  write_file(folder.path() / "set/NAME_TEST_subjects.csv", "");
  EXPECT_EQ(guess_format(folder.path() / "set"), "uea");
  EXPECT_THROW(guess_format(folder.path() / "x.doc"), InputError);
  std::filesystem::create_directories(folder.path() / "empty");
  EXPECT_THROW(guess_format(folder.path() / "empty"), InputError);
}

}  // namespace
}  // namespace parsimony::data
