#include "parsimony/cli/predictions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "parsimony/base/errors.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/cli/predicted_text.hpp"

namespace parsimony::cli {
namespace {

using ir::OperatorKind;
using ::testing::HasSubstr;

/// One operator from `inputs` values to an output of that quantisation.
ir::Graph graph_of(OperatorKind kind, std::int32_t inputs, std::int32_t outputs,
                   ir::Quantisation quantisation) {
  ir::Graph graph;
  graph.tensors = {{.name = "input", .shape = {inputs}, .quantisation = {1.0f, 0}},
                   {.name = "output", .shape = {outputs}, .quantisation = quantisation}};
  graph.output = ir::TensorId{1};
  ir::Operator op;
  op.kind = kind;
  op.inputs = {ir::TensorId{0}};
  op.output = ir::TensorId{1};
  graph.operators = {op};
  return graph;
}

TEST(Predictions, OfLogitsAreTheirSoftmaxWhateverTheScale) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    RandomStream random(seed, 0, "test.predictions");
    const auto classes = static_cast<std::int32_t>(2 + random.below(6));
    const auto scale = static_cast<float>(std::exp(2.0 * random.normal()));
    const ir::Graph graph = graph_of(OperatorKind::fully_connected, 3, classes,
                                     {scale, static_cast<std::int32_t>(random.below(100))});
    std::vector<std::int8_t> output;
    for (std::int32_t k = 0; k < classes; ++k)
      output.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128));
    const Predictions predictions = predictions_of(graph, output, {""});
    const Prediction& one = predictions.cases.at(0);
    EXPECT_NEAR(std::accumulate(one.probabilities.begin(), one.probabilities.end(), 0.0), 1.0, 1e-12);
    for (std::int32_t k = 0; k < classes; ++k) {
      const double ratio =
          std::exp(static_cast<double>(scale) *
                   (output[static_cast<std::size_t>(k)] - output[static_cast<std::size_t>(one.predicted)]));
      EXPECT_NEAR(one.probabilities[static_cast<std::size_t>(k)], *one.confidence() * ratio, 1e-12);
      EXPECT_LE(output[static_cast<std::size_t>(k)], output[static_cast<std::size_t>(one.predicted)]);
    }
  }
}

TEST(Predictions, OfASoftmaxAreItsOwnProbabilities) {
  const ir::Graph graph = graph_of(OperatorKind::softmax, 2, 2, {1.0f / 256.0f, -128});
  const Prediction one = predictions_of(graph, std::vector<std::int8_t>{-64, 63}, {""}).cases.at(0);
  EXPECT_EQ(one.predicted, 1);
  EXPECT_DOUBLE_EQ(one.probabilities[0], 0.25);
  EXPECT_DOUBLE_EQ(*one.confidence(), 191.0 / 256.0);
}

TEST(Predictions, OfAnArgmaxAreItsClassWithoutConfidence) {
  const ir::Graph graph = graph_of(OperatorKind::argmax, 5, 1, {1.0f, -128});
  const Predictions predictions = predictions_of(graph, std::vector<std::int8_t>{-124, -128}, {"4", ""});
  EXPECT_EQ(predictions.class_names.size(), 5u);
  EXPECT_EQ(predictions.cases[0].predicted, 4);
  EXPECT_EQ(predictions.cases[0].label, 4);
  EXPECT_EQ(predictions.cases[1].predicted, 0);
  EXPECT_FALSE(predictions.cases[0].confidence().has_value());
  EXPECT_THROW(predictions_of(graph_of(OperatorKind::argmax, 6, 2, {1.0f, -128}),
                              std::vector<std::int8_t>{0, 0}, {""}),
               InputError);
}

/// Three classes; cases labelled a, b, b, none and with a label that no class has.
Predictions sample() {
  ir::Graph graph = graph_of(OperatorKind::fully_connected, 3, 3, {0.1f, 0});
  graph.class_names = {"a", "b", "c, or d"};
  const std::vector<std::int8_t> outputs{9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 9, 9, 9, 9};
  return predictions_of(graph, outputs, {"a", "b", "b", "", "zebra"});
}

TEST(Predictions, AreScoredWhereTheLabelIsAClassOfTheNetwork) {
  const Predictions predictions = sample();
  EXPECT_EQ(predictions.labelled(), 3);
  EXPECT_DOUBLE_EQ(*predictions.accuracy(), 2.0 / 3.0);
  EXPECT_EQ(predictions.confusion(),
            (std::vector<std::vector<std::int64_t>>{{1, 0, 0}, {0, 1, 1}, {0, 0, 0}}));
  EXPECT_EQ(predictions.counts(), (std::vector<std::int64_t>{2, 2, 1}));  // the first among equals
  EXPECT_EQ(predictions.unknown_labels, std::vector<std::string>{"zebra"});
  EXPECT_FALSE(predictions_of(graph_of(OperatorKind::fully_connected, 3, 3, {0.1f, 0}),
                              std::vector<std::int8_t>{1, 2, 3}, {""})
                   .accuracy()
                   .has_value());
}

TEST(PredictedText, SaysTheSameInEveryForm) {
  data::NamedCases cases;
  cases.labels = {"a", "b", "b", "", "zebra"};
  cases.places = {"a.csv", "b.csv", "b.csv", "x.csv", "z.csv"};
  cases.starts = {0, 0, 50, 0, 0};
  cases.data.rate = 25.0;
  const std::string text = predictions_text(sample(), cases);
  EXPECT_THAT(text, HasSubstr("b.csv +2 s  c, or d"));
  EXPECT_THAT(text, HasSubstr("(labelled b)"));
  EXPECT_THAT(text, HasSubstr("accuracy 66.7 % of 3 labelled cases, macro F1 0.556"));
  EXPECT_THAT(text, HasSubstr("cases labelled zebra, which the network does not know"));
  const std::string csv = predictions_csv(sample(), cases);
  EXPECT_THAT(csv, HasSubstr("place,start,label,class,confidence,probability of a,"));
  EXPECT_THAT(csv, HasSubstr("b.csv,50,b,\"c, or d\",0."));
  const auto json = predictions_json(sample(), cases);
  EXPECT_EQ(json["accuracy"], 2.0 / 3.0);
  EXPECT_EQ(json["cases"].size(), 5u);
  EXPECT_EQ(json["cases"][2]["class"], "c, or d");
  EXPECT_EQ(json["cases"][2]["start"], 50);
  EXPECT_TRUE(json["cases"][3]["label"].is_null());
}

}  // namespace
}  // namespace parsimony::cli
