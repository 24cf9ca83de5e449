#include "parsimony/lower/patches.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/text.hpp"
#include "parsimony/ir/verify.hpp"
#include "random_cut.hpp"

namespace parsimony::lower {
namespace {

TEST(CutIntoBands, LeavesTheNetworkValidAndItsOutputsTheSameBytes) {
  int cuts = 0;
  test::for_each_cut(300, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& graph = random.graph;
    const ir::Graph& cut = random.cut;
    ir::verify(cut);
    const auto input = test::random_values(seed, graph.tensor(graph.input).elements());
    const std::vector<std::int8_t> expected = ir::interpret(graph, input);
    ASSERT_EQ(ir::interpret(cut, input), expected) << seed;
    std::vector<std::int8_t> evaluated(expected.size());
    ir::Evaluator(cut).run(input, 1, evaluated);
    ASSERT_EQ(evaluated, expected) << seed;
    cuts += static_cast<int>(random.segments.size());
  });
  EXPECT_GT(cuts, 200);
}

TEST(CutIntoBands, ReadsBackFromItsText) {
  test::for_each_cut(100, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& cut = random.cut;
    EXPECT_EQ(ir::from_text(ir::to_text(cut), "text"), cut) << seed;
    EXPECT_EQ(lower(cut), cut) << seed;
  });
}

/// Multiply-accumulates of a segment band by band, each row that a tap touches marked, and those between
/// them.
class CountedBands {
 public:
  CountedBands(const ir::Graph& graph, const Segment& segment) : graph_(graph), segment_(segment) {}

  std::int64_t macs(std::int32_t begin, std::int32_t end) {
    std::map<ir::TensorId, std::set<std::int32_t>> rows;
    for (std::int32_t row = begin; row < end; ++row) rows[op(segment_.last).output].insert(row);
    std::int64_t sum = 0;
    for (std::size_t k = segment_.last + 1; k-- > segment_.first;) {
      const std::set<std::int32_t>& made = rows[op(k).output];
      const std::int32_t first = *made.begin(), last = *made.rbegin();
      const std::int64_t height = graph_.tensor(op(k).output).shape[0];
      if (ir::has_weights(op(k).kind)) sum += ir::flops(graph_, op(k)) / 2 / height * (last - first + 1);
      for (const ir::TensorId input : op(k).inputs)
        for (std::int32_t row = first; row <= last; ++row) touch(op(k), row, input, rows[input]);
    }
    return sum;
  }

 private:
  const ir::Operator& op(std::size_t k) const { return graph_.operators[k]; }
  void touch(const ir::Operator& op, std::int32_t row, ir::TensorId input,
             std::set<std::int32_t>& rows) const {
    const ir::Window window = op.windows.empty() ? ir::Window{} : op.windows[0];
    for (std::int64_t tap = 0; tap < window.span(); ++tap) {
      const auto at = row * window.stride - window.pad_before + static_cast<std::int32_t>(tap);
      if (at >= 0 && at < graph_.tensor(input).shape[0]) rows.insert(at);
    }
  }
  const ir::Graph& graph_;
  const Segment& segment_;
};

TEST(CutIntoBands, RepeatsNoMoreThanTheExactHalo) {
  int with_halo = 0;
  test::for_each_cut(400, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& graph = random.graph;
    const ir::Graph& cut = random.cut;
    std::int64_t expected = ir::macs(graph);
    for (const Segment& segment : random.segments) {
      const ir::Operator& last = graph.operators[segment.last];
      CountedBands counted(graph, segment);
      for (std::size_t k = segment.first; k <= segment.last; ++k)
        if (ir::has_weights(graph.operators[k].kind)) expected -= ir::flops(graph, graph.operators[k]) / 2;
      std::int32_t begin = 0;
      for (const ir::Operator& join : cut.operators) {
        if (join.kind != ir::OperatorKind::join || join.name != last.name + "_join") continue;
        for (const ir::TensorId part : join.inputs) {
          const std::int32_t end = begin + cut.tensor(part).shape[0];
          expected += counted.macs(begin, end);
          begin = end;
        }
      }
    }
    EXPECT_EQ(ir::macs(cut), expected) << seed;
    with_halo += ir::macs(cut) > ir::macs(graph) ? 1 : 0;
  });
  EXPECT_GT(with_halo, 100);
}

TEST(CutIntoBands, HasEachSetOfConstantsOnce) {
  test::for_each_cut(100, [&](std::uint64_t seed, const test::RandomCut& random) {
    const ir::Graph& graph = random.graph;
    const ir::Graph& cut = random.cut;
    const auto owners = [](const ir::Graph& of) {
      return std::ranges::count_if(of.operators, [](const ir::Operator& op) {
        return op.constants_of.empty() && (!op.weights.empty() || !op.table.empty());
      });
    };
    EXPECT_EQ(owners(cut), owners(graph)) << seed;
  });
}

/// conv [8, 4, 2] -> [8, 4, 2], add of input and that.
ir::Graph residual() {
  ir::Graph graph;
  graph.name = "residual";
  graph.tensors = {{"x", {8, 4, 2}, {}}, {"y", {8, 4, 2}, {}}, {"z", {8, 4, 2}, {}}};
  ir::Operator convolution, sum;
  convolution.name = "conv";
  convolution.inputs = {ir::TensorId{0}};
  convolution.output = ir::TensorId{1};
  convolution.windows = {{3, 1, 1, 1}, {3, 1, 1, 1}};
  sum.kind = ir::OperatorKind::add;
  sum.name = "sum";
  sum.inputs = {ir::TensorId{0}, ir::TensorId{1}};
  sum.output = graph.output = ir::TensorId{2};
  graph.operators = {convolution, sum};
  return graph;
}

TEST(CutIntoBands, SlicesEachReadersRowsOfAResidualInput) {
  const ir::Graph cut = *cut_into_bands(residual(), std::vector<Segment>{{0, 1, 2}});
  std::map<std::string, std::pair<std::int32_t, std::int32_t>> slices;  // first row, rows
  for (const ir::Operator& op : cut.operators)
    if (op.kind == ir::OperatorKind::slice) slices[op.name] = {op.begin, cut.tensor(op.output).shape[0]};
  const std::map<std::string, std::pair<std::int32_t, std::int32_t>> expected{
      {"x_rows_0_5", {0, 5}}, {"x_rows_0_4", {0, 4}}, {"x_rows_3_8", {3, 5}}, {"x_rows_4_8", {4, 4}}};
  EXPECT_EQ(slices, expected);
}

TEST(CutIntoBands, RefusesMoreBandsThanRowsAndRowsThatDoNotBeginAtAWord) {
  EXPECT_FALSE(cut_into_bands(residual(), std::vector<Segment>{{0, 1, 9}}));
  ir::Graph odd = residual();
  for (ir::Tensor& tensor : odd.tensors) tensor.shape = {8, 3, 1};     // bands of 4 rows begin at words
  EXPECT_FALSE(cut_into_bands(odd, std::vector<Segment>{{0, 1, 2}}));  // but the halo begins at byte 9
}

TEST(CanBeCut, NeedsEveryOperatorToReachTheLastAlone) {
  ir::Graph graph = residual();
  EXPECT_TRUE(can_be_cut(graph, 0, 0));
  EXPECT_TRUE(can_be_cut(graph, 0, 1));
  graph.output = ir::TensorId{1};
  EXPECT_FALSE(can_be_cut(graph, 0, 1));
}

}  // namespace
}  // namespace parsimony::lower
