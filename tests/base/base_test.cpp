#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/process.hpp"
#include "parsimony/base/quantities.hpp"
#include "parsimony/base/sha256.hpp"
#include "parsimony/base/thread_pool.hpp"

namespace parsimony {
namespace {

using ::testing::HasSubstr;

TEST(NearestName, FindsAMisspeltKeyAndNothingFarAway) {
  const std::vector<std::string> known{"trials", "solver", "network"};
  EXPECT_EQ(nearest_name("trails", known), "trials");
  EXPECT_EQ(nearest_name("netwrok", known), "network");
  EXPECT_EQ(nearest_name("zebra-crossing", known), "");
}

TEST(InputError, NamesPlaceProblemAndAllowedRange) {
  EXPECT_STREQ(InputError("study.yaml: seed", "is -1", "0 to 9").what(), "study.yaml: seed: is -1; allowed: 0 to 9");
}

TEST(ParseBytes, ReadsBinaryUnitsAndNamesWhatItCannotRead) {
  EXPECT_EQ(parse_bytes("rom", "1 MB").value, 1048576);
  EXPECT_EQ(parse_bytes("rom", "256KB").value, 262144);
  EXPECT_EQ(parse_bytes("rom", "100").value, 100);
  for (const char* bad : {"", "KB", "-3", "1 GB", "0", "nan", "inf", "1e300"})
    EXPECT_THROW(parse_bytes("rom", bad), InputError) << bad;
}

TEST(Sha256, EqualsThePublishedDigestOfAbc) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ThreadPool, RunsEachChunkOnceAndThrowsTheFirstFailure) {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> runs(100);
  pool.for_each_chunk(100, [&](std::int64_t chunk) { ++runs[static_cast<std::size_t>(chunk)]; });
  for (const auto& count : runs) EXPECT_EQ(count, 1);
  try {
    pool.for_each_chunk(50, [](std::int64_t chunk) {
      if (chunk >= 20) throw std::runtime_error(std::to_string(chunk));
    });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "20");
  }
}

TEST(RunProcess, ReturnsStatusAndBothStreams) {
  const auto result = run_process({"sh", "-c", "cat; echo bad >&2; exit 7"}, {.directory = {}, .input = "hello"});
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.output, "hello");
  EXPECT_EQ(result.errors, "bad\n");
}

TEST(RunProcess, KillsWhatOutlivesItsTime) {
  const auto result = run_process({"sh", "-c", "sleep 100 & sleep 100"},
                                  {.directory = {}, .input = {}, .timeout = std::chrono::milliseconds(100)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(run_process({"no-such-program-anywhere"}).exit_code, 127);
}

TEST(RunProcess, TellsASignalFromAnExitCode) {
  const auto killed = run_process({"sh", "-c", "kill -KILL $$"});
  EXPECT_EQ(killed.signal, 9);
  EXPECT_EQ(killed.exit_code, 137);
  EXPECT_EQ(run_process({"sh", "-c", "exit 137"}).signal, 0);
}

TEST(RunProcess, ReturnsThoughAProgramLeftSomethingThatHoldsItsStreams) {
  const auto result = run_process({"sh", "-c", "sleep 1000 & echo $!"});
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, 0);
  const pid_t left = std::stoi(result.output);
  for (int waited = 0; waited < 2000 && ::kill(left, 0) == 0; ++waited) ::usleep(1000);
  EXPECT_NE(::kill(left, 0), 0) << "still running";
}

TEST(RunProcess, EndsAProgramThatNobodyWantsAndOneThatClosedItsStreams) {
  ProcessOptions options;
  options.keep_going = [] { return false; };
  EXPECT_TRUE(run_process({"sleep", "1000"}, options).abandoned);
  options = {};
  options.timeout = std::chrono::milliseconds(100);
  EXPECT_TRUE(run_process({"sh", "-c", "exec >&- 2>&-; exec sleep 1000"}, options).timed_out);
}

TEST(RunProcess, AddsToTheEnvironment) {
  ProcessOptions options;
  options.environment = {{"PARSIMONY_TEST", "a b"}, {"HOME", "/elsewhere"}};
  EXPECT_EQ(run_process({"sh", "-c", "echo \"$PARSIMONY_TEST\" $HOME"}, options).output, "a b /elsewhere\n");
}

TEST(RunProcess, KeepsTheEndOfALongOutput) {
  ProcessOptions options;
  options.keep_bytes = 1000;
  const auto result = run_process({"sh", "-c", "head -c 1000000 /dev/zero; echo end"}, options);
  EXPECT_LE(result.output.size(), 100'000u);
  EXPECT_GE(result.output.size(), 1000u);
  EXPECT_TRUE(result.output.ends_with("end\n"));
}

// Each program is gone before it has read all: writing must be an error of that call and of no other.
TEST(RunProcess, FromSeveralThreadsSurvivesProgramsThatDoNotRead) {
  ProcessOptions options;
  options.input = std::string(1 << 20, 'x');
  ThreadPool pool(4);
  pool.for_each_chunk(60, [&](std::int64_t) { EXPECT_EQ(run_process({"true"}, options).exit_code, 0); });
}

TEST(ParseSeconds, ReadsUnitsAndNamesWhatItCannotRead) {
  EXPECT_EQ(parse_seconds("timeout", "60 s"), 60.0);
  EXPECT_EQ(parse_seconds("timeout", "1.5min"), 90.0);
  EXPECT_EQ(parse_seconds("timeout", "2 h"), 7200.0);
  EXPECT_EQ(parse_seconds("timeout", "500 ms"), 0.5);
  for (const char* bad : {"", "60", "s", "-1 s", "0 s", "nan s", "inf h", "1 d", "1 s s"})
    EXPECT_THROW(parse_seconds("timeout", bad), InputError) << bad;
}

TEST(WriteFile, LeavesNoHalfFileBehind) {
  const auto folder = std::filesystem::temp_directory_path() / "parsimony-base-test";
  std::filesystem::remove_all(folder);
  write_file(folder / "deep" / "a.txt", "one");
  write_file(folder / "deep" / "a.txt", "two");
  EXPECT_EQ(read_file(folder / "deep" / "a.txt"), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "deep"), {}), 1);
  EXPECT_THROW(read_file(folder / "none"), InputError);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace parsimony
