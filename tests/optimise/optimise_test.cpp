// `parsimony optimise` as a user runs it: troubles in between, kills and resumes, bad input, the report.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "parsimony/base/random.hpp"
#include "parsimony/solver/solver.hpp"
#include "program.hpp"

namespace parsimony::end_to_end {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The script above; its points in trouble only where `kinds` allows them.
std::string problem(const std::string& kinds, const std::string& more = "") {
  return "parameters:\n"
         "  - {name: x, type: float, low: 0, high: 1}\n"
         "  - {name: n, type: int, low: 0, high: 3}\n"
         "  - {name: kind, type: categorical, choices: [" +
         kinds +
         "]}\n"
         "objectives:\n"
         "  - {name: f1, reference: 1.5}\n"
         "  - {name: reward, goal: maximise, reference: -2}\n"
         "constraints: [{name: c1}]\n"
         "command: [python3, " PARSIMONY_TEST_DIR
         "/troubled.py]\n"
         "solver: random\n" +
         more;
}

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line, nullptr, false));
  return lines;
}

Json report_of(const std::string& folder) {
  const auto result = parsimony({"report", folder, "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  return Json::parse(result.output, nullptr, false);
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& message) {
  const auto result = parsimony(arguments);
  EXPECT_EQ(result.exit_code, 2) << result.output << result.errors;
  EXPECT_THAT(result.errors, HasSubstr(message));
}

TEST(Optimise, CrashesTimeoutsAndNaNsAreRowsWithReasons) {
  const Folder folder;
  write_file(folder / "p.yaml", problem("troubled, fine", "timeout: 3 s\ntrials: 30\nworkers: 4\n"));
  const auto run = parsimony({"optimise", folder / "p.yaml", "--out", folder / "a", "--json", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const std::vector<Json> lines = lines_of(run.output);
  ASSERT_EQ(lines.size(), 30u);
  std::map<std::string, std::string> reasons;
  for (const Json& line : lines) {
    const bool failed = line["state"] == "failed";
    EXPECT_EQ(line["objectives"]["f1"].is_null(), failed);
    if (failed) reasons[line["code"]] = line["reason"];
    if (!failed) {
      EXPECT_EQ(line["state"] == "infeasible", line["constraints"]["c1"] > 0.0);
    }
  }
  EXPECT_THAT(reasons["exit"], HasSubstr("RuntimeError: the simulation diverged"));
  EXPECT_THAT(reasons["signal"], HasSubstr("SIGSEGV"));
  EXPECT_THAT(reasons["timeout"], HasSubstr("3 s"));
  EXPECT_THAT(reasons["not-finite"], HasSubstr("objectives.f1"));
  EXPECT_THAT(reasons["no-result"], HasSubstr("no result"));
  EXPECT_EQ(reasons.size(), 5u);

  const Json report = report_of(folder / "a");
  EXPECT_EQ(report["trials"]["complete"].get<int>() + report["trials"]["infeasible"].get<int>() +
                report["trials"]["failed"].get<int>(),
            30);
  EXPECT_THAT(read_file(folder / "a/report.html"), HasSubstr("the simulation diverged"));
  EXPECT_THAT(read_file(folder / "a/trials.csv"), HasSubstr("RuntimeError: the simulation diverged"));
}

TEST(Optimise, ReportsAMaximisedObjectiveAsItWasGiven) {
  const Folder folder;
  write_file(folder / "p.yaml", problem("fine", "trials: 12\nworkers: 2\n"));
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", folder / "a"}).exit_code, 0);
  const Json report = report_of(folder / "a");
  EXPECT_EQ(report["reference"], Json({1.5, -2.0}));
  EXPECT_EQ(report["goals"], Json({"minimise", "maximise"}));
  EXPECT_GT(report["hypervolume"], 0.0);
  for (const Json& member : report["front"]) {
    const double x = member["parameters"]["x"], n = member["parameters"]["n"];
    EXPECT_DOUBLE_EQ(member["objectives"]["reward"], std::sqrt(x) - 1 - n);
    for (const Json& other : report["front"])
      EXPECT_FALSE(other["objectives"]["f1"] < member["objectives"]["f1"] &&
                   other["objectives"]["reward"] > member["objectives"]["reward"]);
  }
  EXPECT_THAT(read_file(folder / "a/trials.csv"), HasSubstr(",-"));
}

TEST(Optimise, OneObjectiveHasABestValueInPlaceOfTheHypervolume) {
  const Folder folder;
  write_file(folder / "p.yaml",
             "parameters: [{name: x, type: float, low: -1, high: 1}]\n"
             "objectives: [{name: height, goal: maximise}]\n"
             "command: [python3, -c, \"import json; x = json.load(open(0))['x']; "
             "print(json.dumps({'objectives': {'height': 5 - x * x}}))\"]\ntrials: 25\n");
  const auto run = parsimony({"optimise", folder / "p.yaml", "--out", folder / "a"});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.output, Not(HasSubstr("Hypervolume ")));
  EXPECT_THAT(run.output, HasSubstr("height"));
  const Json report = report_of(folder / "a");
  EXPECT_TRUE(report["hypervolume"].is_null());
  EXPECT_GT(report["best_value"], 4.9);
  EXPECT_LE(report["best_value"], 5.0);
  EXPECT_EQ(report["best_value"], report["best_value_curve"].back()[1]);
  EXPECT_EQ(report["front"].size(), 1u);
}

TEST(Optimise, KilledFourTimesItHasTheDigestOfAnUndisturbedRun) {
  const Folder folder;
  ::setenv("TROUBLED_SECONDS", "0.05", 1);
  write_file(folder / "p.yaml",
             problem("fine", "trials: 30\nworkers: 2\nsolver: {name: ars, directions: 40}\n"));
  std::string text = read_file(folder / "p.yaml");
  text.erase(text.find("solver: random\n"), std::string("solver: random\n").size());
  write_file(folder / "p.yaml", text);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", folder / "calm", "--quiet"}).exit_code, 0);
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  RandomStream random(static_cast<std::uint64_t>(::getpid()), 1, "kill");
  for (int kill = 0; kill < 4; ++kill)
    parsimony({"optimise", folder / "p.yaml", "--out", folder / "killed", "--quiet"},
              std::chrono::milliseconds(static_cast<std::int64_t>(random.uniform(0.05, 0.4) * took.count())));
  const auto last =
      parsimony({"optimise", folder / "p.yaml", "--out", folder / "killed", "--json", "--quiet"});
  ::unsetenv("TROUBLED_SECONDS");
  ASSERT_EQ(last.exit_code, 0) << last.errors;
  EXPECT_EQ(report_of(folder / "killed")["digest"], report_of(folder / "calm")["digest"]);
  std::set<int> trials;
  for (const Json& line : lines_of(last.output)) trials.insert(line["trial"].get<int>());
  EXPECT_EQ(trials.size(), 30u) << "a resumed run prints the trials of the former ones too";
}

class OptimiseWith : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(EverySolver, OptimiseWith, testing::ValuesIn(solver::solver_names()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(OptimiseWith, KilledTwiceItHasTheDigestOfAnUndisturbedRun) {
  const Folder folder;
  write_file(folder / "p.yaml", problem("fine, other", "initial: 4\ntrials: 12\nworkers: 2\n"));
  const auto optimise = [&](const char* out, std::chrono::milliseconds limit = std::chrono::minutes(5)) {
    return parsimony(
        {"optimise", folder / "p.yaml", "--out", folder / out, "--solver", GetParam(), "--quiet"}, limit);
  };
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(optimise("calm").exit_code, 0);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  RandomStream random(static_cast<std::uint64_t>(::getpid()), 2, "kill");
  int killed_before_its_end = 0;
  for (int kill = 0; kill < 2; ++kill) {
    const std::chrono::milliseconds moment(
        static_cast<std::int64_t>(random.uniform(0.15, 0.5) * took.count()));
    killed_before_its_end += optimise("killed", moment).timed_out;
  }
  EXPECT_GE(killed_before_its_end, 1);
  ASSERT_EQ(optimise("killed").exit_code, 0);
  const Json calm = report_of(folder / "calm"), killed = report_of(folder / "killed");
  EXPECT_EQ(killed["digest"], calm["digest"]);
  EXPECT_EQ(calm["trials"]["complete"].get<int>() + calm["trials"]["infeasible"].get<int>(), 12);
}

TEST(Optimise, RetriesACommandThatFailsNowAndThen) {
  const Folder folder;
  const std::string script =
      "test -e done.$PARSIMONY_TRIAL || { touch done.$PARSIMONY_TRIAL; exit 1; }; "
      "echo '{\"objectives\": {\"f\": 1}}'";
  const auto write = [&](const std::string& more) {
    write_file(folder / "p.yaml",
               "parameters: [{name: x, type: float, low: 0, high: 1}]\n"
               "objectives: [{name: f}]\ncommand: [sh, run.sh]\ntrials: 3\n" +
                   more);
    write_file(folder / "run.sh", script);
  };
  write("retries: 1\n");
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", folder / "a"}).exit_code, 0);
  EXPECT_EQ(report_of(folder / "a")["trials"]["complete"], 3);
  for (const char* mark : {"done.1", "done.2", "done.3"}) std::filesystem::remove(folder / mark);
  write("");
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", folder / "b"}).exit_code, 0);
  EXPECT_EQ(report_of(folder / "b")["trials"]["failed"], 3);
}

TEST(Optimise, RefusesBadInputBeforeAnythingIsWritten) {
  const Folder folder;
  const auto refuse = [&](const std::string& text, const std::string& message,
                          const std::vector<std::string>& more = {}) {
    write_file(folder / "p.yaml", text);
    std::vector<std::string> arguments{"optimise", folder / "p.yaml", "--out", folder / "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    expect_refused(arguments, message);
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  };
  std::string missing = problem("fine");
  missing.replace(missing.find("python3"), 7, "pythno3");
  refuse(missing, "p.yaml: command: there is no executable program 'pythno3'");
  refuse(problem("fine", "directory: nowhere\n"), "directory: is 'nowhere'");
  refuse(problem("fine", "trails: 3\n"), "did you mean 'trials'?");
  refuse(problem("fine"), "solver.name", {"--solver", "arse"});
  expect_refused({"optimise", folder / "none.yaml"}, "none.yaml");
}

TEST(Optimise, OnResumeOnlyTotalsWorkersAndTimesMayDiffer) {
  const Folder folder;
  const std::string out = folder / "a";
  write_file(folder / "p.yaml", problem("fine", "trials: 2\ntimeout: 9 s\n"));
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", out}).exit_code, 0);
  expect_refused({"optimise", folder / "p.yaml", "--out", out, "--seed", "2"}, "seed: is 2");
  write_file(folder / "p.yaml", problem("fine", "trials: 2\nretries: 1\n"));
  expect_refused({"optimise", folder / "p.yaml", "--out", out}, "retries: is 1");
  write_file(folder / "p.yaml", problem("fine, troubled", "trials: 2\n"));
  expect_refused({"optimise", folder / "p.yaml", "--out", out}, "parameters[2].choices[1]");
  write_file(folder / "p.yaml", problem("fine", "trials: 4\ntimeout: 8 s\nhours: 2\nworkers: 2\n"));
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", out}).exit_code, 0);
  EXPECT_EQ(
      report_of(out)["trials"]["complete"].get<int>() + report_of(out)["trials"]["infeasible"].get<int>(), 4);
}

TEST(Optimise, AStudyOfACommandHasNoNetworkToExport) {
  const Folder folder;
  write_file(folder / "p.yaml", problem("fine", "trials: 2\n"));
  ASSERT_EQ(parsimony({"optimise", folder / "p.yaml", "--out", folder / "a"}).exit_code, 0);
  for (const char* trial : {"1", "best"})
    expect_refused({"export", folder / "a", "--trial", trial, "-o", folder / "net"}, "holds no networks");
  EXPECT_FALSE(std::filesystem::exists(folder / "net"));
}

/// Whether any process has this text in its command line.
bool is_running(const std::string& text) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::string line;
    try {
      line = read_file(entry.path() / "cmdline");
    } catch (const std::exception&) {
      continue;  // gone meanwhile, or no process
    }
    if (line.find(text) != std::string::npos) return true;
  }
  return false;
}

/// Waits for up to 20 s.
bool comes_true(const std::function<bool()>& question) {
  for (int waited = 0; waited < 2000; ++waited) {
    if (question()) return true;
    ::usleep(10'000);
  }
  return false;
}

class OptimiseSignals : public testing::Test {
 protected:
  /// Starts a study whose commands are long sleeps, two at a time, and waits until both run.
  void start(const char* seconds) {
    mark_ = std::string(seconds) + "." + std::to_string(::getpid());
    write_file(folder_ / "p.yaml",
               "parameters: [{name: x, type: float, low: 0, high: 1}]\n"
               "objectives: [{name: f}]\ncommand: [sh, -c, 'touch run.$PARSIMONY_TRIAL; sleep " +
                   mark_ + " & wait; echo {\\\"objectives\\\":{\\\"f\\\":1}}']\nworkers: 2\n");
    text_ = folder_ / "p.yaml";
    out_ = folder_ / "a";
    child_ = ::fork();
    if (child_ == 0) {
      const int nothing = ::open("/dev/null", O_WRONLY);
      ::dup2(nothing, 1);
      ::dup2(nothing, 2);
      ::execl(PARSIMONY_PROGRAM, PARSIMONY_PROGRAM, "optimise", text_.c_str(), "--out", out_.c_str(),
              nullptr);
      ::_exit(127);
    }
    ASSERT_TRUE(comes_true([&] { return std::filesystem::exists(folder_ / "run.2") && is_running(mark_); }));
  }
  int wait() {
    int status = -1;
    ::waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  Folder folder_;
  std::string mark_, text_, out_;
  pid_t child_ = -1;
};

TEST_F(OptimiseSignals, OneCtrlCFinishesWhatRuns) {
  start("1");
  ::kill(child_, SIGINT);
  EXPECT_EQ(wait(), 0);
  const Json trials = report_of(out_)["trials"];
  EXPECT_GE(trials["complete"], 2);
  EXPECT_EQ(trials["running"], 0);
  EXPECT_LT(trials["complete"], 5);
}

TEST_F(OptimiseSignals, ASecondCtrlCGivesTheRowsBackAndLeavesNoCommandRunning) {
  start("1000");
  ::kill(child_, SIGINT);
  ::usleep(200'000);
  ::kill(child_, SIGINT);
  EXPECT_EQ(wait(), 0);
  EXPECT_FALSE(is_running(mark_));
  const Json trials = report_of(out_)["trials"];
  EXPECT_EQ(trials["complete"].get<int>() + trials["failed"].get<int>(), 0);
  EXPECT_EQ(trials["running"], 0);
  EXPECT_GE(trials["queued"], 2);
}

}  // namespace
}  // namespace parsimony::end_to_end
