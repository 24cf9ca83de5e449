#include "parsimony/ir/draw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "random_graph.hpp"

namespace parsimony::ir {
namespace {

using ::testing::HasSubstr;

int count(const std::string& text, const std::string& part) {
  int times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

/// Pairs of a tensor and an operator that reads it.
int reads(const Graph& graph) {
  int pairs = 0;
  for (const Operator& op : graph.operators)
    for (std::size_t k = 0; k < op.inputs.size(); ++k)
      pairs += std::find(op.inputs.begin(), op.inputs.begin() + static_cast<std::ptrdiff_t>(k),
                         op.inputs[k]) == op.inputs.begin() + static_cast<std::ptrdiff_t>(k);
  return pairs;
}

TEST(DrawnGraph, HasABoxForEachOperatorAndAnArrowForEachRead) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Graph graph = test::random_graph(seed, {.operators = 10});
    const std::string svg = drawn_as_svg(graph);
    EXPECT_EQ(count(svg, "<rect"), static_cast<int>(graph.operators.size()) + 2)
        << seed;  // the input, the page
    EXPECT_EQ(count(svg, "class=\"head\""), reads(graph)) << seed;
    for (const Operator& op : graph.operators)
      EXPECT_THAT(svg, HasSubstr(op.name + ": " + std::string(kind_name(op.kind))));
    for (const Tensor& tensor : graph.tensors) EXPECT_THAT(svg, HasSubstr(tensor.name + " [")) << seed;
  }
}

TEST(DrawnGraph, EscapesNames) {
  Graph graph = test::random_graph(1);
  graph.name = "a < b & \x01";
  EXPECT_THAT(drawn_as_svg(graph, ": lowered"), HasSubstr("a &lt; b &amp; ?: lowered"));
}

}  // namespace
}  // namespace parsimony::ir
