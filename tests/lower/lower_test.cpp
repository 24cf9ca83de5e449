#include "parsimony/lower/lower.hpp"

#include <gtest/gtest.h>

#include "../ir/random_graph.hpp"
#include "parsimony/base/errors.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/lower/passes.hpp"

namespace parsimony::lower {
namespace {

using ir::OperatorKind;
using test::random_graph;

/// x -> table -> … -> table, `count` of them; the first result read a second time when `shared`.
ir::Graph tables(int count, bool shared = false) {
  ir::Graph graph = random_graph(1, {.operators = 1, .two_dimensions = false, .rank_one_input = false});
  const std::vector<std::int32_t> shape = graph.tensor(graph.input).shape;
  graph.tensors.resize(1);
  graph.operators.clear();
  graph.class_names.clear();
  const auto add = [&](OperatorKind kind, std::vector<ir::TensorId> inputs) {
    const std::string number = std::to_string(graph.operators.size());
    graph.tensors.push_back({"t" + number, shape, {0.5f, 3}});
    ir::Operator op;
    op.kind = kind;
    op.name = "op" + number;
    op.inputs = std::move(inputs);
    op.output = graph.output = static_cast<ir::TensorId>(graph.tensors.size() - 1);
    if (kind == OperatorKind::table) op.table = test::random_values(graph.operators.size(), 256);
    graph.operators.push_back(op);
  };
  for (int k = 0; k < count; ++k) add(OperatorKind::table, {static_cast<ir::TensorId>(k)});
  if (shared) add(OperatorKind::multiply, {graph.output, ir::TensorId{1}});
  return graph;
}

TEST(Lower, NeverChangesWhatAGraphComputes) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto rounding = seed % 4 == 0 ? ir::Rounding::once : ir::Rounding::twice;
    const ir::Graph graph = random_graph(seed, {.operators = 10, .rounding = rounding});
    const auto input = test::random_values(seed, graph.tensor(graph.input).elements());
    EXPECT_EQ(ir::interpret(lower(graph), input), ir::interpret(graph, input)) << seed;
  }
}

TEST(Lower, LowersASkeletonToTheShapesOfTheTrainedGraph) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = random_graph(seed, {.operators = 10});
    EXPECT_EQ(lower(test::skeleton_of(graph)), test::skeleton_of(lower(graph))) << seed;
  }
}

TEST(Lower, ShowsTheGraphGivenAndWhatEachPassMadeOfIt) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = random_graph(seed, {.operators = 10});
    std::vector<std::string> passes;
    ir::Graph last;
    const ir::Graph lowered = lower(graph, [&](std::string_view pass, const ir::Graph& now) {
      if (passes.empty()) {
        EXPECT_EQ(now, graph);
      }
      ir::verify(now, pass);
      passes.emplace_back(pass);
      last = now;
    });
    ASSERT_EQ(passes.size(), lowering().size() + 1);
    EXPECT_EQ(passes.front(), "imported");
    for (std::size_t k = 0; k < lowering().size(); ++k) EXPECT_EQ(passes[k + 1], lowering()[k].name);
    EXPECT_EQ(last, lowered) << seed;
  }
}

TEST(Lower, IsDoneAfterOneTurn) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph once = lower(random_graph(seed, {.operators = 10}));
    EXPECT_EQ(lower(once), once) << seed;
  }
}

TEST(Lower, LeavesNoTensorUnusedButTheInput) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ir::Graph graph = lower(random_graph(seed, {.operators = 10}));
    EXPECT_EQ(graph.tensors.size(), graph.operators.size() + 1);
    std::vector<bool> read(graph.tensors.size(), false);
    for (const ir::Operator& op : graph.operators)
      for (const ir::TensorId id : op.inputs) read[static_cast<std::size_t>(id)] = true;
    for (std::size_t id = 0; id < read.size(); ++id)
      EXPECT_TRUE(read[id] || static_cast<ir::TensorId>(id) == graph.output ||
                  static_cast<ir::TensorId>(id) == graph.input);
  }
}

TEST(Lower, FoldsAChainOfTablesIntoOne) {
  const ir::Graph graph = tables(4), lowered = lower(graph);
  EXPECT_EQ(lowered.operators.size(), 1u);
  EXPECT_EQ(lowered.tensors.size(), 2u);
  const auto input = test::random_values(5, graph.tensor(graph.input).elements());
  EXPECT_EQ(ir::interpret(lowered, input), ir::interpret(graph, input));
}

TEST(Lower, LeavesATableAloneWhoseInputSomeoneElseReads) {
  const ir::Graph graph = tables(2, true);
  EXPECT_EQ(lower(graph), graph);
}

TEST(SettleConstantChannels, KeepsEveryByteAndLeavesNoAccumulatorOver2To29WhereTheOutputIsOneValue) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    ir::Graph graph = random_graph(seed);
    for (ir::Operator& op : graph.operators)
      if (ir::has_weights(op.kind)) {
        op.bias[0] = seed % 2 == 0 ? 1 << 30 : -(1 << 30);
        if (op.weight_scales[0] > 1e-3f) op.weight_scales[0] = 1e-3f;
      }
    const ir::Graph settled = settle_constant_channels(graph);
    for (const ir::Operator& op : settled.operators)
      if (ir::has_weights(op.kind)) {
        EXPECT_LT(std::abs(op.bias[0]), 1 << 29) << seed << ' ' << op.name;
      }
    const auto input = test::random_values(seed, graph.tensor(graph.input).elements());
    EXPECT_EQ(ir::interpret(graph, input), ir::interpret(settled, input)) << seed;
  }
}

TEST(FoldReshapes, LetsLinearLayersReadPastThem) {
  ir::Graph graph;
  graph.name = "flat";
  graph.tensors = {{"x", {2, 3}, {1.0f, 0}}, {"flat", {6}, {1.0f, 0}}, {"y", {1}, {1.0f, 0}}};
  graph.normalisation = {{0.0f}, {1.0f}};
  ir::Operator reshape, linear;
  reshape.kind = ir::OperatorKind::reshape;
  reshape.name = "reshape";
  reshape.inputs = {ir::TensorId{0}};
  reshape.output = ir::TensorId{1};
  linear.kind = ir::OperatorKind::fully_connected;
  linear.name = "linear";
  linear.inputs = {ir::TensorId{1}};
  linear.output = graph.output = ir::TensorId{2};
  linear.weights = {1, 2, 3, 4, 5, 6};
  linear.weight_scales = {1.0f};
  linear.bias = {0};
  graph.operators = {reshape, linear};
  const ir::Graph lowered = lower(graph);
  EXPECT_EQ(lowered.operators.size(), 1u);
  EXPECT_EQ(lowered.tensors.size(), 2u);
}

TEST(Lower, RefusesAnInvalidGraph) {
  ir::Graph graph = random_graph(1);
  graph.operators[0].name = "no identifier";
  EXPECT_THROW(lower(graph), InputError);
}

TEST(Lowering, NamesItsPassesInOrder) {
  std::vector<std::string> names;
  for (const Pass& pass : lowering()) names.emplace_back(pass.name);
  EXPECT_EQ(names, (std::vector<std::string>{"fold-reshapes", "drop-unused", "fold-tables", "drop-folded",
                                             "settle-constant-channels"}));
}

}  // namespace
}  // namespace parsimony::lower
