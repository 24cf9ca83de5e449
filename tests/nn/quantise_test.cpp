#include "parsimony/nn/quantise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "parsimony/base/random.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/network/built_in.hpp"
#include "small_networks.hpp"

namespace parsimony::nn {
namespace {

/// A network with weights by key, its statistics and ranges from random cases, and its graph.
struct Quantised {
  Parameters<float> parameters;
  data::Dataset data;
  data::Normalisation normalisation;
  Ranges ranges;
  ir::Graph graph;
};

Quantised quantised(std::uint64_t seed, const std::function<void(Parameters<float>&)>& change = {}) {
  const network::Description description =
      network::dscnn_se_1d({.length = 33, .channels = 3, .classes = 4, .width = 10});
  Quantised q{make_parameters<float>(description), test::easy_data(48, 33, 3, 4, seed), {}, {}, {}};
  initialise(q.parameters, {seed, 0, "test"});
  q.normalisation = data::normalisation_of(q.data);
  const Cases<float> cases = make_cases<float>(q.data, q.normalisation);
  re_estimate_statistics(q.parameters, cases);
  if (change) change(q.parameters);
  q.ranges = calibrate(q.parameters, cases, calibration_cases(cases.count, {seed, 0, "test"}));
  q.graph = quantise(q.parameters, q.ranges, q.normalisation, q.data.class_names);
  return q;
}

double real(const ir::Graph& graph, ir::TensorId id, std::int8_t value) {
  const ir::Quantisation& q = graph.tensor(id).quantisation;
  return double{q.scale} * (value - q.zero_point);
}

/// Sum of dequantised weights over dequantised inputs plus the folded float bias, for one output element.
double weighted_sum(const ir::Graph& graph, const ir::Operator& op, const std::vector<std::int8_t>& input,
                    int row, int channel, double bias) {
  const ir::Tensor& in = graph.tensor(op.inputs[0]);
  const int channels_in = in.shape.back(), channels_out = graph.tensor(op.output).shape.back();
  const bool depthwise = op.kind == ir::OperatorKind::depthwise_convolution;
  const ir::Window window = op.windows.empty() ? ir::Window{} : op.windows[0];
  const int length = in.shape.size() == 1 ? 1 : in.shape[0];
  const double scale = op.weight_scales[static_cast<std::size_t>(channel)];
  double sum = bias;
  for (int t = 0; t < window.kernel; ++t) {
    const int position = row * window.stride - window.pad_before + t;
    if (position < 0 || position >= length) continue;
    for (int c = depthwise ? channel : 0; c < (depthwise ? channel + 1 : channels_in); ++c) {
      const int at = depthwise ? t * channels_out + channel : (channel * window.kernel + t) * channels_in + c;
      sum += scale * op.weights[static_cast<std::size_t>(at)] *
             real(graph, op.inputs[0], input[static_cast<std::size_t>(position * channels_in + c)]);
    }
  }
  return sum;
}

/// What operator `op` would give in real numbers at element (row, channel), from the int8 graph's own inputs.
double expected_value(const Quantised& q, const ir::Operator& op, const FoldedLayer& folded,
                      const std::vector<std::vector<std::int8_t>>& tensors, int row, int channel) {
  const auto& input = tensors[static_cast<std::size_t>(op.inputs[0])];
  const int channels = q.graph.tensor(op.output).shape.back();
  const auto value_of = [&](ir::TensorId id, int index) {
    return real(q.graph, id, tensors[static_cast<std::size_t>(id)][static_cast<std::size_t>(index)]);
  };
  switch (op.kind) {
    case ir::OperatorKind::mean: {
      double sum = 0.0;
      const int length = static_cast<int>(input.size()) / channels;
      for (int l = 0; l < length; ++l) sum += value_of(op.inputs[0], l * channels + channel);
      return sum / length;
    }
    case ir::OperatorKind::multiply:
      return value_of(op.inputs[0], row * channels + channel) * value_of(op.inputs[1], channel);
    default:
      return weighted_sum(q.graph, op, input, row, channel, folded.bias[static_cast<std::size_t>(channel)]);
  }
}

/// The graph's layer already gives hard sigmoid's value: slope 1/6, at 0 one half.
FoldedLayer gated_if_asked(const network::Layer& layer, FoldedLayer folded) {
  if (layer.activation == network::Activation::hard_sigmoid)
    for (double& bias : folded.bias) bias = bias / 6.0 + 0.5;
  return folded;
}

void expect_operator_within_a_step(const Quantised& q, const ir::Operator& op,
                                   const std::vector<std::vector<std::int8_t>>& tensors) {
  FoldedLayer folded;
  for (std::size_t i = 0; i < q.parameters.layers.size(); ++i)
    if (q.parameters.description.layers[i].name == op.name && q.parameters.layers[i].has_weights())
      folded = gated_if_asked(q.parameters.description.layers[i], fold(q.parameters, i));
  const ir::Tensor& output = q.graph.tensor(op.output);
  const int channels = output.shape.back();
  const auto& values = tensors[static_cast<std::size_t>(op.output)];
  for (int k = 0; k < static_cast<int>(values.size()); ++k) {
    const double value = expected_value(q, op, folded, tensors, k / channels, k % channels);
    const double step =
        std::clamp(std::round(value / double{output.quantisation.scale}) + output.quantisation.zero_point,
                   double(op.activation_min), double(op.activation_max));
    ASSERT_LE(std::abs(step - values[static_cast<std::size_t>(k)]), 1.0) << op.name << " element " << k;
  }
}

void expect_layers_within_a_step(const Quantised& q) {
  std::vector<std::int8_t> input(static_cast<std::size_t>(q.graph.tensor(q.graph.input).elements()));
  for (std::int64_t n = 0; n < 4; ++n) {
    ir::quantise_input(q.graph, q.data.case_values(n), input);
    const auto tensors = ir::interpret_all(q.graph, input);
    for (const ir::Operator& op : q.graph.operators) expect_operator_within_a_step(q, op, tensors);
  }
}

TEST(Quantise, EachLayerIsWithinAStepOfItsFakeQuantisedSelf) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) expect_layers_within_a_step(quantised(seed));
}

TEST(Quantise, GraphHasTheSkeletonsNamesAndShapes) {
  const Quantised q = quantised(1);
  ir::Graph bare = q.graph, skeleton = network::skeleton(q.parameters.description);
  ASSERT_EQ(bare.operators.size(), skeleton.operators.size());
  for (std::size_t i = 0; i < bare.operators.size(); ++i) {
    EXPECT_EQ(bare.operators[i].name, skeleton.operators[i].name);
    EXPECT_EQ(bare.operators[i].inputs, skeleton.operators[i].inputs);
  }
  for (std::size_t i = 0; i < bare.tensors.size(); ++i) {
    EXPECT_EQ(bare.tensors[i].name, skeleton.tensors[i].name);
    EXPECT_EQ(bare.tensors[i].shape, skeleton.tensors[i].shape);
  }
  EXPECT_EQ(q.graph.class_names, q.data.class_names);
  EXPECT_FALSE(ir::is_skeleton(q.graph));
}

TEST(Quantise, InputTakesRawSensorValuesAsTrainingDid) {
  const Quantised q = quantised(2);
  const auto& input = q.graph.tensor(q.graph.input).quantisation;
  std::vector<std::int8_t> bytes(static_cast<std::size_t>(q.data.case_size()));
  std::vector<float> normalised(q.data.case_values(0).begin(), q.data.case_values(0).end());
  data::normalise(normalised, q.normalisation);
  ir::quantise_input(q.graph, q.data.case_values(0), bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_NEAR(double{input.scale} * (bytes[i] - input.zero_point), normalised[i],
                0.51 * double{input.scale});
}

/// Dead: all its weights and its gamma are 0, so only beta is left.
TEST(Quantise, DeadChannelsKeepTheirConstant) {
  const Quantised q = quantised(3, [](Parameters<float>& parameters) {
    for (LayerLayout& layout : parameters.layers)
      if (layout.has_norm()) {
        parameters.value(layout.scale)[0] = 0.0f;
        parameters.value(layout.shift)[0] = 0.7f;
        parameters.value(layout.scale)[1] = 0.0f;
      }
  });
  expect_layers_within_a_step(q);
}

TEST(Quantise, LayerThatGivesNothingIsSafe) {
  const Quantised q = quantised(4, [](Parameters<float>& parameters) {
    parameters.values.narrow(0, parameters.layers[2].scale.offset, parameters.layers[2].ld).zero_();
    parameters.values.narrow(0, parameters.layers[2].shift.offset, parameters.layers[2].ld).zero_();
  });
  expect_layers_within_a_step(q);
}

TEST(Quantise, BiasFarAboveItsWeightsIsSafe) {
  const Quantised q = quantised(5, [](Parameters<float>& parameters) {
    for (const std::size_t i : {1u, 2u, 7u}) {
      parameters.value(parameters.layers[i].scale)[3] = 1e-12f;
      parameters.value(parameters.layers[i].shift)[3] = 100.0f;
      parameters.value(parameters.layers[i].shift)[4] = -1e6f;
    }
  });
  expect_layers_within_a_step(q);
}

TEST(Quantise, TinyOutputsOfLargeWeightsAreSafe) {
  const Quantised q = quantised(6, [](Parameters<float>& parameters) {
    // Always just below the ReLU: the output's range is nothing beside the accumulator's.
    const LayerLayout& layout = parameters.layers[2];
    for (int c = 0; c < layout.out; ++c) parameters.value(layout.shift)[c] = -50.0f;
    parameters.value(layout.scale)[0] = 1e-9f;
    parameters.value(layout.shift)[0] = 1e-9f;
  });
  expect_layers_within_a_step(q);
}

TEST(ActivationQuantisation, HoldsBothEndsAndZeroExactly) {
  RandomStream random(1, 0, "ranges");
  for (int trial = 0; trial < 1000; ++trial) {
    const Range range{-random.uniform() * std::pow(10.0, random.uniform(-6, 6)), random.uniform()};
    const ir::Quantisation q = activation_quantisation(range);
    EXPECT_LE(std::abs(std::round(range.low / double{q.scale}) + q.zero_point + 128), 1.0);
    EXPECT_LE(std::abs(std::round(range.high / double{q.scale}) + q.zero_point - 127), 1.0);
    EXPECT_GE(q.zero_point, -128);
    EXPECT_LE(q.zero_point, 127);
  }
  EXPECT_EQ(activation_quantisation({0.0, 0.0}).scale, 1.0f);
}

}  // namespace
}  // namespace parsimony::nn
