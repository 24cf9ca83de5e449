#include "parsimony/ir/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "dscnn_graph.hpp"
#include "parsimony/base/errors.hpp"
#include "random_graph.hpp"

namespace parsimony::ir {
namespace {

using test::random_graph;
using ::testing::HasSubstr;

/// conv (op 0), depthwise (1), pool (2), squeeze (3), table (4), multiply (5), classifier (6).
Graph small() {
  const Graph whole = test::dscnn_graph(5, 12, 3, 4);
  Graph graph = whole;
  graph.operators.clear();
  graph.tensors.resize(1);
  for (const char* name : {"conv", "depthwise1", "pool2", "squeeze2", "sigmoid2", "scale2", "classifier"}) {
    for (const Operator& op : whole.operators)
      if (op.name == name) graph.operators.push_back(op);
    Operator& op = graph.operators.back();
    graph.tensors.push_back(whole.tensor(op.output));
    op.output = static_cast<TensorId>(graph.operators.size());
    op.inputs[0] = static_cast<TensorId>(graph.operators.size() - 1);
  }
  graph.operators[4].inputs = {TensorId{3}};               // the table reads the pool, its width fits
  graph.operators[5].inputs = {TensorId{2}, TensorId{5}};  // depthwise · table
  graph.tensors[6].shape = graph.tensors[2].shape;
  graph.operators[6].inputs = {TensorId{3}};
  graph.output = TensorId{7};
  return graph;
}

std::string refusal(const Graph& graph) {
  try {
    verify(graph, "model.graph");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string refusal_after(const std::function<void(Graph&)>& change) {
  Graph graph = small();
  change(graph);
  return refusal(graph);
}

TEST(Verify, AcceptsAGraphAndItsSkeleton) {
  EXPECT_EQ(refusal(small()), "");
  EXPECT_EQ(refusal(test::skeleton_of(small())), "");
  EXPECT_EQ(refusal(test::dscnn_graph(64, 100, 6, 8)), "");
}

TEST(Verify, NamesFileOperatorAndChannel) {
  const std::string message = refusal_after([](Graph& g) { g.operators[1].weight_scales[2] = -1.0f; });
  EXPECT_EQ(message,
            "model.graph: operator depthwise1: channel 2: has weight scale -1; allowed: finite, above 0");
}

struct Mutation {
  const char* message;
  std::function<void(Graph&)> change;
};

TEST(Verify, RefusesBrokenNamesAndOrder) {
  const Mutation mutations[] = {
      {"no C identifier", [](Graph& g) { g.operators[0].name = "2conv"; }},
      {"no C identifier", [](Graph& g) { g.operators[0].name = ""; }},
      {"no C identifier", [](Graph& g) { g.tensors[1].name = "a b"; }},
      {"no C identifier", [](Graph& g) { g.tensors[1].name = std::string(201, 'a'); }},
      {"two operators are named", [](Graph& g) { g.operators[0].name = g.operators[1].name; }},
      {"two tensors are named", [](Graph& g) { g.tensors[0].name = g.tensors[1].name; }},
      {"there are no operators", [](Graph& g) { g.operators.clear(); }},
      {"an input is tensor 99", [](Graph& g) { g.operators[0].inputs[0] = TensorId{99}; }},
      {"an input is tensor -1", [](Graph& g) { g.operators[0].inputs[0] = TensorId{-1}; }},
      {"the output is tensor 99", [](Graph& g) { g.operators[0].output = TensorId{99}; }},
      {"graph: the output is tensor 8", [](Graph& g) { g.output = TensorId{8}; }},
      {"graph: the input is tensor -5", [](Graph& g) { g.input = TensorId{-5}; }},
      {"before it is produced", [](Graph& g) { std::swap(g.operators[0], g.operators[1]); }},
      {"produces tensor 'conv_out' again", [](Graph& g) { g.operators[1].output = TensorId{1}; }},
      {"is produced by no operator", [](Graph& g) { g.operators.pop_back(); }},
      {"the output is the input", [](Graph& g) { g.output = g.input; }},
      {"has 2 inputs", [](Graph& g) { g.operators[0].inputs.push_back(TensorId{0}); }},
      {"has 0 inputs", [](Graph& g) { g.operators[0].inputs.clear(); }},
      {"has 1 inputs", [](Graph& g) { g.operators[5].inputs.pop_back(); }},
      {"is of unknown kind", [](Graph& g) { g.operators[4].kind = static_cast<OperatorKind>(17); }},
      {"class names", [](Graph& g) { g.class_names = {"one"}; }},
  };
  for (const Mutation& mutation : mutations)
    EXPECT_THAT(refusal_after(mutation.change), HasSubstr(mutation.message));
}

TEST(Verify, RefusesBrokenShapesEvenInASkeleton) {
  const Mutation mutations[] = {
      {"has 0 axes", [](Graph& g) { g.tensors[0].shape.clear(); }},
      {"has 4 axes",
       [](Graph& g) {
         g.tensors[0].shape = {1, 1, 1, 1};
       }},
      {"has an axis of 0", [](Graph& g) { g.tensors[0].shape[0] = 0; }},
      {"has an axis of -3", [](Graph& g) { g.tensors[0].shape[1] = -3; }},
      {"has an axis of 2147483647", [](Graph& g) { g.tensors[0].shape[0] = 2147483647; }},
      {"elements at most",
       [](Graph& g) {
         g.tensors[0].shape = {1 << 20, 1 << 20, 1 << 20};
       }},
      {"output 'conv_out' has shape", [](Graph& g) { g.tensors[1].shape[0] += 1; }},
      {"makes 6 channels of 5", [](Graph& g) { g.tensors[2].shape[1] += 1; }},
      {"output 'pool2_out' has shape", [](Graph& g) { g.tensors[3].shape[0] += 1; }},
      {"output 'sigmoid2_out' has shape", [](Graph& g) { g.tensors[5].shape = {6}; }},
      {"combines", [](Graph& g) { g.operators[5].inputs[1] = TensorId{4}; }},
      {"has 2 windows", [](Graph& g) { g.operators[0].windows.push_back({}); }},
      {"has 0 windows", [](Graph& g) { g.operators[0].windows.clear(); }},
      {"has windows", [](Graph& g) { g.operators[2].windows.push_back({}); }},
      {"kernel 0", [](Graph& g) { g.operators[0].windows[0].kernel = 0; }},
      {"stride 0", [](Graph& g) { g.operators[0].windows[0].stride = 0; }},
      {"pad before -1", [](Graph& g) { g.operators[0].windows[0].pad_before = -1; }},
      {"pad after 2147483647", [](Graph& g) { g.operators[0].windows[0].pad_after = 2147483647; }},
      {"pads 3 and 1", [](Graph& g) { g.operators[0].windows[0].pad_before = 3; }},
      {"a kernel of 40 over 14 padded inputs", [](Graph& g) { g.operators[0].windows[0].kernel = 40; }},
      {"clamps to 3", [](Graph& g) { g.operators[0].activation_min = 3, g.operators[0].activation_max = 2; }},
      {"clamps to -129", [](Graph& g) { g.operators[0].activation_min = -129; }},
      {"clamps to -128 … 128", [](Graph& g) { g.operators[0].activation_max = 128; }},
      {"clamps a table", [](Graph& g) { g.operators[4].activation_min = 0; }},
      {"without a spatial axis",
       [](Graph& g) {
         g.operators[2].inputs[0] = TensorId{3}, g.operators[2].output = TensorId{4},
         std::swap(g.operators[2], g.operators[3]), g.operators[2].output = TensorId{3},
         g.operators[2].inputs[0] = TensorId{2}, g.tensors[3].shape = {1};
       }},
      {"too many weights",
       [](Graph& g) {
         g.tensors[0].shape = {1 << 9, 1 << 19}, g.tensors[4].shape = {1 << 20},
         g.operators[3].inputs[0] = TensorId{0};
         g.operators[0].windows[0] = {1 << 9, 1, 0, 0};
         g.tensors[1].shape = {1, 1 << 10};
       }},
  };
  for (const Mutation& mutation : mutations) {
    EXPECT_THAT(refusal_after(mutation.change), HasSubstr(mutation.message));
    Graph graph = test::skeleton_of(small());
    mutation.change(graph);
    EXPECT_THAT(refusal(graph), HasSubstr(mutation.message));
  }
}

TEST(Verify, RefusesBrokenConstants) {
  const float nan = std::nanf(""), infinity = std::numeric_limits<float>::infinity();
  const Mutation mutations[] = {
      {"tensor conv_out: has scale -1", [](Graph& g) { g.tensors[1].quantisation.scale = -1.0f; }},
      {"has scale nan", [=](Graph& g) { g.tensors[1].quantisation.scale = nan; }},
      {"has scale inf", [=](Graph& g) { g.tensors[1].quantisation.scale = infinity; }},
      {"others have 0", [](Graph& g) { g.tensors[1].quantisation.scale = 0.0f; }},
      {"has zero point -129", [](Graph& g) { g.tensors[1].quantisation.zero_point = -129; }},
      {"has zero point 128", [](Graph& g) { g.tensors[1].quantisation.zero_point = 128; }},
      {"2 means and 3 divisors", [](Graph& g) { g.normalisation.mean.pop_back(); }},
      {"0 means and 0 divisors", [](Graph& g) { g.normalisation = {}; }},
      {"the mean of input channel 1 is nan", [=](Graph& g) { g.normalisation.mean[1] = nan; }},
      {"the divisor of input channel 2 is 0", [](Graph& g) { g.normalisation.divisor[2] = 0.0f; }},
      {"the divisor of input channel 2 is 1e-30", [](Graph& g) { g.normalisation.divisor[2] = 1e-30f; }},
      {"74 weights", [](Graph& g) { g.operators[0].weights.resize(74); }},
      {"0 weights", [](Graph& g) { g.operators[1].weights.clear(); }},
      {"weight scales", [](Graph& g) { g.operators[0].weight_scales.push_back(1.0f); }},
      {"biases", [](Graph& g) { g.operators[0].bias.pop_back(); }},
      {"255 table entries", [](Graph& g) { g.operators[4].table.pop_back(); }},
      {"256 table entries", [](Graph& g) { g.operators[0].table.resize(256); }},
      {"1 weights", [](Graph& g) { g.operators[2].weights = {1}; }},
      {"channel 0: has weight scale nan", [=](Graph& g) { g.operators[0].weight_scales[0] = nan; }},
      {"channel 3: its int32 accumulator can overflow",
       [](Graph& g) { g.operators[0].bias[3] = 2147483000; }},
      {"channel 3: its int32 accumulator can overflow",
       [](Graph& g) { g.operators[0].bias[3] = -2147483647 - 1; }},
      {"channel 2: its int32 accumulator can overflow",
       [](Graph& g) { g.operators[0].weight_scales[2] = 1e6f; }},
      {"channel 2: its scales give the multiplier",
       [](Graph& g) { g.operators[0].weight_scales[2] = 1e12f; }},
      {"operator pool2: channel 0: its scales", [](Graph& g) { g.tensors[3].quantisation.scale = 1e-12f; }},
      {"operator scale2: channel 0: its int32", [](Graph& g) { g.tensors[6].quantisation.scale = 1e-9f; }},
  };
  for (const Mutation& mutation : mutations)
    EXPECT_THAT(refusal_after(mutation.change), HasSubstr(mutation.message));
}

TEST(Verify, RefusesBrokenConstantOperands) {
  const auto refused_after = [](const std::function<void(Operator&)>& change, bool of_its_skeleton = false) {
    Graph graph = small();
    Operator& op = graph.operators[5];
    op.inputs.pop_back();
    op.constant = {{5}, {0.5f, 3}, false, {1, 2, 3, 4, 5}};
    change(op);
    return refusal(of_its_skeleton ? test::skeleton_of(graph) : graph);
  };
  const auto nothing = [](Operator&) {};
  EXPECT_EQ(refused_after(nothing), "");
  EXPECT_EQ(refused_after(nothing, true), "");
  const std::pair<const char*, std::function<void(Operator&)>> changes[] = {
      {"has 2 inputs", [](Operator& op) { op.inputs.push_back(TensorId{0}); }},
      {"with [4]", [](Operator& op) { op.constant.shape = {4}; }},
      {"has its constant first", [](Operator& op) { op.constant.first = true; }},
      {"has a constant", [](Operator& op) { op.kind = OperatorKind::average_pool, op.windows = {{}}; }},
      {"has 1 inputs", [](Operator& op) { op.constant.shape.clear(); }},
  };
  for (const auto& [message, change] : changes) {
    EXPECT_THAT(refused_after(change), HasSubstr(message));
    EXPECT_THAT(refused_after(change, true), HasSubstr(message));
  }
  EXPECT_THAT(refused_after([](Operator& op) { op.constant.values.pop_back(); }),
              HasSubstr("4 constant values"));
  EXPECT_THAT(refused_after([](Operator& op) { op.constant.quantisation.scale = 0.0f; }),
              HasSubstr("operator scale2: its constant has scale 0"));
  EXPECT_THAT(refused_after([](Operator& op) { op.constant.quantisation.zero_point = 200; }),
              HasSubstr("its constant has zero point 200"));
  EXPECT_THAT(refused_after([](Operator& op) { op.constant.quantisation.scale = 1e9f; }),
              HasSubstr("accumulator can overflow"));
}

TEST(Verify, RefusesAnIndexThatNoByteHolds) {
  Graph graph = small();
  graph.operators[6].kind = OperatorKind::argmax;
  graph.operators[6].weights.clear();
  graph.operators[6].weight_scales.clear();
  graph.operators[6].bias.clear();
  graph.tensors[7] = {"index", {1}, {1.0f, -128}};
  EXPECT_EQ(refusal(graph), "");
  graph.tensors[7].quantisation.zero_point = 0;
  EXPECT_THAT(refusal(graph), HasSubstr("has output scale 1 and zero point 0; allowed: 1 and -128"));
  graph.tensors[7].shape = {2};
  EXPECT_THAT(refusal(graph), HasSubstr("output 'index' has shape [2]"));
  Graph wide;
  wide.tensors = {{"x", {257}, {1.0f, 0}}, {"y", {1}, {1.0f, -128}}};
  wide.operators.resize(1);
  wide.operators[0].kind = OperatorKind::argmax;
  wide.operators[0].name = "argmax";
  wide.operators[0].inputs = {TensorId{0}};
  wide.operators[0].output = wide.output = TensorId{1};
  EXPECT_THAT(refusal(wide), HasSubstr("operator argmax: has 257 classes; allowed: 256 at most"));
}

TEST(Verify, BoundsAccumulatorsSoThatHalfADivisorCanBeAdded) {
  Graph graph = small();
  Operator& op = graph.operators[0];
  std::int64_t magnitude = 0;
  for (std::size_t k = 0; k < 9; ++k) magnitude += std::abs(int{op.weights[k]});
  op.bias[0] = static_cast<std::int32_t>(3 * (1 << 29) - 1 - 256 * magnitude);
  EXPECT_EQ(refusal(graph), "");
  op.bias[0] += 1;
  EXPECT_THAT(refusal(graph), HasSubstr("channel 0: its int32 accumulator can overflow"));
}

TEST(Verify, RefusesAMeanOverTooManyElements) {
  Graph graph = small();
  graph.operators.resize(3);
  graph.tensors.resize(4);
  graph.output = TensorId{3};
  graph.tensors[0].shape = {1 << 14, 1 << 10, 3};
  for (int k : {1, 2}) graph.tensors[static_cast<std::size_t>(k)].shape = {1 << 14, 1 << 10, 5};
  for (int k : {0, 1}) {
    Operator& op = graph.operators[static_cast<std::size_t>(k)];
    op.windows = {{}, {}};
    op.weights.resize(static_cast<std::size_t>(weight_count(graph, op)));
  }
  EXPECT_THAT(refusal(graph), HasSubstr("operator pool2: channel 0: its int32 accumulator can overflow"));
}

}  // namespace
}  // namespace parsimony::ir
