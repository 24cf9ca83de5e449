// From a user's own recordings and network to classes of new recordings, by the programs as a user runs them.
#include <gmock/gmock.h>

#include <cstdlib>

#include "program.hpp"
#include "recordings.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kMotions = "{format: csv, path: motions, window: 1 s, rate: 50, time_column: t}";

ProcessResult good(const std::vector<std::string>& arguments) {
  auto result = parsimony(arguments);
  EXPECT_EQ(result.exit_code, 0) << arguments.front() << ": " << result.errors << result.output;
  return result;
}

Json json_of(std::vector<std::string> arguments) {
  arguments.push_back("--json");
  return Json::parse(good(arguments).output, nullptr, false);
}

void refused(const std::vector<std::string>& arguments, const std::vector<std::string>& words) {
  const auto result = parsimony(arguments);
  EXPECT_EQ(result.exit_code, 2) << result.output << result.errors;
  for (const std::string& word : words) EXPECT_THAT(result.errors, HasSubstr(word));
}

std::string targets() {
  return program_exists("qemu-system-arm") && program_exists("arm-none-eabi-gcc") ? "host,cortex-m4" : "host";
}

/// Searches, exports the best network to "net", and holds it against the interpreter on every test window.
void search_and_verify(const Folder& folder, const std::string& study) {
  write_file(folder / "study.yaml", study);
  good({"search", folder / "study.yaml", "--out", folder / "study", "--quiet"});
  good({"export", folder / "study", "--trial", "best", "-o", folder / "net"});
  const Json verified =
      json_of({"verify", folder / "net", "--target", targets(), "--study", folder / "study"});
  for (const Json& target : verified) EXPECT_EQ(target["mismatches"], 0) << target;
}

/// How many of the study's test windows "net" is held against, so many being wanted.
Json verified_cases(const Folder& folder, const std::string& wanted) {
  return json_of({"verify", folder / "net", "--target", "host", "--study", folder / "study", "--cases",
                  wanted})[0]["cases"];
}

/// @param test  what the best network predicts for the test windows
void expect_as_the_report_says(const Json& test, const Json& report) {
  for (const Json& member : report["front"])
    if (member["trial"] == report["best"]) {
      EXPECT_EQ(test["accuracy"], member["test_accuracy"]);
      EXPECT_NEAR(test["macro_f1"], member["test_macro_f1"], 1e-12);
    }
}

TEST(OwnData, CsvRecordingsAndANetworkFileComeToCAndPredictNewRecordings) {
  const Folder folder;
  write_csv_recordings(folder / "motions");
  write_file(folder / "own.yaml", own_network());
  search_and_verify(folder, study_of(kMotions, "{file: own.yaml}"));
  const std::string net = folder / "net";

  // The study file: what the study scored once.
  const Json test = json_of({"predict", net, folder / "study.yaml"});
  expect_as_the_report_says(test, json_of({"report", folder / "study"}));
  EXPECT_EQ(verified_cases(folder, "3"), 3);
  EXPECT_EQ(verified_cases(folder, "1000"), test["cases"].size()) << "all there are";

  // Folders give labels; a file that stands alone has none; both see the same windows.
  const Json all = json_of({"predict", net, folder / "motions"});
  EXPECT_EQ(all["cases"].size(), 96u);
  EXPECT_EQ(all["labelled_cases"], 96);
  const Json one = json_of({"predict", net, folder / "motions/run/3.csv", "--csv", folder / "run.csv"});
  EXPECT_EQ(one["cases"].size(), 4u);
  EXPECT_TRUE(one["accuracy"].is_null());
  for (const Json& item : all["cases"])
    for (const Json& same : one["cases"])
      if (item["place"] == same["place"] && item["start"] == same["start"]) {
        EXPECT_EQ(item["probabilities"], same["probabilities"]);
      }
  EXPECT_THAT(read_file(folder / "run.csv"), HasSubstr("place,start,label,class,confidence"));
  // More windows by a description of what differs.
  EXPECT_EQ(json_of({"predict", net,
                     "{format: csv, path: " + folder / "motions/run/3.csv" + ", stride: 0.1 s}"})["cases"]
                .size(),
            31u);
  EXPECT_THAT(good({"predict", net, folder / "motions"}).output,
              AllOf(HasSubstr("macro F1"), HasSubstr("and 76 more"), HasSubstr("confusion")));

  // What does not fit is named with what the network takes.
  write_file(folder / "x.csv", "t,x\n0,1\n");
  refused({"predict", net, folder / "x.csv"}, {"x.csv:1: there is no column \"y\""});
  write_file(folder / "x.csv", "t,x,y\n0,1,2\n0.04,1,2\n");
  refused({"predict", net, folder / "x.csv"},
          {"x.csv:3: the row stands 0.04 s after the one before", "50 Hz"});
  refused({"predict", net, "{format: csv, path: " + folder / "motions" + ", window: 60}"},
          {"has 2 channels of 60 steps", "2 channels of 50 steps, as " + net + " takes"});
  refused({"predict", net, "{format: csv, path: " + folder / "motions" + ", rate: 100}"}, {"100 Hz"});
  refused({"predict", net, "motions.doc"}, {"motions.doc"});
  refused({"predict", folder / "motions", folder / "motions"}, {"model.graph"});

  const std::string before = std::getenv("PATH");
  std::filesystem::create_directories(folder / "bin");
  ::setenv("PATH", (folder / "bin").c_str(), 1);
  const auto without_compiler = parsimony({"predict", net, folder / "motions"});
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(without_compiler.exit_code, 3);
  EXPECT_THAT(without_compiler.errors, HasSubstr("install the Debian package"));
}

TEST(OwnData, WavRecordingsComeToCAndPredictNewRecordings) {
  const Folder folder;
  write_wav_recordings(folder / "tones");
  search_and_verify(folder,
                    study_of("{format: wav, path: tones, window: 0.125 s}", "{name: dscnn-se-1d, width: 8}"));
  EXPECT_EQ(json_of({"predict", folder / "net", folder / "tones"})["labelled_cases"], 80);
  write_file(folder / "new.wav", wav_recording(400.0, 2000, 600, 7));
  const Json alone = json_of({"predict", folder / "net", folder / "new.wav"});
  EXPECT_EQ(alone["cases"].size(), 2u);
  EXPECT_TRUE(alone["cases"][0]["label"].is_null());
  write_file(folder / "fast.wav", wav_recording(400.0, 8000, 6000, 7));
  refused({"predict", folder / "net", folder / "fast.wav"}, {"fast.wav: has 8000 Hz", "2000 Hz"});
}

TEST(Repeat, HasTheSameNumbersForAnyWorkersAndLeavesTheRowsAlone) {
  const Folder folder;
  write_csv_recordings(folder / "motions");
  write_file(folder / "own.yaml", own_network());
  write_file(folder / "study.yaml", study_of(kMotions, "{file: own.yaml}"));
  good({"search", folder / "study.yaml", "--out", folder / "a", "--quiet"});
  std::filesystem::copy(folder / "a", folder / "b", std::filesystem::copy_options::recursive);
  const Json before = json_of({"report", folder / "a"});
  const Json one = json_of({"repeat", folder / "a", "--trial", "1", "--seeds", "2", "--workers", "1"});
  Json two = json_of({"repeat", folder / "b", "--trial", "1", "--seeds", "2", "--workers", "2"});
  EXPECT_EQ(one["repeats"], two["repeats"]);
  ASSERT_EQ(one["repeats"].size(), 2u);
  EXPECT_NE(one["repeats"][0], one["repeats"][1]);
  EXPECT_EQ(one["validation_accuracy"]["count"], 2);
  EXPECT_NEAR(
      one["test_accuracy"]["mean"].get<double>(),
      (one["repeats"][0]["test_accuracy"].get<double>() + one["repeats"][1]["test_accuracy"].get<double>()) /
          2,
      1e-12);
  EXPECT_EQ(json_of({"report", folder / "a"}), before);
  // More of them: those that there are stay.
  const Json more = json_of({"repeat", folder / "a", "--trial", "1", "--seeds", "3"});
  ASSERT_EQ(more["repeats"].size(), 3u);
  EXPECT_EQ(more["repeats"][1], one["repeats"][1]);
  EXPECT_THAT(good({"repeat", folder / "a", "--trial", "1", "--seeds", "3"}).output,
              AllOf(HasSubstr("stored"), HasSubstr("deviation")));
  refused({"repeat", folder / "a", "--trial", "9", "--seeds", "1"}, {"has no trial 9", "1 to 3"});
  refused({"repeat", folder / "a", "--trial", "1", "--seeds", "0"}, {"--seeds"});
}

}  // namespace
}  // namespace parsimony::end_to_end
