#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parsimony/base/errors.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"

namespace parsimony::ir {
namespace {

using testing::HasSubstr;

/// x [6, 4] -> a, b: convolutions of kernel 1 over its halves; z [6, 4]: both.
Graph halves() {
  const auto operators = [](const std::string& name, const char* begin, const char* constants) {
    return "operator slice rows_" + name + "\n  read x\n  write x_" + name + "\n  clamp -128 127\n  begin " +
           begin + "\noperator convolution conv_" + name + "\n  read x_" + name + "\n  write " + name +
           "\n  window kernel 1 stride 1 pad 0 0\n  clamp -128 127\n" + constants;
  };
  std::string text = "parsimony-graph 1 rounding double\nname \"halves\"\n";
  for (const char* tensor :
       {"x shape 6", "x_a shape 3", "x_b shape 3", "a shape 3", "b shape 3", "z shape 6"})
    text += std::string("tensor ") + tensor + " 4 scale 0.5 zero_point 3\n";
  text += "input x\noutput z\nmean 1\n 0\ndivisor 1\n 1\n";
  text += operators(
      "a", "0",
      "  weight_scales 4\n 1 1 1 1\n  bias 4\n 1 2 3 4\n  weights 16\n 01000000000100000000010000000001\n");
  text += operators("b", "3", "  constants_of conv_a\n");
  return from_text(text + "operator join both\n  read a b\n  write z\n  clamp -128 127\nend\n", "halves");
}

std::string refusal(const Graph& graph) {
  try {
    from_text(to_text(graph), "text");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

Operator& find(Graph& graph, std::string_view name) {
  return *std::find_if(graph.operators.begin(), graph.operators.end(),
                       [&](const Operator& op) { return op.name == name; });
}

TEST(VerifyPatches, TakesRowsJoinsThemAndRepeatsConstants) {
  const Graph graph = halves();
  EXPECT_EQ(graph.operators[3].weights, graph.operators[1].weights);
  EXPECT_EQ(refusal(graph), "");
  std::vector<std::int8_t> input(24), output;
  for (std::size_t k = 0; k < input.size(); ++k) input[k] = static_cast<std::int8_t>(k);
  output = interpret(graph, input);
  for (std::size_t k = 0; k < input.size(); ++k)  // (x - 3) + bias, scale 0.5 · 1 / 0.5, + 3
    EXPECT_EQ(output[k], input[k] + 1 + static_cast<int>(k % 4));
}

TEST(VerifyPatches, RefusesRowsThatAreNotThere) {
  Graph graph = halves();
  find(graph, "rows_b").begin = 4;
  EXPECT_THAT(refusal(graph),
              HasSubstr("operator rows_b: takes 3 rows from row 4 on; allowed: rows of 0 to 5"));
}

TEST(VerifyPatches, RefusesSlicesAndPartsThatDoNotBeginAtAWord) {
  Graph graph = halves();
  for (Tensor& tensor : graph.tensors) tensor.shape[1] = 3;
  for (Operator& op : graph.operators) {
    if (op.kind != OperatorKind::convolution) continue;
    op.weights.resize(9);
    op.bias.resize(3);
    op.weight_scales.resize(3);
  }
  EXPECT_THAT(refusal(graph), HasSubstr("operator rows_b: begins at byte 9; allowed: a multiple of 4"));
  find(graph, "rows_b").begin = 0;
  EXPECT_THAT(refusal(graph), HasSubstr("operator both: has a part that begins at byte 9"));
}

TEST(VerifyPatches, RefusesToJoinWhatNoOperatorWritesOrOthersRead) {
  Graph graph = halves();
  find(graph, "both").inputs[1] = find(graph, "rows_b").output;
  EXPECT_THAT(refusal(graph), HasSubstr("operator both: joins 'x_b', which no operator writes"));
  graph = halves();
  find(graph, "both").inputs[1] = find(graph, "conv_a").output;
  EXPECT_THAT(refusal(graph), HasSubstr("operator both: joins 'a', which others read too"));
}

TEST(VerifyPatches, RefusesConstantsOfAnOperatorThatHasOthers) {
  Graph graph = halves();
  find(graph, "conv_b").constants_of = "conv_c";
  EXPECT_THAT(refusal(graph), HasSubstr("no operator before is named 'conv_c'"));
  find(graph, "conv_b").constants_of = "rows_a";
  EXPECT_THAT(refusal(graph), HasSubstr("operator conv_b: has the constants of 'rows_a'"));
  graph = halves();
  graph.tensor(find(graph, "conv_b").output).quantisation.scale = 0.25f;
  graph.tensor(graph.output).quantisation.scale = 0.25f;
  EXPECT_THAT(refusal(graph), HasSubstr("operator conv_b: has the constants of 'conv_a'"));
}

}  // namespace
}  // namespace parsimony::ir
