// Data at fault: exit 2, a message with file and line, and no study.
#include <gmock/gmock.h>

#include "program.hpp"
#include "recordings.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;

class BadData : public ::testing::Test {
 protected:
  void file(const std::string& name, const std::string& bytes) { write_file(folder_ / name, bytes); }

  /// A search of `data`, whose path is "data", is refused with that message.
  void refuse(const std::string& data, const std::string& message) {
    write_file(folder_ / "study.yaml", study_of(data, "{name: mlp, width: 4}"));
    const auto result = parsimony({"search", folder_ / "study.yaml", "--out", folder_ / "out"});
    EXPECT_EQ(result.exit_code, 2) << message << "\n" << result.output << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
    std::filesystem::remove_all(folder_ / "data");
  }

  /// One training and one test file of series, the former as given.
  void refuse_series(const std::string& train, const std::string& message) {
    file("data/S_TRAIN.ts", train);
    file("data/S_TEST.ts", "@classLabel true a b\n@data\n1,2:3,4:a\n1,2:3,4:b\n");
    refuse("{format: uea, path: data}", message);
  }

  const Folder folder_;
};

TEST_F(BadData, OfRecordingsIsNamedByFileAndLine) {
  const std::string csv = "{format: csv, path: data, window: 2}";
  file("data/a/1.csv", "x,y\n1,2\n3,4\n");
  file("data/b/1.csv", "x,y\n1,2\n3,nan\n");
  refuse(csv, "data/b/1.csv:3: \"nan\" in column \"y\" is not a number");
  file("data/a/1.csv", "x,y\n1,2\n3,4\n");
  file("data/b/1.csv", "x,y\n1,2\n3\n");
  refuse(csv, "data/b/1.csv:3: the row has 1 columns");
  file("data/a/1.csv", "x,y\n1,2\n3,4\n");
  file("data/b/1.csv", "x,y,z\n1,2,3\n3,4,5\n");
  refuse(csv, "data/b/1.csv:1: has the columns x, y, z; allowed: x, y");
  file("data/1.csv", "x,y\n1,2\n3,4\n");
  refuse(csv, "data/1.csv: has no label");
  file("data/1.csv", "x,activity\n1,a\n3,\n");
  refuse("{format: csv, path: data, window: 1, label_column: activity}",
         "data/1.csv:3: the label in column \"activity\" is missing");
  file("data/a/1.csv", "t,x\n0,1\n0.1,2\n");
  refuse("{format: csv, path: data, window: 2, rate: 50, time_column: t}",
         "data/a/1.csv:3: the row stands 0.1 s after the one before");
  file("data/a/1.csv", "1,2\n3,4\n");
  file("data/a/2.csv", "1,2\n3,4\n");
  refuse(csv, "has training cases of 1 class; allowed: two classes or more");
}

TEST_F(BadData, OfAGroupInBothPartsIsRefused) {
  for (const char* label : {"a", "b"}) {
    file(fmt::format("data/train/{}/1.csv", label), "s,x\nAnn,1\nBob,2\n");
    file(fmt::format("data/test/{}/1.csv", label), "s,x\nBob,3\n");
  }
  refuse("{format: csv, path: data, window: 1, group_column: s}",
         "data/test/a/1.csv:2: group \"Bob\" stands in the training part too");
  file("data/S_TRAIN_subjects.csv", "row,subject\n0,7\n1,8\n");
  file("data/S_TEST_subjects.csv", "row,subject\n0,9\n1,8\n");
  refuse_series("@classLabel true a b\n@data\n1,2:3,4:a\n1,2:3,4:b\n",
                "data/S_TEST_subjects.csv: subject 8 stands in the training file's list too");
}

TEST_F(BadData, OfSeriesIsNamedByFileAndLine) {
  const std::string head = "@classLabel true a b\n@data\n1,2:3,4:a\n";
  refuse_series(head + "1,NaN:3,4:b\n", "S_TRAIN.ts:4: missing value \"NaN\" (dimension 1, value 2)");
  refuse_series(head + "1,2,3:3,4,5:b\n", "S_TRAIN.ts:4: dimension 1 has 3 values; allowed: 2");
  refuse_series(head + "1,2:3,4:5,6:b\n", "S_TRAIN.ts:4: the case has 3 dimensions; allowed: 2");
  refuse_series(head + "1,2:3,4:\n", "S_TRAIN.ts:4: class \"\" is not declared");
  refuse_series("@classLabel true a b\n@data\n1,2:3,4:5,6:a\n1,2:3,4:5,6:b\n",
                "S_TEST.ts: has 2 dimensions; allowed: 3");
  file("data/S_TRAIN.ts", "@classLabel true a b\n@data\n1,2:a\n3,4:a\n");
  file("data/S_TEST.ts", "@classLabel true a b\n@data\n1,2:a\n");
  refuse("{format: uea, path: data}", "has training cases of 1 class");
}

TEST_F(BadData, OfSoundsAndImagesIsNamedByFile) {
  const std::string wav = "{format: wav, path: data, window: 100}";
  file("data/low/1.wav", wav_recording(100, 2000, 200, 1));
  file("data/low/2.wav", wav_recording(100, 4000, 200, 1));
  refuse(wav, "data/low/2.wav: has 4000 Hz, 1 channels; allowed: 2000 Hz, 1 channels");
  file("data/low/1.wav", wav_recording(100, 2000, 200, 1).substr(0, 100));
  refuse(wav, "data/low/1.wav: ends in its chunk \"data\"");
  file("data/1.wav", wav_recording(100, 2000, 200, 1));
  refuse(wav, "data/1.wav: has no label: it stands in no folder");
  file("data/cat/1.jpg", std::string("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20) + "no more");
  refuse("{format: images, path: data}", "data/cat/1.jpg");
}

}  // namespace
}  // namespace parsimony::end_to_end
