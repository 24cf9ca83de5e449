// A study survives: killed at random moments and resumed, it has the rows of an undisturbed run.
#include "parsimony/base/random.hpp"
#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

std::string digest_of(const std::string& folder) {
  const auto result = parsimony({"report", folder, "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  return Json::parse(result.output, nullptr, false).value("digest", "none");
}

TEST(Resume, KilledFiveTimesItHasTheDigestOfAnUndisturbedRun) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study());
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(parsimony({"search", folder / "study.yaml", "--out", folder / "calm", "--quiet"}).exit_code, 0);
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);

  RandomStream random(static_cast<std::uint64_t>(::getpid()), 1, "kill");
  for (int kill = 0; kill < 5; ++kill) {
    const auto moment =
        std::chrono::milliseconds(static_cast<std::int64_t>(random.uniform(0.05, 0.5) * took.count()));
    parsimony({"search", folder / "study.yaml", "--out", folder / "killed", "--quiet"}, moment);
  }
  const auto last = parsimony({"search", folder / "study.yaml", "--out", folder / "killed", "--quiet"});
  ASSERT_EQ(last.exit_code, 0) << last.errors;
  EXPECT_EQ(digest_of(folder / "killed"), digest_of(folder / "calm"));
}

TEST(Resume, GoesOnToMoreTrialsWithTheRowsThatItHas) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study());
  ASSERT_EQ(parsimony({"search", folder / "study.yaml", "--out", folder / "a", "--trials", "5"}).exit_code,
            0);
  ASSERT_EQ(parsimony({"search", folder / "study.yaml", "--out", folder / "a"}).exit_code, 0);
  ASSERT_EQ(parsimony({"search", folder / "study.yaml", "--out", folder / "b"}).exit_code, 0);
  EXPECT_EQ(digest_of(folder / "a"), digest_of(folder / "b"));
}

TEST(Search, TakesAStudyFileOfTheFolderItRunsIn) {
  const Folder folder;
  write_file(folder / "study.yaml", short_study());
  const auto result =
      run_process({PARSIMONY_PROGRAM, "search", "study.yaml", "--trials", "1", "--quiet"},
                  {.directory = folder / "", .input = {}, .timeout = std::chrono::minutes(5)});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_TRUE(std::filesystem::exists(folder / "studies/study/report.html"));
}

}  // namespace
}  // namespace parsimony::end_to_end
