#include "parsimony/command/result_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parsimony::command {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Settings two_and_one() {
  Settings settings;
  settings.objectives = {{"f", false, 1.0}, {"g", true, 0.0}};
  settings.constraints = {"c"};
  return settings;
}

Failure failure_of(std::string_view output) {
  const auto result = read_result(output, two_and_one());
  EXPECT_TRUE(std::holds_alternative<Failure>(result)) << output;
  return std::holds_alternative<Failure>(result) ? std::get<Failure>(result) : Failure{};
}

TEST(ReadResult, TakesTheLastLineThatIsNotBlankInTheProblemsOrder) {
  const auto result = read_result(
      "epoch 1\n{\"objectives\": {\"f\": 9}}\r\n "
      "{\"note\": \"NaN\", \"objectives\": {\"g\": 2, \"f\": -1.5e-3}, \"constraints\": {\"c\": 0}} \r\n\n "
      "\n",
      two_and_one());
  ASSERT_TRUE(std::holds_alternative<Values>(result)) << std::get<Failure>(result).reason;
  EXPECT_THAT(std::get<Values>(result).objectives, ElementsAre(-1.5e-3, 2.0));
  EXPECT_THAT(std::get<Values>(result).constraints, ElementsAre(0.0));
}

TEST(ReadResult, SaysWhatIsWrongWithALine) {
  for (const auto& [output, code, reason] : std::vector<std::array<const char*, 3>>{
           {"", "no-result", "nothing"},
           {"\n \n", "no-result", "nothing"},
           {"done", "no-result", "done"},
           {"[1, 2]", "no-result", "[1, 2]"},
           {R"({"f": 1, "g": 2})", "no-result", "objectives"},
           {R"({"objectives": [1, 2]})", "no-result", "objectives"},
           {R"({"objectives": {"f": 1, "g": 2}} trailing)", "no-result", "trailing"},
           {R"({"objectives": {"f": 1}, "constraints": {"c": 0}})", "missing-objective", "\"g\""},
           {R"({"objectives": {"f": 1, "g": 2, "ff": 3}, "constraints": {"c": 0}})", "unknown-objective",
            "did you mean 'f'"},
           {R"({"objectives": {"f": 1, "g": 2}})", "missing-constraint", "\"c\""},
           {R"({"objectives": {"f": 1, "g": 2}, "constraints": {"c": 0, "d": 0}})", "unknown-constraint",
            "d"},
           {R"({"objectives": {"f": NaN, "g": 2}, "constraints": {"c": 0}})", "not-finite", "objectives.f"},
           {R"({"objectives": {"f": 1, "g": -Infinity}, "constraints": {"c": 0}})", "not-finite",
            "objectives.g"},
           {R"({"objectives": {"f": 1, "g": "2"}, "constraints": {"c": 0}})", "not-finite", "objectives.g"},
           {R"({"objectives": {"f": true, "g": 2}, "constraints": {"c": 0}})", "not-finite", "objectives.f"},
           {R"({"objectives": {"f": 1, "g": 2}, "constraints": {"c": nan}})", "not-finite",
            "constraints.c"}}) {
    const Failure failure = failure_of(output);
    EXPECT_EQ(failure.code, code) << output;
    EXPECT_EQ(failure.stage, "result");
    EXPECT_THAT(failure.reason, HasSubstr(reason)) << output;
  }
}

TEST(LastLine, IsWithoutTheWhiteSpaceAroundIt) {
  EXPECT_EQ(last_line("a\n  b c \n\n"), "b c");
  EXPECT_EQ(last_line("a\rb"), "b");
  EXPECT_EQ(last_line(" \n"), "");
  EXPECT_EQ(last_line("one"), "one");
}

}  // namespace
}  // namespace parsimony::command
