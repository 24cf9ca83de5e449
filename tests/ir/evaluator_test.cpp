#include "parsimony/ir/evaluator.hpp"

#include <gtest/gtest.h>

#include <set>

#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/verify.hpp"
#include "random_graph.hpp"

namespace parsimony::ir {
namespace {

using test::random_graph;
using test::random_values;

/// Every tensor made the output in turn would be slow; the last operator sees them all but dead ends.
void expect_equal(const Graph& graph, std::uint64_t seed, std::int64_t samples, VectorUnit unit) {
  const std::int64_t in = graph.tensor(graph.input).elements(), out = graph.tensor(graph.output).elements();
  const auto inputs = random_values(seed, samples * in);
  std::vector<std::int8_t> outputs(static_cast<std::size_t>(samples * out), 0), expected;
  for (std::int64_t s = 0; s < samples; ++s) {
    const auto one = interpret(
        graph, std::span(inputs).subspan(static_cast<std::size_t>(s * in), static_cast<std::size_t>(in)));
    expected.insert(expected.end(), one.begin(), one.end());
  }
  Evaluator(graph, unit).run(inputs, samples, outputs);
  ASSERT_EQ(outputs, expected) << "seed " << seed;
}

TEST(RandomGraph, IsAlwaysValid) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) ASSERT_NO_THROW(verify(random_graph(seed))) << seed;
}

TEST(RandomGraph, SpreadsItsOutputsOverInt8) {
  std::set<std::int8_t> seen;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Graph graph = random_graph(seed);
    for (const std::int8_t value :
         interpret(graph, random_values(seed, graph.tensor(graph.input).elements())))
      seen.insert(value);
  }
  EXPECT_GT(seen.size(), 150u);
}

TEST(Evaluator, EqualsTheInterpreterOnRandomGraphs) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    ASSERT_NO_FATAL_FAILURE(
        expect_equal(random_graph(seed), seed, static_cast<std::int64_t>(seed % 4), VectorUnit::widest));
}

TEST(Evaluator, EqualsTheInterpreterOnGraphsThatRoundOnce) {
  int differ = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Graph graph = random_graph(seed, {.rounding = Rounding::once});
    ASSERT_NO_FATAL_FAILURE(expect_equal(graph, seed, 2, VectorUnit::widest));
    const auto input = random_values(seed, graph.tensor(graph.input).elements());
    const auto once = interpret_all(graph, input);
    graph.rounding = Rounding::twice;
    differ += once == interpret_all(graph, input) ? 0 : 1;
  }
  EXPECT_GT(differ, 10) << "the rounding must show";
}

TEST(Evaluator, EqualsTheInterpreterByAvx2) {
  for (std::uint64_t seed = 1000; seed < 1300; ++seed)
    ASSERT_NO_FATAL_FAILURE(expect_equal(random_graph(seed), seed, 2, VectorUnit::avx2));
}

TEST(Evaluator, EqualsTheInterpreterWithoutVectorUnits) {
  for (std::uint64_t seed = 300; seed < 500; ++seed)
    ASSERT_NO_FATAL_FAILURE(expect_equal(random_graph(seed), seed, 2, VectorUnit::portable));
}

TEST(Evaluator, EqualsTheInterpreterOnEveryTensorOfAGraph) {
  for (std::uint64_t seed = 500; seed < 530; ++seed) {
    Graph graph = random_graph(seed);
    graph.class_names.clear();
    for (const Operator& op : graph.operators) {
      graph.output = op.output;
      ASSERT_NO_FATAL_FAILURE(expect_equal(graph, seed, 2, VectorUnit::widest));
    }
  }
}

TEST(Evaluator, EqualsTheInterpreterOnWideChannels) {
  for (std::uint64_t seed = 600; seed < 630; ++seed)
    ASSERT_NO_FATAL_FAILURE(
        expect_equal(random_graph(seed, {.operators = 5, .max_channels = 200, .max_length = 6}), seed, 2,
                     VectorUnit::widest));
}

TEST(Evaluator, GivesTheSameBytesForAnyNumberOfSamplesAtATime) {
  const Graph graph = random_graph(7);
  const std::int64_t in = graph.tensor(graph.input).elements(), out = graph.tensor(graph.output).elements();
  const std::int64_t n = 150;
  const auto inputs = random_values(7, n * in);
  std::vector<std::int8_t> together(static_cast<std::size_t>(n * out)), apart(together.size());
  Evaluator evaluator(graph);
  evaluator.run(inputs, n, together);
  for (std::int64_t s = 0; s < n; ++s)
    evaluator.run(std::span(inputs).subspan(static_cast<std::size_t>(s * in), static_cast<std::size_t>(in)),
                  1,
                  std::span(apart).subspan(static_cast<std::size_t>(s * out), static_cast<std::size_t>(out)));
  EXPECT_EQ(together, apart);
}

}  // namespace
}  // namespace parsimony::ir
