#include "parsimony/compare/analysis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "contest_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/process.hpp"
#include "parsimony/compare/quantiles.hpp"

namespace parsimony::compare {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

compare::Run run_of(const char* problem, const char* solver, std::uint64_t seed,
                    std::vector<double> quality) {
  compare::Run run;
  run.problem = problem;
  run.solver = solver;
  run.seed = seed;
  run.quality = std::move(quality);
  run.seconds = {0.5, 1.5};
  return run;
}

/// Five seeds, three evaluations; a is ahead of b by 0.1·seed at the end, level in the middle.
std::vector<compare::Run> made_up_runs() {
  std::vector<compare::Run> runs;
  for (const std::uint64_t seed : {3u, 1u, 2u, 5u, 4u}) {
    const double lead = 0.1 * static_cast<double>(seed);
    runs.push_back(run_of("dtlz2", "ars", seed, {0.0, 0.1, 0.1 + lead}));
    runs.push_back(run_of("dtlz2", "random", seed, {0.0, 0.1, 0.1}));
  }
  return runs;
}

Contest made_up_contest() {
  Contest contest = small_contest();
  contest.arenas = make_arenas(parse_labels("--problems", "dtlz2"), {});
  contest.seeds = {1, 2, 3, 4, 5};
  contest.trials = 3;
  contest.initial = 1;
  return contest;
}

TEST(Analysis, TakesMediansQuartilesAndPairsBySeed) {
  const auto problems = analyse(made_up_contest(), made_up_runs(), {2});
  ASSERT_EQ(problems.size(), 1u);
  const ProblemFigures& problem = problems[0];
  EXPECT_THAT(problem.budgets, ElementsAre(2, 3));
  ASSERT_EQ(problem.solvers.size(), 2u);
  const SolverFigures& random = problem.solvers[0];
  const SolverFigures& ars = problem.solvers[1];
  EXPECT_EQ(random.solver, "random");  // the contest's order, not that of the runs
  EXPECT_THAT(ars.seeds, ElementsAre(1u, 2u, 3u, 4u, 5u));
  EXPECT_NEAR(ars.at[1].middle, 0.4, 1e-12);
  EXPECT_NEAR(ars.band.lower[2], 0.3, 1e-12);
  EXPECT_NEAR(ars.band.upper[2], 0.5, 1e-12);
  EXPECT_EQ(ars.seconds_per_ask, 1.0);
  EXPECT_EQ(ars.largest_seconds, 1.5);
  const PairedFigures& pair = problem.paired[1][0];
  EXPECT_EQ(pair.a, "random");
  EXPECT_EQ(pair.b, "ars");
  EXPECT_NEAR(pair.median_difference, -0.3, 1e-12);
  EXPECT_LT(pair.interval.high, 0.0);
  EXPECT_NEAR(pair.p, 0.0625, 1e-12);
  EXPECT_EQ(problem.paired[0][0].median_difference, 0.0);
  EXPECT_EQ(problem.paired[0][0].p, 1.0);
}

TEST(Analysis, ASolversFiguresDoNotDependOnWhoElseTakesPart) {
  std::vector<compare::Run> runs = made_up_runs();
  const auto two = analyse(made_up_contest(), runs, {});
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    runs.push_back(run_of("dtlz2", "peer", seed, {0.0, 0.2, 0.3}));
  const auto three = analyse(made_up_contest(), runs, {});
  EXPECT_EQ(two[0].solvers[1].at[0].interval.low, three[0].solvers[1].at[0].interval.low);
  EXPECT_EQ(two[0].paired[0][0].interval.high, three[0].paired[0][0].interval.high);
  EXPECT_EQ(three[0].paired[0].size(), 3u);
  EXPECT_EQ(three[0].solvers[2].solver, "peer");
}

TEST(Analysis, PairsTheSeedsThatBothHave) {
  std::vector<compare::Run> runs;
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    const double hard = 0.05 * static_cast<double>(seed * seed);  // what a seed's starts do to both
    runs.push_back(run_of("dtlz2", "random", seed, {0.0, 0.0, hard}));
    if (seed >= 2) runs.push_back(run_of("dtlz2", "ars", seed, {0.0, 0.0, hard + 0.01}));
  }
  const PairedFigures pair = analyse(made_up_contest(), runs, {})[0].paired[0][0];
  EXPECT_EQ(pair.seeds, 3);
  EXPECT_NEAR(pair.median_difference, -0.01, 1e-12);
  EXPECT_NEAR(pair.interval.low, -0.01, 1e-12);
  EXPECT_NEAR(pair.interval.high, -0.01, 1e-12);
}

TEST(Analysis, AShortRunIsDrawnToItsEndAndAnExhaustedOneKeepsItsLastValue) {
  std::vector<compare::Run> runs = made_up_runs();
  runs.push_back(run_of("dtlz2", "short", 1, {0.0, 0.2}));
  compare::Run used_up = run_of("dtlz2", "finished", 1, {0.0, 0.3});
  used_up.exhausted = true;
  runs.push_back(used_up);
  const ProblemFigures problem = analyse(made_up_contest(), runs, {2})[0];
  const SolverFigures& cut = problem.solvers[2];
  EXPECT_EQ(cut.band.middle.size(), 2u);
  EXPECT_EQ(cut.at[0].values.size(), 1u);
  EXPECT_TRUE(cut.at[1].values.empty());
  const SolverFigures& finished = problem.solvers[3];
  EXPECT_THAT(finished.curves[0], ElementsAre(0.0, 0.3, 0.3));
  EXPECT_EQ(finished.exhausted, 1);
  for (const PairedFigures& pair : problem.paired[1]) EXPECT_NE(pair.b, "short");
}

TEST(Analysis, RefusesABudgetBeyondTheTrialsAndARunThatStandsThereTwice) {
  EXPECT_THROW(analyse(made_up_contest(), made_up_runs(), {4}), InputError);
  EXPECT_THROW(analyse(made_up_contest(), made_up_runs(), {0}), InputError);
  std::vector<compare::Run> runs = made_up_runs();
  runs.push_back(runs[0]);
  EXPECT_THROW(analyse(made_up_contest(), runs, {}), InputError);
}

TEST(CompareJson, HasTheShapeThatTheDesignFixes) {
  const std::string text = to_json(analyse(made_up_contest(), made_up_runs(), {2}));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const json problem = json::parse(text);
  EXPECT_EQ(problem["problem"], "dtlz2");
  EXPECT_EQ(problem["budget"], 3);
  EXPECT_EQ(problem["seeds"], json({1, 2, 3, 4, 5}));
  const json& ars = problem["solvers"]["ars"];
  ASSERT_EQ(ars["hypervolume"].size(), 5u);
  ASSERT_EQ(ars["hypervolume"][2].size(), 3u);
  EXPECT_NEAR(ars["hypervolume"][2][2].get<double>(), 0.4, 1e-12);
  EXPECT_EQ(ars["seconds_per_ask"], 1.0);
  const json& pair = problem["paired"][0];
  EXPECT_EQ(pair["a"], "random");
  EXPECT_EQ(pair["b"], "ars");
  EXPECT_NEAR(pair["median_difference"].get<double>(), -0.3, 1e-12);
  EXPECT_EQ(pair["interval"].size(), 2u);
  EXPECT_NEAR(pair["p"].get<double>(), 0.0625, 1e-12);
  EXPECT_EQ(problem["paired_at"]["2"].size(), 1u);
}

TEST(CompareJson, OneObjectiveHasLeastValuesAndNoHypervolume) {
  Contest contest = made_up_contest();
  contest.arenas = make_arenas(parse_labels("--problems", "passino"), {});
  const json problem =
      json::parse(to_json(analyse(contest, {run_of("passino", "ars", 1, {1.0, 0.0, -2.0})}, {})));
  EXPECT_FALSE(problem["solvers"]["ars"].contains("hypervolume"));
  EXPECT_EQ(problem["solvers"]["ars"]["least_value"][0][2], -2.0);
}

/// The document after its script has run; empty when there is no browser.
std::string drawn(const std::string& page) {
  if (!program_exists("chromium")) return "";
  const Folder folder("compare-page");
  write_file(folder.path() / "compare.html", page);
  ProcessOptions options;
  options.timeout = std::chrono::seconds(60);
  const ProcessResult result = run_process(
      {"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
       "--user-data-dir=" + (folder.path() / "profile").string(), "--window-size=1400,2400",
       "--virtual-time-budget=2000", "--dump-dom", (folder.path() / "compare.html").string()},
      options);
  return result.exit_code == 0 ? result.output : "";
}

TEST(ComparePage, DrawsEverySectionAndRunsNoHostileString) {
  const char* hostile = "</script><script>document.title='pwned'</script>";
  std::vector<compare::Run> runs = made_up_runs();
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    runs.push_back(run_of("dtlz2", hostile, seed, {0.0, 0.2, 0.3}));
  const std::string source = to_html(analyse(made_up_contest(), runs, {2}));
  EXPECT_THAT(source, Not(HasSubstr("http://")));  // but for namespaces, which the script takes from the page
  EXPECT_THAT(source, Not(HasSubstr("https://")));
  const std::string page = drawn(source);
  if (page.empty()) GTEST_SKIP() << "no usable chromium on PATH";
  EXPECT_THAT(page, HasSubstr("data-ready=\"yes\""));
  EXPECT_THAT(page, HasSubstr("<title>Solvers compared · Parsimony</title>"));
  for (const char* id : {"dtlz2", "seconds"})
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + id + "\""));
  EXPECT_THAT(page, HasSubstr("dtlz2: hypervolume after each evaluation"));
  EXPECT_THAT(page, HasSubstr("Mean seconds for an ask"));
  EXPECT_THAT(page, HasSubstr(">ahead<"));
}

}  // namespace
}  // namespace parsimony::compare
