// What a resumed study rests on: a process that knows nothing but the rows proposes what the process that
// made them proposed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "parsimony/base/process.hpp"
#include "support.hpp"

namespace parsimony::solver {
namespace {

using nlohmann::json;

constexpr std::uint64_t kSeed = 11;

/// Rows as a store keeps them: text that reads back to the same bits.
json as_json(std::span<const Trial> history) {
  json rows = json::array();
  for (const Trial& trial : history)
    rows.push_back({{"number", trial.number},
                    {"point", trial.point},
                    {"complete", trial.state == State::complete},
                    {"objectives", trial.objectives},
                    {"constraints", trial.constraints},
                    {"record", trial.record}});
  return rows;
}

std::vector<Trial> from_json(const json& rows) {
  std::vector<Trial> history;
  for (const json& row : rows)
    history.push_back({row["number"],
                       row["point"],
                       row["complete"].get<bool>() ? State::complete : State::infeasible,
                       row["objectives"],
                       row["constraints"],
                       row["record"],
                       {}});
  return history;
}

std::string as_text(const std::vector<double>& point, const std::string& record) {
  std::string text = "answer";
  for (const double x : point) text += " " + std::to_string(std::bit_cast<std::uint64_t>(x));
  return text + " " + record + " end";
}

/// The next proposals, a line each.
std::string answer_to(const std::string& name, std::span<const Trial> history, int count, int threads) {
  const Question question{history, {}, count, static_cast<int>(history.size()) + 1, kSeed};
  std::string text;
  const Answer answer = make_solver(name, quick(name, threads)).ask(of_every_kind().problem, question);
  for (const Proposal& proposal : answer.proposals) text += as_text(proposal.point, proposal.record) + "\n";
  return text;
}

class FreshProcess : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Of, FreshProcess, testing::ValuesIn(solver_names()), [](const auto& instance) {
  std::string name = instance.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

/// The other process: rows on standard input, the next proposal and the next two on standard output.
TEST_P(FreshProcess, DISABLED_PrintsItsAnswer) {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const std::vector<Trial> history = from_json(json::parse(text));
  for (const int count : {1, 2}) std::puts(answer_to(GetParam(), history, count, 2).c_str());
}

TEST_P(FreshProcess, ProposesWhatTheProcessProposedThatMadeAllEarlierAsks) {
  const std::vector<Trial> history =
      run(of_every_kind(), make_solver(GetParam(), quick(GetParam())), 20, kSeed, 8);
  std::string filter = testing::UnitTest::GetInstance()->current_test_info()->name();
  filter = "--gtest_filter=*FreshProcess.DISABLED_PrintsItsAnswer" + filter.substr(filter.find('/'));
  for (const std::size_t rows : {8u, 13u, 19u}) {
    ProcessOptions options;
    options.input = as_json(std::span(history).first(rows)).dump();
    const ProcessResult fresh =
        run_process({"/proc/self/exe", "--gtest_also_run_disabled_tests", filter}, options);
    EXPECT_THAT(fresh.output, testing::HasSubstr(as_text(history[rows].point, history[rows].record)));
    EXPECT_THAT(fresh.output,
                testing::HasSubstr(answer_to(GetParam(), std::span(history).first(rows), 2, 1)));
  }
}

}  // namespace
}  // namespace parsimony::solver
