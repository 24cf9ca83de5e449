#include "parsimony/evaluate/network_evaluator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "parsimony/evaluate/score.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::evaluate {
namespace {

search::NetworkSearch short_search(const std::string& more = "") {
  return search::prepare(search::read_study_text(R"(
data: {format: motions}
network: {name: dscnn-se-1d, width: 6}
space:
  - {name: epochs, value: 2}
  - {name: batch_size, value: 64}
  - {name: learning_rate, value: 0.05}
)" + more,
                                                 "test"),
                         {}, "test");
}

study::Job job_of(const search::NetworkSearch& search, int trial = 1) {
  study::Job job;
  job.trial = trial;
  job.configuration = search.problem.space.decode(
      std::vector<double>(static_cast<std::size_t>(search.problem.space.dimension()), 0.5));
  return job;
}

const study::KeepGoing kAlways = [] { return true; };

TEST(NetworkEvaluator, TheSameJobGivesTheSameOutcome) {
  NetworkEvaluator one(short_search()), other(short_search());
  const study::Job job = job_of(short_search());
  const study::Outcome first = one.evaluate(job, kAlways), second = other.evaluate(job, kAlways);
  EXPECT_EQ(first.objectives, second.objectives);
  ASSERT_EQ(first.artefacts.size(), 1u);
  EXPECT_EQ(first.artefacts[0].bytes, second.artefacts[0].bytes);
}

TEST(NetworkEvaluator, TellsEachEpoch) {
  std::vector<std::string> told;
  const study::KeepGoing keep_going([] { return true; },
                                    [&](const std::string& stage) { told.push_back(stage); });
  NetworkEvaluator(short_search()).evaluate(job_of(short_search()), keep_going);
  EXPECT_THAT(told, testing::ElementsAre(testing::StartsWith("epoch 1 of 2, loss "),
                                         testing::StartsWith("epoch 2 of 2, loss ")));
}

TEST(NetworkEvaluator, CostsAreTheProblemsExactOnes) {
  const search::NetworkSearch search = short_search();
  const study::Job job = job_of(search);
  const study::Outcome outcome = NetworkEvaluator(short_search()).evaluate(job, kAlways);
  const solver::Costs costs = search.problem.costs.exact(search.problem.space.encode(job.configuration));
  ASSERT_EQ(outcome.objectives.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(outcome.objectives[i + 1], costs.objectives[i]);
}

TEST(NetworkEvaluator, TheFinalJobScoresTheTestSplitWithTheStoredNetwork) {
  NetworkEvaluator evaluator(short_search());
  study::Job job = job_of(short_search());
  study::Outcome trial = evaluator.evaluate(job, kAlways);
  job.purpose = study::kFinal;
  job.artefacts = trial.artefacts;
  const study::Outcome final = evaluator.evaluate(job, kAlways);
  EXPECT_EQ(final.state, study::State::complete);
  EXPECT_TRUE(final.artefacts.empty());
  EXPECT_NE(final.metrics.find("test_accuracy"), std::string::npos);
  job.purpose = kDeploy;
  EXPECT_EQ(evaluator.evaluate(job, kAlways).metrics.find("test_accuracy"), std::string::npos);
}

TEST(NetworkEvaluator, ARepeatTrainsByItsOwnKeysAndKeepsNoNetwork) {
  NetworkEvaluator evaluator(short_search());
  study::Job job = job_of(short_search());
  const auto repeat = [&](const std::string& purpose) {
    job.purpose = purpose;
    const study::Outcome outcome = evaluator.evaluate(job, kAlways);
    EXPECT_EQ(outcome.state, study::State::complete);
    EXPECT_TRUE(outcome.artefacts.empty());
    EXPECT_TRUE(outcome.objectives.empty());
    return outcome.metrics;
  };
  const std::string first = repeat("repeat/1"), second = repeat("repeat/2");
  EXPECT_NE(first, second);
  EXPECT_EQ(first, repeat("repeat/1"));
  for (const char* name : {"validation_accuracy", "\"confusion\"", "test_accuracy", "test_confusion"})
    EXPECT_NE(first.find(name), std::string::npos) << name;
  EXPECT_EQ(first.find("diverged"), std::string::npos);
}

TEST(NetworkEvaluator, ADivergedNetworkIsCompleteWithErrorOne) {
  // Weight decay that overshoots: each step multiplies the weights by about -9.
  search::StudySettings settings = short_search("  - {name: weight_decay, value: 0.99}\n").settings;
  for (search::Override& one : settings.space.overrides) {
    auto* fixed = std::get_if<search::Fixed>(&one.setting);
    if (fixed != nullptr && fixed->name == "learning_rate") fixed->value = 10.0;
    if (fixed != nullptr && fixed->name == "epochs") fixed->value = std::int64_t{20};
  }
  const search::NetworkSearch hot = search::prepare(settings, {}, "test");
  const study::Outcome outcome =
      NetworkEvaluator(search::prepare(settings, {}, "test")).evaluate(job_of(hot), kAlways);
  EXPECT_EQ(outcome.state, study::State::complete);
  EXPECT_EQ(outcome.objectives.at(0), 1.0);
  EXPECT_EQ(outcome.code, "diverged");
  EXPECT_FALSE(outcome.reason.empty());
  EXPECT_TRUE(outcome.artefacts.empty());
}

TEST(Score, EqualsTheReferenceInterpreterCaseByCase) {
  const search::NetworkSearch search = short_search();
  const study::Outcome outcome = NetworkEvaluator(short_search()).evaluate(job_of(search), kAlways);
  const ir::Graph graph = ir::from_text(outcome.artefacts.at(0).bytes, "graph");
  std::vector<std::int32_t> first(70);
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<std::int32_t>(i * 5);
  const data::Dataset cases = data::subset(search.data.test, first);
  const Score score = score_graph(graph, cases);
  std::int64_t correct = 0, counted = 0;
  std::vector<std::int8_t> input(static_cast<std::size_t>(cases.case_size()));
  for (std::int64_t i = 0; i < cases.size(); ++i) {
    ir::quantise_input(graph, cases.case_values(i), input);
    const auto logits = ir::interpret(graph, input);
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    correct += best == cases.labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  for (const std::int64_t count : score.confusion) counted += count;
  EXPECT_EQ(score.correct, correct);
  EXPECT_EQ(counted, cases.size());
  EXPECT_TRUE(std::isfinite(score.cross_entropy()));
}

}  // namespace
}  // namespace parsimony::evaluate
