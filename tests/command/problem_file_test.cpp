#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "parsimony/base/errors.hpp"
#include "parsimony/command/settings.hpp"

namespace parsimony::command {
namespace {

using ::testing::HasSubstr;

/// Every bad-*.yaml names in its first line what the message must hold.
TEST(ProblemFile, RefusesEachBadFileWithItsMessage) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PARSIMONY_TEST_DIR "/problems")) {
    std::ifstream file(entry.path());
    std::string line;
    std::getline(file, line);
    const std::string expected = line.substr(std::string("# expect: ").size());
    try {
      read_problem_file(entry.path());
      ADD_FAILURE() << entry.path() << " was accepted";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(expected)) << entry.path();
      EXPECT_THAT(error.what(), HasSubstr(entry.path().filename().string()));
    }
    ++files;
  }
  EXPECT_GE(files, 30);
}

constexpr const char* kFull = R"(
parameters:
  - {name: x, type: float, low: 1e-3, high: 1, log: true}
  - {name: layers, type: int, low: 1, high: 8}
  - {name: activation, type: categorical, choices: [relu, tanh]}
objectives:
  - {name: loss, reference: 1.5}
  - {name: gain, goal: maximise, reference: -3}
constraints: [{name: c1}, {name: c2}]
command: [python3, problem.py]
directory: scripts
timeout: 1.5 min
retries: 2
trials: 12
initial: 3
workers: 4
seed: 7
solver: {name: ars, directions: 30}
schedule: eager
hours: 1.5
)";

TEST(ProblemFile, JsonHoldsAllThatTheFileSays) {
  const auto json = nlohmann::json::parse(to_json(read_problem_text(kFull, "p.yaml")));
  EXPECT_EQ(json, nlohmann::json::parse(R"({
    "kind": "optimise",
    "parameters": [{"name": "x", "type": "float", "low": 1e-3, "high": 1.0, "log": true},
                   {"name": "layers", "type": "int", "low": 1, "high": 8, "log": false},
                   {"name": "activation", "type": "categorical", "choices": ["relu", "tanh"]}],
    "objectives": [{"name": "loss", "goal": "minimise", "reference": 1.5},
                   {"name": "gain", "goal": "maximise", "reference": -3.0}],
    "constraints": [{"name": "c1"}, {"name": "c2"}],
    "command": ["python3", "problem.py"], "directory": "scripts", "timeout": 90.0, "retries": 2,
    "trials": 12, "initial": 3, "workers": 4, "seed": 7,
    "solver": {"name": "ars", "directions": "30"}, "schedule": "eager", "hours": 1.5})"));
}

TEST(ProblemFile, DefaultsAreOneRunAtATimeWithoutTimeoutOrRetries) {
  const Settings settings = read_problem_text(
      "parameters: [{name: x, type: int, low: 0, high: 1}]\nobjectives: [{name: f}]\ncommand: [a]\n",
      "p.yaml");
  EXPECT_EQ(settings.workers, 1);
  EXPECT_EQ(settings.trials, 100);
  EXPECT_EQ(settings.initial, 10);
  EXPECT_EQ(settings.retries, 0);
  EXPECT_TRUE(std::isinf(settings.timeout));
}

TEST(Problem, MinimisesTheNegativeOfWhatIsMaximised) {
  const solver::Problem problem = problem_of(read_problem_text(kFull, "p.yaml"));
  EXPECT_EQ(problem.objectives.at(0).reference, 1.5);
  EXPECT_EQ(problem.objectives.at(1).reference, 3.0);
  EXPECT_EQ(problem.constraints.size(), 2u);
  EXPECT_EQ(problem.space.dimension(), 3);
}

}  // namespace
}  // namespace parsimony::command
