#include "parsimony/data/ts_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/catalogue.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeader =
    "@problemName Tiny\n@timestamps false\n@univariate false\n@dimensions 2\n@classLabel true up "
    "down\n@data\n";

/// A folder that is gone at the end of the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("parsimony-data-" + std::to_string(::getpid())) / "Pair") {}
  ~Folder() { fs::remove_all(path_.parent_path()); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string expected_message(const std::string& text) {
  const std::string mark = "# expect: ";
  EXPECT_TRUE(text.starts_with(mark));
  return text.substr(mark.size(), text.find('\n') - mark.size());
}

/// What reading the file says; files named bad-test-* are read as the test part beside good.ts.
std::string message_of(const fs::path& file) {
  try {
    if (file.filename().string().starts_with("bad-test-")) {
      const Folder folder;
      write_file(folder.path() / "Pair_TRAIN.ts", read_file(fs::path(PARSIMONY_TEST_DIR) / "good.ts"));
      write_file(folder.path() / "Pair_TEST.ts", read_file(file));
      read_uea(folder.path());
    } else {
      read_ts(file);
    }
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(TsReader, RefusesEachBadFileWithTheMessageInside) {
  int files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(PARSIMONY_TEST_DIR)) {
    if (!entry.path().filename().string().starts_with("bad-")) continue;
    ++files;
    const std::string message = message_of(entry.path());
    EXPECT_THAT(message, testing::EndsWith(expected_message(read_file(entry.path())))) << entry.path();
    EXPECT_THAT(message, testing::HasSubstr(".ts")) << "names the file";
  }
  EXPECT_GE(files, 32);
}

TEST(TsReader, StoresChannelsLast) {
  const TsFile file = parse_ts(std::string(kHeader) + "1,2,3:4,5,6:down\n7,8,9:10,11,12:up\n", "tiny");
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}));
  EXPECT_EQ(file.data.labels, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(file.data.length, 3);
  EXPECT_EQ(file.data.channels, 2);
  EXPECT_EQ(file.data.name, "Tiny");
  EXPECT_EQ(file.data.class_names, (std::vector<std::string>{"up", "down"}));
  EXPECT_EQ(file.lines, (std::vector<std::int64_t>{7, 8}));
}

TEST(TsReader, TakesBlanksSignsExponentsCommentsAndCarriageReturns) {
  const TsFile file =
      parse_ts(std::string(kHeader) + "# a comment\r\n\r\n +1 , -2.5e1,.5 : 1e-60,5,6 : up \r\n", "tiny");
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 0, -25, 5, 0.5f, 6}));
}

TEST(TsReader, TakesAUnivariateFileWithoutDimensions) {
  const TsFile file = parse_ts("@univariate true\n@classLabel true a\n@data\n1,2:a\n", "tiny");
  EXPECT_EQ(file.data.channels, 1);
  EXPECT_EQ(file.data.values, (std::vector<float>{1, 2}));
}

TEST(TsReader, EveryCutOfAFileIsRefusedOrLosesWholeCasesOnly) {
  const std::string whole = std::string(kHeader) + "1,2,3:4,5,6:down\n7,8,9:10,11,12:up\n";
  const TsFile full = parse_ts(whole, "tiny");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    try {
      const TsFile cut = parse_ts(whole.substr(0, bytes), "tiny");
      ASSERT_LE(cut.data.size(), 2) << bytes;
      const std::size_t count = cut.data.values.size();
      EXPECT_EQ(cut.data.values,
                std::vector<float>(full.data.values.begin(), full.data.values.begin() + count));
    } catch (const InputError&) {
    }
  }
}

TEST(UeaFolder, CountsTestLabelsByTheTrainingHeader) {
  const Folder folder;
  const std::string swapped = "@classLabel true down up\n@data\n1,2:3,4:up\n";
  write_file(folder.path() / "Other_TRAIN.ts", std::string(kHeader) + "1,2:3,4:up\n1,2:3,4:down\n");
  write_file(folder.path() / "Other_TEST.ts", swapped);
  const DataSource source = read_uea(folder.path());
  EXPECT_EQ(source.test.labels, (std::vector<std::int32_t>{0}));
  EXPECT_EQ(source.test.class_names, source.train.class_names);
  EXPECT_EQ(source.train.name, "Other");
}

TEST(UeaFolder, SaysWhatAFolderMustHold) {
  const Folder folder;
  fs::create_directories(folder.path());
  EXPECT_THAT([&] { read_uea(folder.path()); },
              testing::ThrowsMessage<InputError>(testing::EndsWith(
                  "holds no files *_TRAIN.ts; allowed: a folder with Pair_TRAIN.ts and Pair_TEST.ts")));
  EXPECT_THAT([&] { read_uea(folder.path() / "absent"); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("is not a folder")));
}

TEST(UeaFolder, ReadsEveryKnownSetWithItsCounts) {
  if (!fs::exists(real_data() / "uea"))
    GTEST_SKIP() << "no real data at " << real_data() << " (PARSIMONY_DATA)";
  for (const KnownData& known : known_data()) {
    if (known.format != "uea") continue;
    const DataSource source = read_uea(real_data() / known.path);
    EXPECT_EQ(source.train.size(), known.train_cases) << known.name;
    EXPECT_EQ(source.test.size(), known.test_cases) << known.name;
    EXPECT_EQ(source.train.classes(), known.classes) << known.name;
    for (const Dataset* part : {&source.train, &source.test}) {
      EXPECT_EQ(part->channels, known.channels) << known.name;
      EXPECT_EQ(part->length, known.length) << known.name;
      EXPECT_EQ(part->values.size(), static_cast<std::size_t>(part->size() * part->case_size()));
    }
  }
}

TEST(UeaFolder, ReadsTheSubjectsOfUmaFallAsGroups) {
  if (!fs::exists(real_data() / "umafall"))
    GTEST_SKIP() << "no real data at " << real_data() << " (PARSIMONY_DATA)";
  const DataSource source = read_uea(real_data() / "umafall");
  EXPECT_EQ(source.train.groups.front(), 1);
  EXPECT_EQ(source.test.groups.front(), 4);
  for (const std::int32_t subject : distinct_groups(source.test))
    EXPECT_THAT(source.train.groups, testing::Not(testing::Contains(subject)));
}

}  // namespace
}  // namespace parsimony::data
