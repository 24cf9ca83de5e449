#include "parsimony/data/uea_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/data/arff_reader.hpp"
#include "parsimony/data/catalogue.hpp"
#include "parsimony/data/ts_reader.hpp"

namespace parsimony::data {
namespace {

namespace fs = std::filesystem;

std::string expected_message(const std::string& text) {
  const std::string mark = " expect: ";
  EXPECT_TRUE(text.substr(1).starts_with(mark));
  return text.substr(mark.size() + 1, text.find('\n') - mark.size() - 1);
}

/// What reading the file says; files named bad-test-* are read as the test part beside good.ts.
std::string message_of(const fs::path& file) {
  try {
    if (file.filename().string().starts_with("bad-test-")) {
      const TemporaryFolder folder("Pair");
      write_file(folder.path() / "Pair_TRAIN.ts", read_file(fs::path(PARSIMONY_TEST_DIR) / "good.ts"));
      write_file(folder.path() / "Pair_TEST.ts", read_file(file));
      read_uea(folder.path());
    } else if (file.extension() == ".arff") {
      read_arff(file);
    } else {
      read_ts(file);
    }
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(SeriesFiles, EachBadOneIsRefusedWithTheMessageInside) {
  int files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(PARSIMONY_TEST_DIR)) {
    const fs::path& file = entry.path();
    if (!file.filename().string().starts_with("bad-")) continue;
    ++files;
    const std::string message = message_of(file);
    EXPECT_THAT(message, testing::EndsWith(expected_message(read_file(file)))) << file;
    EXPECT_THAT(message, testing::HasSubstr(file.extension().string())) << "names the file";
  }
  EXPECT_GE(files, 52);
}

TEST(UeaFolder, CountsTestLabelsByTheTrainingHeader) {
  const TemporaryFolder folder("Pair");
  const std::string swapped = "@classLabel true down up\n@data\n1,2:3,4:up\n";
  write_file(folder.path() / "Other_TRAIN.ts",
             std::string("@classLabel true up down\n@data\n") + "1,2:3,4:up\n1,2:3,4:down\n");
  write_file(folder.path() / "Other_TEST.ts", swapped);
  const DataSource source = read_uea(folder.path());
  EXPECT_EQ(source.test.labels, (std::vector<std::int32_t>{0}));
  EXPECT_EQ(source.test.class_names, source.train.class_names);
  EXPECT_EQ(source.train.name, "Other");
}

TEST(UeaFolder, SaysWhatAFolderMustHold) {
  const TemporaryFolder folder("Pair");
  fs::create_directories(folder.path());
  EXPECT_THAT([&] { read_uea(folder.path()); }, testing::ThrowsMessage<InputError>(testing::EndsWith(
                                                    "holds no files *_TRAIN.ts or .arff; allowed: a folder "
                                                    "with Pair_TRAIN.ts and Pair_TEST.ts, or .arff")));
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
    EXPECT_EQ(content_checksum(source), known.checksum) << known.name;
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

/// Two training cases of 2 and 4 steps, a test case of 6.
void write_unequal(const fs::path& folder) {
  const std::string header = "@equalLength false\n@classLabel true a b\n@data\n";
  write_file(folder / "Pair_TRAIN.ts", header + "0,3:a\n0,1,2,3:b\n");
  write_file(folder / "Pair_TEST.ts", header + "0,1,2,3,4,5:a\n");
}

TEST(UeaFolder, PadsAndCutsToTheLongestTrainingCase) {
  const TemporaryFolder folder("Pair");
  write_unequal(folder.path());
  const DataSource source = read_uea(folder.path());
  EXPECT_EQ(source.train.length, 4);
  EXPECT_EQ(source.test.length, 4);
  EXPECT_EQ(source.train.values, (std::vector<float>{0, 3, 3, 3, 0, 1, 2, 3}));
  EXPECT_EQ(source.test.values, (std::vector<float>{0, 1, 2, 3}));
}

TEST(UeaFolder, ResamplesWhereAsked) {
  const TemporaryFolder folder("Pair");
  write_unequal(folder.path());
  const DataSource source = read_uea(folder.path(), {.unequal = Unequal::kResample});
  EXPECT_EQ(source.train.values, (std::vector<float>{0, 1, 2, 3, 0, 1, 2, 3}));
  EXPECT_THAT(source.test.values,
              testing::Pointwise(testing::FloatNear(1e-6f), std::vector<float>{0, 5 / 3.0f, 10 / 3.0f, 5}));
}

TEST(UeaFolder, BringsEveryCaseToTheLengthAskedFor) {
  const TemporaryFolder folder("Pair");
  write_unequal(folder.path());
  const DataSource source = read_uea(folder.path(), {.length = 3});
  EXPECT_EQ(source.train.values, (std::vector<float>{0, 3, 3, 0, 1, 2}));
  EXPECT_EQ(source.test.values, (std::vector<float>{0, 1, 2}));
}

TEST(UeaFolder, RefusesASubjectInBothParts) {
  const TemporaryFolder folder("Pair");
  const std::string header = "@classLabel true a\n@data\n";
  write_file(folder.path() / "Pair_TRAIN.ts", header + "1:a\n2:a\n");
  write_file(folder.path() / "Pair_TEST.ts", header + "3:a\n");
  write_file(folder.path() / "Pair_TRAIN_subjects.csv", "row,subject\n0,7\n1,8\n");
  write_file(folder.path() / "Pair_TEST_subjects.csv", "row,subject\n0,8\n");
  EXPECT_THAT([&] { read_uea(folder.path()); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr(
                  "Pair_TEST_subjects.csv: subject 8 stands in the training file's list too")));
}

TEST(UeaFolder, ReadsArffWhereThereIsNoTs) {
  const TemporaryFolder folder("Pair");
  const std::string header = "@relation R\n@attribute a numeric\n@attribute c {x,y}\n@data\n";
  write_file(folder.path() / "Pair_TRAIN.arff", header + "1,x\n2,y\n");
  write_file(folder.path() / "Pair_TEST.arff", header + "3,y\n");
  const DataSource source = read_uea(folder.path());
  EXPECT_EQ(source.train.values, (std::vector<float>{1, 2}));
  EXPECT_EQ(source.test.labels, (std::vector<std::int32_t>{1}));
}

}  // namespace
}  // namespace parsimony::data
