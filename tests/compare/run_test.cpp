#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "contest_support.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/compare/line_protocol.hpp"
#include "parsimony/compare/run_all.hpp"
#include "parsimony/compare/run_file.hpp"
#include "parsimony/pareto/hypervolume.hpp"

namespace parsimony::compare {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

void expect_same_points(const std::vector<compare::Run>& a, const std::vector<compare::Run>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].solver, b[i].solver);
    EXPECT_EQ(a[i].problem, b[i].problem);
    EXPECT_EQ(a[i].seed, b[i].seed);
    EXPECT_EQ(a[i].points, b[i].points);
    EXPECT_EQ(a[i].quality, b[i].quality);
  }
}

TEST(Contest, ReadsLabelsSeedsAndOptions) {
  EXPECT_THAT(parse_seeds("--seeds", "7-9,1,3,8"), ElementsAre(1u, 3u, 7u, 8u, 9u));
  EXPECT_THROW(parse_seeds("--seeds", "3-1"), InputError);
  EXPECT_THROW(parse_seeds("--seeds", "one"), InputError);
  EXPECT_THROW(parse_seeds("--seeds", ""), InputError);
  const auto labels = parse_labels("--solvers", "ars,few=ars");
  EXPECT_EQ(labels[1].label, "few");
  EXPECT_EQ(labels[1].name, "ars");
  EXPECT_THROW(parse_labels("--solvers", "ars,ars"), InputError);
  EXPECT_THROW(parse_labels("--solvers", "a/b=ars"), InputError);
  const LabelledOption option = parse_option("--problem-options", "macro:computed=params,flops");
  EXPECT_EQ(option.label, "macro");
  EXPECT_EQ(option.key, "computed");
  EXPECT_EQ(option.value, "params,flops");
  EXPECT_THROW(parse_option("--options", "directions=3"), InputError);
  EXPECT_THAT(message_of([&] {
                make_contestants(labels, {{"random", "x", "1"}});
              }),
              HasSubstr("takes no part"));
  EXPECT_THROW(make_contestants(labels, {{"few", "directions", "-1"}}), InputError);
}

TEST(Run, SpendsItsBudgetFromTheSameStartsAsEveryOther) {
  const Folder folder("compare-budget");
  const Contest contest = small_contest();
  const std::vector<compare::Run> runs = run_all(contest, folder.path(), 2, {});
  ASSERT_EQ(runs.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i) {  // problems, then solvers, then seeds
    EXPECT_EQ(runs[i].problem, i < 6 ? "dtlz2" : "hill");
    EXPECT_EQ(runs[i].solver, i / 3 % 2 == 0 ? "random" : "ars");
    EXPECT_EQ(runs[i].seed, i % 3 + 1);
  }
  for (const compare::Run& run : runs) {
    EXPECT_EQ(run.points.size(), 14u);
    EXPECT_EQ(run.initial, 6);
    EXPECT_EQ(run.seconds.size(), 8u);
    for (const compare::Run& other : runs) {
      if (other.problem != run.problem || other.seed != run.seed) continue;
      for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(run.points[i], other.points[i]);
    }
  }
  EXPECT_NE(runs[0].points[0], runs[1].points[0]);  // another seed, other starts
}

TEST(Run, DoesNotDependOnTheNumberOfWorkers) {
  const Folder one("compare-one"), four("compare-four");
  const Contest contest = small_contest();
  expect_same_points(run_all(contest, one.path(), 1, {}), run_all(contest, four.path(), 4, {}));
}

TEST(Run, BatchesSpendTheBudgetExactly) {
  Contest contest = small_contest();
  contest.batch = 3;
  const compare::Run run = run_solver(contest, contest.arenas[0], contest.contestants[0], 1);
  EXPECT_EQ(run.points.size(), 14u);
  EXPECT_EQ(run.seconds.size(), 3u);  // 3 + 3 + 2
}

TEST(Run, QualityIsTheHypervolumeOfTheFeasiblePointsSoFar) {
  const Arena arena = make_arenas(parse_labels("--problems", "c2dtlz2"), {{"c2dtlz2", "d", "2"}})[0];
  RandomStream stream(4, 0, "compare-test");
  std::vector<std::vector<double>> objectives, constraints;
  std::vector<double> flat, expected;
  for (int i = 0; i < 60; ++i) {
    const std::vector<double> point{stream.uniform(), stream.uniform(0.4, 0.6)};
    const auto outcome = arena.benchmark.evaluate(point);
    objectives.push_back(outcome.objectives);
    constraints.push_back(outcome.constraints);
    if (outcome.constraints[0] <= 0.0)
      flat.insert(flat.end(), outcome.objectives.begin(), outcome.objectives.end());
    expected.push_back(pareto::hypervolume(flat, std::vector<double>{1.1, 1.1}));
  }
  const std::vector<double> quality = quality_after_each(arena, objectives, constraints);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_NEAR(quality[i], expected[i], 1e-12);
  EXPECT_GT(quality.back(), 0.0);
}

TEST(Run, OfOneObjectiveTheQualityIsTheLeastValueSoFar) {
  const Contest contest = small_contest();
  const compare::Run run = run_solver(contest, contest.arenas[1], contest.contestants[0], 2);
  double least = 6.0;
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    least = std::min(least, run.objectives[i][0]);
    EXPECT_EQ(run.quality[i], least);
  }
}

TEST(Resume, MakesOnlyWhatIsMissingAndEndsTheSame) {
  const Folder folder("compare-resume");
  const Contest contest = small_contest();
  const std::vector<compare::Run> first = run_all(contest, folder.path(), 2, {});
  const auto kept = run_path(folder.path(), contest.arenas[0], contest.contestants[1], 2);
  const std::string kept_bytes = read_file(kept);
  std::filesystem::remove(run_path(folder.path(), contest.arenas[0], contest.contestants[1], 1));
  std::filesystem::remove(run_path(folder.path(), contest.arenas[1], contest.contestants[0], 3));
  int stored = 0, made = 0;
  const std::vector<compare::Run> second = run_all(contest, folder.path(), 2, [&](const Progress& progress) {
    ++(progress.stored ? stored : made);
    EXPECT_EQ(progress.done, stored + made);
    EXPECT_EQ(progress.all, 12);
  });
  EXPECT_EQ(stored, 10);
  EXPECT_EQ(made, 2);
  expect_same_points(first, second);
  EXPECT_EQ(read_file(kept), kept_bytes);
}

TEST(Resume, AShorterContestReadsThePrefixAndALongerOneRunsAgain) {
  const Folder folder("compare-prefix");
  Contest contest = small_contest();
  const std::vector<compare::Run> whole = run_all(contest, folder.path(), 2, {});
  contest.trials = 10;
  int made = 0;
  const auto count = [&](const Progress& progress) { made += progress.stored ? 0 : 1; };
  const std::vector<compare::Run> cut = run_all(contest, folder.path(), 2, count);
  EXPECT_EQ(made, 0);
  const Folder fresh("compare-fresh");
  expect_same_points(cut, run_all(contest, fresh.path(), 2, {}));
  EXPECT_EQ(cut[0].seconds.size(), 4u);
  contest.trials = 15;
  const std::vector<compare::Run> longer = run_all(contest, folder.path(), 2, count);
  EXPECT_EQ(made, 12);
  EXPECT_EQ(longer[5].points[13], whole[5].points[13]);
}

TEST(Resume, RefusesARunOfAnotherConfigurationNamingTheDifference) {
  const Folder folder("compare-refuse");
  Contest contest = small_contest();
  run_all(contest, folder.path(), 2, {});
  contest.contestants[1].options["directions"] = "9";
  const std::string options = message_of([&] { run_all(contest, folder.path(), 1, {}); });
  EXPECT_THAT(options, HasSubstr("/solver/options/directions is \"8\" there and \"9\" here"));
  EXPECT_THAT(options, HasSubstr("dtlz2-ars-1.json"));
  contest = small_contest();
  contest.initial = 5;
  EXPECT_THAT(message_of([&] { run_all(contest, folder.path(), 1, {}); }),
              HasSubstr("/initial is 6 there and 5"));
  contest = small_contest();
  write_file(run_path(folder.path(), contest.arenas[0], contest.contestants[0], 1), "{\"format\": 1}");
  EXPECT_THAT(message_of([&] { run_all(contest, folder.path(), 1, {}); }), HasSubstr("holds no run"));
}

TEST(Resume, ARunThatUsesUpItsSpaceSaysSo) {
  const Folder folder("compare-exhausted");
  std::string csv = "a,b,f,g\n";
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) csv += fmt::format("{},{},{},{}\n", a, b, a + b, 4 - a + b);
  write_file(folder.path() / "nine.csv", csv);
  Contest contest;
  contest.arenas = make_arenas(parse_labels("--problems", "table"),
                               {{"table", "file", (folder.path() / "nine.csv").string()},
                                {"table", "parameters", "a,b"},
                                {"table", "objectives", "f,g"}});
  contest.contestants = make_contestants(parse_labels("--solvers", "random"), {});
  contest.seeds = {1};
  contest.trials = 20;
  contest.initial = 4;
  const compare::Run run = run_all(contest, folder.path(), 1, {})[0];
  EXPECT_TRUE(run.exhausted);
  EXPECT_EQ(run.points.size(), 9u);
  EXPECT_NEAR(run.quality.back(), *contest.arenas[0].benchmark.best, 1e-12);
  const compare::Run again = run_all(contest, folder.path(), 1, {})[0];
  EXPECT_TRUE(again.exhausted);
  EXPECT_EQ(again.points, run.points);
}

TEST(Included, RunsAreEvaluatedHereAndMustStartFromTheSamePoints) {
  const Folder folder("compare-include");
  const Contest contest = small_contest();
  compare::Run peer = run_solver(contest, contest.arenas[0], contest.contestants[0], 2);
  json file = json::parse(to_json(peer, contest.arenas[0]));
  file["solver"] = "peer";
  file["objectives"][3][0] = -5.0;  // what a peer says of its outcomes is not believed
  write_file(folder.path() / "peer.json", json{{"runs", {file}}}.dump());
  const std::vector<compare::Run> read = included_runs(folder.path() / "peer.json", contest);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].solver, "peer");
  EXPECT_EQ(read[0].quality, peer.quality);
  EXPECT_EQ(included_runs(folder.path(), contest).size(), 1u);

  file["solver"] = "ars";
  write_file(folder.path() / "other.json", file.dump());
  EXPECT_THAT(message_of([&] { included_runs(folder.path() / "other.json", contest); }),
              HasSubstr("has the label of a solver that takes part"));
  file["solver"] = "peer";
  file["points"][2][1] = 0.123;
  write_file(folder.path() / "other.json", file.dump());
  EXPECT_THAT(message_of([&] { included_runs(folder.path() / "other.json", contest); }),
              HasSubstr("starts from another point 3"));
  file["points"][2] = {0.5};
  write_file(folder.path() / "other.json", file.dump());
  EXPECT_THAT(message_of([&] { included_runs(folder.path() / "other.json", contest); }),
              HasSubstr("has a point of 1 coordinates"));
  file["seed"] = 99;
  write_file(folder.path() / "other.json", file.dump());
  EXPECT_TRUE(included_runs(folder.path() / "other.json", contest).empty());
  write_file(folder.path() / "other.json", "[{\"problem\": \"dtlz2\"}]");
  EXPECT_THAT(message_of([&] { included_runs(folder.path() / "other.json", contest); }),
              HasSubstr("holds no run"));
}

TEST(LineProtocol, EvaluatesPointsAndParametersAndAnswersWhatItCannotRead) {
  const Contest contest = small_contest();
  const Arena& arena = contest.arenas[1];
  std::istringstream input(
      "{\"describe\": true}\n{\"point\": [0.5, 0.25]}\n{\"parameters\": {\"x\": 15.0, \"y\": 7.5}}\nno JSON\n"
      "{\"point\": [0.5]}\n{\"parameters\": {\"x\": 99.0, \"y\": 7.5}}\n\n{\"point\": [0.5, 0.25]}\n");
  std::ostringstream output;
  serve_evaluations(arena, input, output);
  std::vector<json> lines;
  std::istringstream answers(output.str());
  for (std::string line; std::getline(answers, line);) lines.push_back(json::parse(line));
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(lines[0]["dimension"], 2);
  EXPECT_EQ(lines[0]["parameters"][1]["high"], 30.0);
  EXPECT_EQ(lines[1]["objectives"][0],
            arena.benchmark.evaluate(std::vector<double>{0.5, 0.25}).objectives[0]);
  EXPECT_EQ(lines[2]["objectives"], lines[1]["objectives"]);
  for (const std::size_t k : {3u, 4u, 5u}) EXPECT_TRUE(lines[k].contains("error")) << k;
  EXPECT_EQ(lines[6], lines[1]);
}

TEST(LineProtocol, StartsAreThoseOfTheRuns) {
  const Contest contest = small_contest();
  const json starts = json::parse(starts_json(contest));
  ASSERT_EQ(starts.size(), 6u);
  const compare::Run run = run_solver(contest, contest.arenas[0], contest.contestants[0], 3);
  EXPECT_EQ(starts[2]["seed"], 3);
  EXPECT_EQ(starts[2]["points"].size(), 6u);
  EXPECT_EQ(starts[2]["points"][5].get<std::vector<double>>(), run.points[5]);
  EXPECT_EQ(starts[2]["parameters"][5]["x1"].get<double>(), run.points[5][0]);
}

}  // namespace
}  // namespace parsimony::compare
