#include "parsimony/ir/interpreter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "random_graph.hpp"

namespace parsimony::ir {
namespace {

using test::random_graph;
using Values = std::vector<std::int8_t>;

/// A graph of one operator whose accumulators pass unchanged: every multiplier is 1.
Graph one_operator(OperatorKind kind, std::vector<std::int32_t> input, std::vector<std::int32_t> output,
                   std::int32_t input_zero = 0) {
  Graph graph;
  graph.tensors.push_back({"x", std::move(input), {1.0f, input_zero}});
  graph.tensors.push_back({"y", std::move(output), {1.0f, 0}});
  Operator op;
  op.kind = kind;
  op.name = "op";
  op.inputs = {TensorId{0}};
  op.output = graph.output = TensorId{1};
  graph.operators.push_back(op);
  return graph;
}

Operator& with_weights(Graph& graph, Values weights, std::vector<std::int32_t> bias) {
  Operator& op = graph.operators[0];
  op.weights = std::move(weights);
  op.weight_scales.assign(bias.size(), 1.0f);
  op.bias = std::move(bias);
  return op;
}

TEST(Interpret, ConvolvesOneDimensionWithPaddingThatCountsAsTheZeroPoint) {
  Graph graph = one_operator(OperatorKind::convolution, {3, 2}, {3, 1}, 10);
  with_weights(graph, {1, 2, 3, 4, 5, 6}, {7}).windows = {{3, 1, 1, 1}};
  // x − 10 = (1, 0), (0, 1), (2, −1)
  EXPECT_EQ(interpret(graph, Values{11, 10, 10, 11, 12, 9}),
            (Values{7 + 3 + 6, 7 + 1 + 4 + 10 - 6, 7 + 2 + 6 - 4}));
}

TEST(Interpret, ConvolvesTwoDimensionsRowByRow) {
  Graph graph = one_operator(OperatorKind::convolution, {2, 2, 1}, {1, 2, 2});
  with_weights(graph, {1, 10, /*second*/ 0, -1}, {0, 0}).windows = {{2, 1, 0, 0}, {1, 1, 0, 0}};
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{31, -3, 42, -4}));
}

TEST(Interpret, StridesFromThePaddedEdge) {
  Graph graph = one_operator(OperatorKind::depthwise_convolution, {5, 1}, {3, 1});
  with_weights(graph, {1, 10}, {0}).windows = {{2, 2, 1, 0}};
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4, 5}), (Values{10, 32, 54}));
}

TEST(Interpret, ConvolvesEachChannelAlone) {
  Graph graph = one_operator(OperatorKind::depthwise_convolution, {2, 2}, {1, 2});
  with_weights(graph, {1, 2, 3, 4}, {0, 100}).windows = {{2, 1, 0, 0}};
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{1 + 9, 100 + 4 + 16}));
}

TEST(Interpret, ConnectsAllElementsOfItsInput) {
  Graph graph = one_operator(OperatorKind::fully_connected, {2, 2}, {2}, -1);
  with_weights(graph, {1, 1, 1, 1, 1, 2, 3, 4}, {0, 5});
  EXPECT_EQ(interpret(graph, Values{0, 1, 2, 3}), (Values{10, 5 + 1 + 4 + 9 + 16}));
}

TEST(Interpret, AveragesOverSpace) {
  Graph graph = one_operator(OperatorKind::mean, {4, 2}, {2});
  EXPECT_EQ(interpret(graph, Values{1, -10, 2, -20, 3, -30, 6, -40}), (Values{3, -25}));
}

TEST(Interpret, MultipliesByAChannelVectorOrByEachElement) {
  Graph graph = one_operator(OperatorKind::multiply, {2, 2}, {2, 2}, 1);
  graph.operators[0].inputs = {TensorId{0}, TensorId{0}};
  EXPECT_EQ(interpret(graph, Values{3, 4, 5, -6}), (Values{4, 9, 16, 49}));
  Graph gated = one_operator(OperatorKind::mean, {2, 2}, {2});
  gated.tensors.push_back({"z", {2, 2}, {1.0f, 5}});
  Operator multiply = gated.operators[0];
  multiply.kind = OperatorKind::multiply;
  multiply.name = "multiply";
  multiply.inputs = {TensorId{0}, TensorId{1}};
  multiply.output = gated.output = TensorId{2};
  gated.operators.push_back(multiply);
  EXPECT_EQ(interpret(gated, Values{1, 2, 3, 4}), (Values{5 + 2, 5 + 6, 5 + 6, 5 + 12}));
}

TEST(Interpret, CombinesWithAConstantOfEachChannelOrElement) {
  Graph graph = one_operator(OperatorKind::subtract, {2, 2}, {2, 2});
  Constant& constant = graph.operators[0].constant;
  constant = {{2}, {1.0f, 3}, false, {13, 23}};
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{-9, -18, -7, -16}));
  constant.first = true;
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{9, 18, 7, 16}));
  constant = {{2, 2}, {1.0f, 3}, false, {3, 4, 5, 6}};
  graph.operators[0].kind = OperatorKind::multiply;
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{0, 2, 6, 12}));
}

TEST(Interpret, FindsTheFirstLargestOfEachRow) {
  Graph graph = one_operator(OperatorKind::argmax, {2, 3}, {2});
  graph.tensors[1].quantisation = {1.0f, -128};
  EXPECT_EQ(interpret(graph, Values{1, 5, 5, -3, -4, -5}), (Values{1 - 128, 0 - 128}));
}

TEST(Interpret, DilatesAndMultipliesChannels) {
  Graph graph = one_operator(OperatorKind::depthwise_convolution, {5, 1}, {3, 2});
  with_weights(graph, {1, 2, 10, 20}, {0, 0}).windows = {{2, 1, 0, 0, 2}};
  EXPECT_EQ(interpret(graph, Values{0, 1, 2, 3, 1}), (Values{20, 40, 31, 62, 12, 24}));
}

TEST(Interpret, ConcatenatesAlongAnyAxis) {
  Graph graph = one_operator(OperatorKind::concatenation, {2, 2}, {4, 2});
  graph.operators[0].inputs = {TensorId{0}, TensorId{0}};
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{1, 2, 3, 4, 1, 2, 3, 4}));
  graph.operators[0].axis = 1;
  graph.tensors[1].shape = {2, 4};
  EXPECT_EQ(interpret(graph, Values{1, 2, 3, 4}), (Values{1, 2, 1, 2, 3, 4, 3, 4}));
}

TEST(Interpret, PadsEveryAxisWithTheZeroPoint) {
  Graph graph = one_operator(OperatorKind::pad, {2, 1}, {4, 3}, 7);
  graph.tensors[1].quantisation.zero_point = 7;
  graph.operators[0].windows = {{.pad_before = 2}, {.pad_before = 1, .pad_after = 1}};
  EXPECT_EQ(interpret(graph, Values{1, 2}), (Values{7, 7, 7, 7, 7, 7, 7, 1, 7, 7, 2, 7}));
}

TEST(Interpret, PoolsTheTapsInsideAndRoundsHalfAwayFromZero) {
  Graph graph = one_operator(OperatorKind::average_pool, {3, 1}, {2, 1});
  graph.operators[0].windows = {{2, 2, 0, 1}};
  EXPECT_EQ(interpret(graph, Values{-1, -2, 5}), (Values{-2, 5}));
  graph.operators[0].kind = OperatorKind::max_pool;
  EXPECT_EQ(interpret(graph, Values{-1, -2, 5}), (Values{-1, 5}));
}

TEST(Interpret, LooksUpTheTableFromMinus128On) {
  Graph graph = one_operator(OperatorKind::table, {3}, {3});
  for (int q = -128; q < 128; ++q) graph.operators[0].table.push_back(static_cast<std::int8_t>(-1 - q));
  EXPECT_EQ(interpret(graph, Values{-128, 0, 127}), (Values{127, -1, -128}));
}

TEST(Interpret, ClampsAfterTheZeroPoint) {
  Graph graph = one_operator(OperatorKind::multiply, {4}, {4});
  graph.operators[0].inputs = {TensorId{0}, TensorId{0}};
  graph.tensors[1].quantisation.zero_point = -100;
  graph.operators[0].activation_min = -99;
  graph.operators[0].activation_max = 20;
  EXPECT_EQ(interpret(graph, Values{0, 1, 10, 100}), (Values{-99, -99, 0, 20}));
}

/// Reads element (y, x, c) of a tensor as a real number; padding is 0.
double real_at(const Tensor& tensor, const Values& values, std::int32_t y, std::int32_t x, std::int32_t c) {
  const auto& shape = tensor.shape;
  const std::int32_t channels = shape.back(), width = shape.size() > 1 ? shape[shape.size() - 2] : 1;
  const std::int32_t height = shape.size() > 2 ? shape[0] : 1;
  if (y < 0 || x < 0 || y >= height || x >= width) return 0.0;
  const auto index = static_cast<std::size_t>((std::int64_t{y} * width + x) * channels + c);
  return tensor.quantisation.scale * double(values[index] - tensor.quantisation.zero_point);
}

/// The operator on real numbers, in double, by its definition.
double real_result(const Graph& graph, const Operator& op, const std::vector<Values>& values, std::int32_t y,
                   std::int32_t x, std::int32_t c) {
  const auto input = [&](std::size_t k, std::int32_t iy, std::int32_t ix, std::int32_t ic) {
    return real_at(graph.tensor(op.inputs[k]), values[static_cast<std::size_t>(op.inputs[k])], iy, ix, ic);
  };
  const Tensor& in = graph.tensor(op.inputs[0]);
  const auto channel = static_cast<std::size_t>(c);
  const std::int32_t channels = in.shape.back(), rank = static_cast<std::int32_t>(in.shape.size());
  const std::int32_t width = rank > 1 ? in.shape[in.shape.size() - 2] : 1,
                     height = rank > 2 ? in.shape[0] : 1;
  const auto second = [&] {
    const Constant& constant = op.constant;
    if (!constant.shape.empty())
      return real_at({"", constant.shape, constant.quantisation}, constant.values,
                     constant.shape == in.shape ? y : 0, constant.shape == in.shape ? x : 0, c);
    return graph.tensor(op.inputs[1]).shape == in.shape ? input(1, y, x, c) : input(1, 0, 0, c);
  };
  if (op.kind == OperatorKind::multiply) return input(0, y, x, c) * second();
  if (op.kind == OperatorKind::add) return input(0, y, x, c) + second();
  if (op.kind == OperatorKind::subtract)
    return (op.constant.first ? -1.0 : 1.0) * (input(0, y, x, c) - second());
  if (op.kind == OperatorKind::mean) {
    double sum = 0.0;
    for (std::int32_t iy = 0; iy < height; ++iy)
      for (std::int32_t ix = 0; ix < width; ++ix) sum += input(0, iy, ix, c);
    return sum / (height * width);
  }
  if (op.kind == OperatorKind::softmax) {
    double sum = 0.0;
    for (std::int32_t k = 0; k < channels; ++k)
      sum += std::exp(op.beta * (input(0, y, x, k) - input(0, y, x, c)));
    return 1.0 / sum;
  }
  const bool dense = op.kind == OperatorKind::fully_connected,
             depthwise = op.kind == OperatorKind::depthwise_convolution,
             pools = op.kind == OperatorKind::average_pool || op.kind == OperatorKind::max_pool;
  const Window column = dense ? Window{height, 1, 0, 0} : op.windows.size() > 1 ? op.windows[0] : Window{};
  const Window row = dense ? Window{width, 1, 0, 0} : op.windows.back();
  const std::int32_t outputs = graph.tensor(op.output).shape.back();
  const double scale = pools ? 1.0 : op.weight_scales[channel];
  double sum = pools ? 0.0 : in.quantisation.scale * scale * op.bias[channel], most = -1e30, taps = 0.0;
  for (std::int32_t ky = 0; ky < column.kernel; ++ky)
    for (std::int32_t kx = 0; kx < row.kernel; ++kx) {
      const std::int32_t iy = y * column.stride - column.pad_before + ky * column.dilation,
                         ix = x * row.stride - row.pad_before + kx * row.dilation;
      const std::int64_t tap = std::int64_t{ky} * row.kernel + kx;
      if (pools) {
        if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue;
        sum += input(0, iy, ix, c);
        most = std::max(most, input(0, iy, ix, c));
        taps += 1.0;
      } else if (depthwise) {
        sum += scale * op.weights[static_cast<std::size_t>(tap * outputs + c)] *
               input(0, iy, ix, c / (outputs / channels));
      } else {
        for (std::int32_t k = 0; k < channels; ++k)
          sum += scale *
                 op.weights[static_cast<std::size_t>(
                     (std::int64_t{c} * column.kernel * row.kernel + tap) * channels + k)] *
                 input(0, iy, ix, k);
      }
    }
  if (!pools) return sum;
  return op.kind == OperatorKind::max_pool ? most : sum / taps;
}

/// Operators that compute nothing: they move bytes.
bool moves(OperatorKind kind) {
  return kind == OperatorKind::table || kind == OperatorKind::concatenation || kind == OperatorKind::pad ||
         kind == OperatorKind::reshape || kind == OperatorKind::argmax;
}

TEST(Interpret, IsWithinOneStepOfRealArithmetic) {
  std::int64_t compared = 0, equal = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Graph graph = random_graph(seed);
    const auto values = interpret_all(graph, test::random_values(seed, graph.tensor(graph.input).elements()));
    for (const Operator& op : graph.operators) {
      if (moves(op.kind)) continue;
      const Tensor& out = graph.tensor(op.output);
      const Values& got = values[static_cast<std::size_t>(op.output)];
      const std::int32_t channels = out.shape.back(),
                         width = out.shape.size() > 1 ? out.shape[out.shape.size() - 2] : 1;
      for (std::size_t k = 0; k < got.size(); ++k) {
        const auto c = static_cast<std::int32_t>(k) % channels,
                   pixel = static_cast<std::int32_t>(k) / channels;
        const double real = real_result(graph, op, values, pixel / width, pixel % width, c);
        const double exact = std::clamp(real / out.quantisation.scale + out.quantisation.zero_point,
                                        double(op.activation_min), double(op.activation_max));
        ASSERT_LE(std::abs(got[k] - exact), 1.001) << seed << ' ' << kind_name(op.kind) << ' ' << k;
        ++compared;
        equal += got[k] == std::round(exact) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(compared, 100000);
  EXPECT_GT(static_cast<double>(equal), 0.98 * static_cast<double>(compared));
}

TEST(InterpretAll, KeepsEveryTensor) {
  const Graph graph = random_graph(2);
  const auto input = test::random_values(2, graph.tensor(graph.input).elements());
  const auto values = interpret_all(graph, input);
  ASSERT_EQ(values.size(), graph.tensors.size());
  EXPECT_EQ(values[static_cast<std::size_t>(graph.input)], input);
  EXPECT_EQ(values[static_cast<std::size_t>(graph.output)], interpret(graph, input));
  for (std::size_t id = 0; id < values.size(); ++id)
    EXPECT_EQ(static_cast<std::int64_t>(values[id].size()), graph.tensors[id].elements());
}

TEST(Graph, CountsFlopsByTheTable) {
  Graph graph = one_operator(OperatorKind::convolution, {10, 3}, {5, 7});
  graph.operators[0].windows = {{3, 2, 1, 1}};
  EXPECT_EQ(flops(graph), 2 * 5 * 7 * 3 * 3);
  EXPECT_EQ(weight_count(graph, graph.operators[0]), 7 * 3 * 3);
  EXPECT_EQ(output_channels(graph, graph.operators[0]), 7);
  graph = one_operator(OperatorKind::depthwise_convolution, {10, 3}, {5, 3});
  graph.operators[0].windows = {{3, 2, 1, 1}};
  EXPECT_EQ(flops(graph), 2 * 5 * 3 * 3);
  EXPECT_EQ(weight_count(graph, graph.operators[0]), 9);
  EXPECT_EQ(flops(one_operator(OperatorKind::fully_connected, {4, 3}, {5})), 2 * 12 * 5);
  EXPECT_EQ(flops(one_operator(OperatorKind::mean, {10, 3}, {3})), 30);
  EXPECT_EQ(flops(one_operator(OperatorKind::table, {10, 3}, {10, 3})), 30);
}

}  // namespace
}  // namespace parsimony::ir
