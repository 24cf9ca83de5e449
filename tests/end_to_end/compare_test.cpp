// A comparison survives: killed and started again, it has the figures of an undisturbed one.
#include <gmock/gmock.h>

#include <sstream>

#include "parsimony/base/random.hpp"
#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> comparison(const std::string& folder) {
  return {"compare",
          "--problems",
          "dtlz2,pruning-toy",
          "--solvers",
          "random,ars",
          "--options",
          "ars:directions=40",
          "--seeds",
          "1-2",
          "--trials",
          "16",
          "--workers",
          "2",
          "--quiet",
          "--json",
          "--out",
          folder};
}

/// The JSON lines without what a clock gave.
std::vector<Json> figures_of(const ProcessResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  std::vector<Json> problems;
  std::istringstream lines(result.output);
  for (std::string line; std::getline(lines, line);) {
    problems.push_back(Json::parse(line));
    for (auto& [name, solver] : problems.back()["solvers"].items())
      for (const char* clock : {"seconds_per_ask", "seconds_median", "seconds_largest"}) solver.erase(clock);
  }
  EXPECT_EQ(problems.size(), 2u);
  return problems;
}

TEST(Compare, KilledFiveTimesItHasTheFiguresOfAnUndisturbedOne) {
  const Folder folder;
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Json> calm = figures_of(parsimony(comparison(folder / "calm")));
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  RandomStream random(static_cast<std::uint64_t>(::getpid()), 1, "kill");
  for (int kill = 0; kill < 5; ++kill)
    parsimony(comparison(folder / "killed"),
              std::chrono::milliseconds(
                  static_cast<std::int64_t>(random.uniform(0.05, 0.5) * static_cast<double>(took.count()))));
  EXPECT_EQ(figures_of(parsimony(comparison(folder / "killed"))), calm);
  EXPECT_TRUE(std::filesystem::exists(folder / "killed/compare.html"));
}

TEST(Compare, RefusesWhatTheUserCanMend) {
  const Folder folder;
  const auto refused = [&](std::vector<std::string> arguments, const char* message) {
    arguments.insert(arguments.begin(), "compare");
    arguments.insert(arguments.end(), {"--out", folder / "out"});
    const auto result = parsimony(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.output << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  };
  refused({"--solvers", "random"}, "--problems");
  refused({"--problems", "dtlz2"}, "--solvers");
  refused({"--problems", "dtlz22", "--solvers", "random"}, "did you mean dtlz2?");
  refused({"--problems", "dtlz2", "--solvers", "arse"}, "did you mean ars?");
  refused({"--problems", "dtlz2", "--solvers", "ars", "--options", "ars:agents=0"}, "solver.agents");
  refused({"--problems", "dtlz2", "--solvers", "random", "--seeds", "5-1"}, "--seeds");
  refused({"--problems", "dtlz2", "--solvers", "random", "--at", "500"}, "--at");
  refused({"--problems", "table", "--solvers", "random", "--problem-options", "table:file=none.csv"},
          "problem.");
}

}  // namespace
}  // namespace parsimony::end_to_end
