#include "parsimony/command/evaluator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/files.hpp"
#include "parsimony/command/trial_line.hpp"

namespace parsimony::command {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CommandEvaluatorTest : public testing::Test {
 protected:
  CommandEvaluatorTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("parsimony-command-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    settings_.parameters = {space::FloatParameter{"x", 0, 1, false},
                            space::IntegerParameter{"n", 1, 8, false},
                            space::CategoricalParameter{"kind", {"a", "b\"c"}}};
    settings_.objectives = {{"f", false, 1.0}, {"g", true, 0.0}};
    settings_.seed = 42;
  }
  ~CommandEvaluatorTest() override { std::filesystem::remove_all(folder_); }

  study::Outcome evaluate(const std::string& script, const study::KeepGoing& keep_going = {}) {
    settings_.command = {"sh", "-c", script};
    const study::Job job{7, study::kTrial, {0.1, std::int64_t{3}, std::string("b\"c")}, {}};
    return CommandEvaluator(settings_, folder_).evaluate(job, keep_going);
  }

  std::filesystem::path folder_;
  Settings settings_;
  const std::string good_ = R"(echo '{"objectives": {"f": 0.5, "g": 2}}')";
};

TEST_F(CommandEvaluatorTest, GivesTheParametersAsOneLineOfJsonAndTheKeysAsVariables) {
  evaluate("cat > input; echo $PARSIMONY_TRIAL $PARSIMONY_SEED > keys");
  EXPECT_EQ(read_file(folder_ / "input"), "{\"x\":0.1,\"n\":3,\"kind\":\"b\\\"c\"}\n");
  EXPECT_EQ(read_file(folder_ / "keys"), "7 42\n");
}

TEST_F(CommandEvaluatorTest, NegatesWhatIsMaximised) {
  EXPECT_THAT(evaluate(good_).objectives, ElementsAre(0.5, -2.0));
  EXPECT_FALSE(std::signbit(evaluate(R"(echo '{"objectives": {"f": 0, "g": 0}}')").objectives[1]));
}

TEST_F(CommandEvaluatorTest, SaysHowACommandFailed) {
  settings_.timeout = 0.2;
  for (const auto& [script, code, reason] :
       std::vector<std::array<const char*, 3>>{{"echo first >&2; echo 'what went wrong' >&2; exit 3", "exit",
                                                "exit code 3; its last line of errors: what went wrong"},
                                               {"kill -SEGV $$", "signal", "SIGSEGV"},
                                               {"sleep 100 & sleep 100", "timeout", "0.2 s"},
                                               {"exec >&- 2>&-; sleep 100", "timeout", "0.2 s"},
                                               {"true", "no-result", "nothing"},
                                               {"no-such-program-at-all", "exit", "127"}}) {
    const study::Outcome outcome = evaluate(script);
    EXPECT_EQ(outcome.state, study::State::failed) << script;
    EXPECT_EQ(outcome.code, code) << script;
    EXPECT_THAT(outcome.reason, HasSubstr(reason)) << script;
  }
}

TEST_F(CommandEvaluatorTest, TriesAgainAsOftenAsItMay) {
  const std::string third_time = "echo x >> runs; test $(wc -l < runs) -ge 3 || exit 1; " + good_;
  settings_.retries = 1;
  const study::Outcome failed = evaluate(third_time);
  EXPECT_EQ(failed.state, study::State::failed);
  EXPECT_THAT(failed.reason, HasSubstr("(run 2 times)"));
  std::filesystem::remove(folder_ / "runs");
  settings_.retries = 2;
  EXPECT_EQ(evaluate(third_time).state, study::State::complete);
  EXPECT_EQ(read_file(folder_ / "runs"), "x\nx\nx\n");
}

TEST_F(CommandEvaluatorTest, EndsAtOnceWhenNobodyWantsTheOutcome) {
  settings_.retries = 100;
  const auto begin = std::chrono::steady_clock::now();
  // The shell makes the file before it writes the line.
  const auto has_run = [&] {
    return std::filesystem::exists(folder_ / "runs") && read_file(folder_ / "runs") == "x\n";
  };
  evaluate("echo x >> runs; sleep 100", [&] { return !has_run(); });
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(read_file(folder_ / "runs"), "x\n");
}

TEST_F(CommandEvaluatorTest, KeepsTheEndOfAnEndlessOutput) {
  EXPECT_EQ(evaluate("head -c 5000000 /dev/zero | tr '\\0' y; echo; " + good_).state, study::State::complete);
}

TEST_F(CommandEvaluatorTest, NamesAMissingProgramAndAMissingFolder) {
  const auto message = [&] {
    try {
      working_directory(settings_, folder_ / "p.yaml");
      return std::string();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  write_file(folder_ / "in/tool", "");
  std::filesystem::permissions(folder_ / "in/tool", std::filesystem::perms::owner_all);
  settings_.command = {"sh"};
  EXPECT_EQ(message(), "");
  settings_.command = {"no-such-program-at-all"};
  EXPECT_THAT(message(),
              HasSubstr("p.yaml: command: there is no executable program 'no-such-program-at-all'"));
  settings_.command = {"./tool"};
  EXPECT_THAT(message(), HasSubstr("'./tool'"));
  settings_.directory = "in";
  EXPECT_EQ(message(), "");
  settings_.directory = "none";
  EXPECT_THAT(message(), HasSubstr("p.yaml: directory: is 'none'"));
}

TEST_F(CommandEvaluatorTest, PrintsATrialInTheUsersSense) {
  settings_.constraints = {"c"};
  study::Row row;
  row.number = 7;
  row.configuration = {0.1, std::int64_t{3}, std::string("a")};
  row.objectives = {0.5, -2.0};
  row.constraints = {-0.25};
  row.execution.state = study::State::complete;
  EXPECT_EQ(trial_line(row, settings_),
            R"({"trial":7,"parameters":{"x":0.1,"n":3,"kind":"a"},"objectives":{"f":0.5,"g":2.0},)"
            R"("constraints":{"c":-0.25},"state":"complete"})");
  row.objectives = {std::nan(""), std::nan("")};
  row.execution.state = study::State::failed;
  row.execution.code = "timeout";
  EXPECT_THAT(trial_line(row, settings_), HasSubstr(R"("objectives":{"f":null,"g":null})"));
  EXPECT_THAT(trial_line(row, settings_), HasSubstr(R"("code":"timeout")"));
}

}  // namespace
}  // namespace parsimony::command
