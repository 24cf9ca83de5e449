#include "parsimony/data/csv_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/daliac.hpp"

namespace parsimony::data {
namespace {

Recording parse(const std::string& text, const SourceOptions& options = {},
                const std::string& name = "up/x.csv") {
  std::vector<std::string> columns;
  return parse_csv(text, name, "x.csv", options, columns);
}

TEST(Csv, TakesSeparatorsQuotesCarriageReturnsAndComments) {
  const std::vector<float> expected{1, -2.5f, 3, 4};
  for (const char* text : {"a,b\n1,-2.5\n3,4\n", "1;-2.5\n3;4", "# c\na\tb\r\n1\t-2.5\r\n3\t4\r\n",
                           "  1   -2.5\n3 4\n", "\"a,x\",\"b\"\n\"1\",-2.5\n3,\"4\"\n"})
    EXPECT_EQ(parse(text).values, expected) << text;
}

TEST(Csv, ReadsBackWhatWasWritten) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, 0, "test.csv");
    const std::size_t channels = 1 + random.below(5), rows = 1 + random.below(30);
    std::vector<float> values;
    std::string text;
    for (std::size_t i = 0; i < rows * channels; ++i) {
      values.push_back(static_cast<float>(random.normal() * std::exp(10 * random.normal())));
      text += fmt::format("{}{}", values.back(), (i + 1) % channels == 0 ? ",up\n" : ",");
    }
    const Recording recording = parse(text, {.label_column = std::to_string(channels + 1)});
    EXPECT_EQ(recording.values, values);
    ASSERT_EQ(recording.segments.size(), 1u);
    EXPECT_EQ(recording.segments[0].rows, rows);
  }
}

TEST(Csv, DividesARecordingWhereLabelOrGroupChanges) {
  const Recording recording =
      parse("v,l,g\n1,a,s\n2,a,s\n3,b,s\n4,b,t\n", {.label_column = "l", .group_column = "g"});
  ASSERT_EQ(recording.segments.size(), 3u);
  EXPECT_EQ(recording.segments[1].label, "b");
  EXPECT_EQ(recording.segments[1].group, "s");
  EXPECT_EQ(recording.segments[2].group, "t");
  EXPECT_EQ(recording.segments[2].first, 3u);
  EXPECT_EQ(recording.segments[2].line, 5);
}

TEST(Csv, TakesTheLabelOfTheFirstFolder) {
  EXPECT_EQ(parse("1\n", {}, "walk/monday/x.csv").segments[0].label, "walk");
}

struct Bad {
  std::string text, message;
  SourceOptions options = {};
  std::string name = "up/x.csv";
};

std::vector<Bad> bad_files() {
  const SourceOptions timed{.rate = 10, .time_column = "t"};
  return {
      {"", "x.csv:0: the file is empty; allowed: rows of numbers"},
      {"a,b\n", "x.csv:1: no row follows the columns' names; is the file cut off?"},
      {"1,2\n3\n", "x.csv:2: the row has 1 columns; is the file cut off?; allowed: 2, as the first line has"},
      {"1,2\n3,4,5\n6,7\n", "x.csv:2: the row has 3 columns; allowed: 2, as the first line has"},
      {"a,b\n1,2\n3,nan\n",
       "x.csv:3: \"nan\" in column \"b\" is not a number that a float can hold; allowed: finite numbers"},
      {"a,b\n1,inf\n",
       "x.csv:2: \"inf\" in column \"b\" is not a number that a float can hold; allowed: finite numbers"},
      {"a,b\n1,\n",
       "x.csv:2: \"\" in column \"b\" is not a number that a float can hold; allowed: finite numbers"},
      {"a,b\n1,1e60\n",
       "x.csv:2: \"1e60\" in column \"b\" is not a number that a float can hold; allowed: finite numbers"},
      {"a,l\n1,x\n2,\n",
       "x.csv:3: the label in column \"l\" is missing; allowed: a name or number",
       {.label_column = "l"}},
      {"a,g\n1,?\n",
       "x.csv:2: the group in column \"g\" is missing; allowed: a name or number",
       {.group_column = "g"}},
      {"a,b\n1,2\n", "x.csv:1: there is no column \"c\"; allowed: a, b", {.channels = {"c"}}},
      {"l\nx\n", "x.csv:1: there is no column of sensor values", {.label_column = "l"}},
      {"1\n",
       "x.csv: has no label: it stands in no folder; allowed: a folder of the class's name, or "
       "`label_column: NAME`",
       {},
       "x.csv"},
      {"t,a\n0,1\n0.1,1\n0.4,1\n",
       "x.csv:4: the row stands 0.3 s after the one before; allowed: 0.1 s to within half, as data.rate of "
       "10 Hz says",
       timed},
      {"t,a\n0,1\n0,1\n",
       "x.csv:3: the row stands 0 s after the one before; allowed: 0.1 s to within half, as data.rate of 10 "
       "Hz says",
       timed},
      {"t,a\nnoon,1\n", "x.csv:2: \"noon\" in column \"t\" is no time; allowed: seconds", timed},
  };
}

TEST(Csv, RefusesBadFilesWithFileAndLine) {
  for (const Bad& bad : bad_files())
    EXPECT_THAT([&] { parse(bad.text, bad.options, bad.name); },
                testing::ThrowsMessage<InputError>(bad.message))
        << bad.text;
}

TEST(Csv, RefusesARateThatIsOffByThreeInAHundred) {
  std::string text = "t,a\n";
  for (int i = 0; i < 200; ++i) text += fmt::format("{:.6f},1\n", i / 10.3);
  EXPECT_THAT([&] { parse(text, {.rate = 10, .time_column = "t"}); },
              testing::ThrowsMessage<InputError>(
                  "x.csv:201: the 200 rows up to here run at 10.3 Hz; allowed: 10 Hz, as data.rate says"));
  EXPECT_EQ(parse(text, {.rate = 10.3, .time_column = "t"}).values.size(), 200u);
}

TEST(Csv, RefusesAFileWithOtherColumnsThanTheOneBefore) {
  const TemporaryFolder folder("recordings");
  write_file(folder.path() / "up/1.csv", "a,b\n1,2\n3,4\n");
  write_file(folder.path() / "up/2.csv", "a,b,c\n1,2,3\n");
  EXPECT_THAT(
      [&] {
        read_csv(folder.path(), {}, {.window = {1, false}});
      },
      testing::ThrowsMessage<InputError>(
          testing::EndsWith("up/2.csv:1: has the columns a, b, c; allowed: a, b, as the file before has")));
}

/// A folder of `recordings` files of `rows` rows of each of two classes; every value differs.
void write_recordings(const std::filesystem::path& folder, int recordings, int rows) {
  int value = 0;
  for (const char* label : {"up", "down"})
    for (int r = 0; r < recordings; ++r) {
      std::string text = "a,b\n";
      for (int i = 0; i < rows; ++i, value += 2) text += fmt::format("{},{}\n", value, value + 1);
      write_file(folder / label / fmt::format("{}.csv", r), text);
    }
}

TEST(Csv, WindowsOfOneRecordingStandInOnePart) {
  const TemporaryFolder folder("recordings");
  write_recordings(folder.path(), 5, 40);
  const DataSource source = read_csv(folder.path(), {}, {.window = {8, false}, .stride = {4, false}});
  EXPECT_EQ(source.train.size() + source.test.size(), 2 * 5 * 9);
  for (const std::int32_t group : distinct_groups(source.test))
    EXPECT_THAT(source.train.groups, testing::Not(testing::Contains(group)));
  EXPECT_EQ(source.train.channel_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(source.train.class_names, (std::vector<std::string>{"down", "up"}));
}

TEST(Csv, RefusesASingleRecordingUnlessAskedToMixIt) {
  const TemporaryFolder folder("recordings");
  const auto file = folder.path() / "all.csv";
  write_file(file, "v,l\n1,a\n2,a\n3,a\n4,a\n5,b\n6,b\n7,b\n8,b\n");
  SourceOptions options{.window = {1, false}, .label_column = "l"};
  EXPECT_THAT(
      [&] { read_csv(file, {}, options); },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("all.csv: is a single recording or group")));
  options.mix_recordings = true;
  const DataSource source = read_csv(file, {}, options);
  EXPECT_EQ(source.train.size() + source.test.size(), 8);
  EXPECT_TRUE(source.train.groups.empty());
}

TEST(Csv, FoldersNamedTrainAndTestAreTheParts) {
  const TemporaryFolder folder("recordings");
  write_recordings(folder.path() / "train", 2, 10);
  write_recordings(folder.path() / "test", 1, 10);
  const DataSource source = read_csv(folder.path(), {}, {.window = {5, false}});
  EXPECT_EQ(source.train.size(), 8);
  EXPECT_EQ(source.test.size(), 4);
  const DataSource apart = read_csv(folder.path() / "train", folder.path() / "test", {.window = {5, false}});
  EXPECT_EQ(apart.train.values, source.train.values);
  EXPECT_EQ(apart.test.values, source.test.values);
}

TEST(WindowRule, RoundsSecondsByTheRate) {
  const WindowRule rule = window_rule({.window = {2.5, true}, .stride = {1, true}, .rate = 50.3});
  EXPECT_EQ(rule.window, 126);
  EXPECT_EQ(rule.stride, 50);
  EXPECT_EQ(window_rule({.window = {7, false}}).stride, 7);
}

TEST(WindowRule, RefusesWhatIsNoWindow) {
  EXPECT_THAT([] { window_rule({}); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("data.window: is missing")));
  EXPECT_THAT(
      [] {
        window_rule({.window = {2, true}});
      },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("is 2 s, but no rate is given")));
  EXPECT_THAT(
      [] {
        window_rule({.window = {0.001, true}, .rate = 10});
      },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("is 0.001 s, 0 samples; allowed: 1 to")));
}

/// Rows whose value is their number, cut into random stretches.
TEST(CutWindows, AreAllThatLieInOneSegment) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    RandomStream random(seed, 0, "test.windows");
    const std::int64_t window = 1 + static_cast<std::int64_t>(random.below(9));
    const std::int64_t stride = 1 + static_cast<std::int64_t>(random.below(9));
    Recording recording{"r", "r.csv", {}, {}};
    std::size_t expected = 0;
    for (std::size_t s = 0; s < 6; ++s) {
      const std::size_t rows = 9 + random.below(30);
      recording.segments.push_back({recording.values.size(), rows, std::to_string(s), "", 1});
      for (std::size_t i = 0; i < rows; ++i)
        recording.values.push_back(static_cast<float>(recording.values.size()));
      for (std::size_t start = 0; start + static_cast<std::size_t>(window) <= rows;
           start += static_cast<std::size_t>(stride))
        ++expected;
    }
    const SourceOptions options{.window = {static_cast<double>(window), false},
                                .stride = {static_cast<double>(stride), false}};
    const NamedCases cases = cut_windows({recording}, {"v"}, options, "r");
    EXPECT_EQ(cases.labels.size(), expected);
    for (std::size_t i = 0; i < cases.labels.size(); ++i) {
      const float* const values = cases.data.values.data() + i * static_cast<std::size_t>(window);
      const Segment& segment = recording.segments[static_cast<std::size_t>(std::stoi(cases.labels[i]))];
      EXPECT_GE(values[0], static_cast<float>(segment.first));
      EXPECT_LT(values[window - 1], static_cast<float>(segment.first + segment.rows));
      for (std::int64_t t = 1; t < window; ++t) EXPECT_EQ(values[t], values[0] + static_cast<float>(t));
    }
  }
}

TEST(CutWindows, SaysHowLongAWindowMayBe) {
  const Recording recording{"r", "r.csv", {1, 2, 3}, {{0, 3, "a", "", 1}}};
  EXPECT_THAT(
      [&] {
        cut_windows({recording}, {"v"}, {.window = {4, false}}, "set");
      },
      testing::ThrowsMessage<InputError>(
          "set: no stretch of one label and group holds a window of 4 samples; allowed: 1 to 3 samples"));
}

TEST(Csv, NotesStretchesThatAreShorterThanAWindow) {
  const TemporaryFolder folder("recordings");
  write_recordings(folder.path() / "train", 2, 10);
  write_recordings(folder.path() / "test", 2, 10);
  write_file(folder.path() / "train/up/0.csv", "a,b\n1,2\n3,4\n5,6\n");
  const DataSource source = read_csv(folder.path(), {}, {.window = {5, false}});
  EXPECT_EQ(source.train.size(), 6);
  ASSERT_EQ(source.train.notes.size(), 1u);
  EXPECT_THAT(source.train.notes[0], testing::AllOf(testing::StartsWith("1 of 4 stretches"),
                                                    testing::HasSubstr("a window of 5 samples"),
                                                    testing::EndsWith("train/up/0.csv:2 (3 samples)")));
  EXPECT_TRUE(source.test.notes.empty());
  const DataSource held_out = read_csv(folder.path() / "train", {}, {.window = {5, false}});
  EXPECT_EQ(held_out.train.notes, source.train.notes) << "where a part of it becomes the test part";
}

/// One subject's file in the published layout: 24 numbers, then the activity.
std::string daliac_file(int subject, int rows, int last_activity = 13) {
  std::string text;
  for (int i = 0; i < rows; ++i) {
    for (int c = 0; c < 24; ++c) text += fmt::format("{:.5f},", std::sin(0.1 * i * (c + 1)) + subject);
    text += fmt::format("{}\n", 1 + i * last_activity / rows);
  }
  return text;
}

TEST(Daliac, ReadsThePublishedLayout) {
  const TemporaryFolder folder("daliac");
  for (int subject = 1; subject <= 5; ++subject)
    write_file(folder.path() / fmt::format("dataset_{}.txt", subject), daliac_file(subject, 13 * 40));
  const DataSource source = read_daliac(folder.path(), {}, {.window = {32, false}, .stride = {8, false}});
  EXPECT_EQ(source.train.classes(), 13);
  EXPECT_EQ(source.train.channels, 24);
  EXPECT_EQ(source.train.channel_names[23], "ankle turning rate z");
  EXPECT_EQ(distinct_groups(source.train).size(), 4u);
  EXPECT_EQ(distinct_groups(source.test).size(), 1u);
  EXPECT_EQ(source.train.size() + source.test.size(), 5 * 13 * 2);
}

TEST(Daliac, ItsWindowsAre1024Samples) {
  const TemporaryFolder folder("daliac");
  for (int subject = 1; subject <= 2; ++subject)
    write_file(folder.path() / fmt::format("dataset_{}.txt", subject), daliac_file(subject, 2 * 2048, 2));
  const DataSource source = read_daliac(folder.path(), {}, {});
  EXPECT_EQ(source.train.length, 1024);
  EXPECT_EQ(source.train.size() + source.test.size(), 2 * 2 * 3);
}

TEST(Daliac, RefusesAnotherActivityOrLayout) {
  const TemporaryFolder folder("daliac");
  write_file(folder.path() / "dataset_1.txt", daliac_file(1, 28, 14));
  EXPECT_THAT([&] { read_daliac(folder.path(), {}, {}); },
              testing::ThrowsMessage<InputError>(
                  testing::EndsWith("dataset_1.txt:27: the activity is \"14\"; allowed: 1 to 13")));
  write_file(folder.path() / "dataset_1.txt", "1,2,3\n");
  EXPECT_THAT(
      [&] { read_daliac(folder.path(), {}, {}); },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("dataset_1.txt:1: there is no column \"25\"")));
}

}  // namespace
}  // namespace parsimony::data
