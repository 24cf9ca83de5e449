#include "parsimony/nn/quantise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "../network/random_description.hpp"
#include "parsimony/base/random.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/equalise.hpp"
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

Quantised quantised(const network::Description& description, std::uint64_t seed,
                    const std::function<void(Parameters<float>&)>& change = {},
                    const network::QuantisationOptions& options = {
                        .ranges = network::RangeEstimator::min_max}) {
  const network::Shape& shape = description.input_shape;
  const std::int32_t length = shape[0] * (shape.size() == 3 ? shape[1] : 1);
  Quantised q{make_parameters<float>(description),
              test::easy_data(48, length, shape.back(), description.layers.back().channels, seed),
              {},
              {},
              {}};
  initialise(q.parameters, {seed, 0, "test"});
  q.normalisation = data::normalisation_of(q.data);
  const Cases<float> cases = make_cases<float>(q.data, q.normalisation);
  re_estimate_statistics(q.parameters, cases);
  if (change) change(q.parameters);
  const std::vector<std::int64_t> indices = calibration_cases(cases.count, {seed, 0, "test"});
  if (options.equalisation) equalise(q.parameters, cases, indices);
  q.ranges = calibrate(q.parameters, cases, indices, options);
  q.graph = quantise(q.parameters, q.ranges, q.normalisation, q.data.class_names).value();
  return q;
}

Quantised quantised(std::uint64_t seed, const std::function<void(Parameters<float>&)>& change = {}) {
  return quantised(network::dscnn_se_1d({.length = 33, .channels = 3, .classes = 4, .width = 10}), seed,
                   change);
}

double real(const ir::Graph& graph, ir::TensorId id, std::int8_t value) {
  const ir::Quantisation& q = graph.tensor(id).quantisation;
  return double{q.scale} * (value - q.zero_point);
}

/// Calls body(tap, input position) for the taps inside the input of the output at `position`.
template <typename Body>
void for_taps(const ir::Graph& graph, const ir::Operator& op, int position, const Body& body) {
  const auto plane = [](const network::Shape& shape) {
    return std::pair{shape.size() == 3 ? shape[0] : 1, shape.size() == 1 ? 1 : shape[shape.size() - 2]};
  };
  const auto [height, width] = plane(graph.tensor(op.inputs[0]).shape);
  const int width_out = plane(graph.tensor(op.output).shape).second;
  const ir::Window across = op.windows.back(), down = op.windows.size() == 2 ? op.windows[0] : ir::Window{};
  for (int r = 0; r < down.kernel; ++r)
    for (int t = 0; t < across.kernel; ++t) {
      const int y = position / width_out * down.stride - down.pad_before + r * down.dilation;
      const int x = position % width_out * across.stride - across.pad_before + t * across.dilation;
      if (y >= 0 && y < height && x >= 0 && x < width) body(r * across.kernel + t, y * width + x);
    }
}

/// Sum of dequantised weights over dequantised inputs plus the folded float bias, for one output element.
double weighted_sum(const ir::Graph& graph, const ir::Operator& op, const std::vector<std::int8_t>& input,
                    int position, int channel, double bias) {
  const int channels_in = graph.tensor(op.inputs[0]).shape.back();
  const int channels_out = graph.tensor(op.output).shape.back();
  const double scale = op.weight_scales[static_cast<std::size_t>(channel)];
  double sum = bias;
  const auto add = [&](std::int64_t weight, int element) {
    sum += scale * op.weights[static_cast<std::size_t>(weight)] *
           real(graph, op.inputs[0], input[static_cast<std::size_t>(element)]);
  };
  if (op.kind == ir::OperatorKind::fully_connected) {
    const auto inputs = static_cast<int>(input.size());
    for (int k = 0; k < inputs; ++k) add(std::int64_t{channel} * inputs + k, k);
    return sum;
  }
  int taps = 1;
  for (const ir::Window& window : op.windows) taps *= window.kernel;
  for_taps(graph, op, position, [&](int tap, int at) {
    if (op.kind == ir::OperatorKind::depthwise_convolution)
      return add(tap * channels_out + channel, at * channels_in + channel);
    for (int c = 0; c < channels_in; ++c)
      add((std::int64_t{channel} * taps + tap) * channels_in + c, at * channels_in + c);
  });
  return sum;
}

double pooled(const ir::Graph& graph, const ir::Operator& op, const std::vector<std::int8_t>& input,
              int position, int channel) {
  const int channels = graph.tensor(op.output).shape.back();
  double sum = 0.0, largest = -1e30;
  int count = 0;
  for_taps(graph, op, position, [&](int, int at) {
    const double value = real(graph, op.inputs[0], input[static_cast<std::size_t>(at * channels + channel)]);
    sum += value;
    largest = std::max(largest, value);
    ++count;
  });
  return op.kind == ir::OperatorKind::max_pool ? largest : sum / count;
}

/// What operator `op` would give in real numbers at element (position, channel), from the int8 graph's own
/// inputs.
double expected_value(const Quantised& q, const ir::Operator& op, const FoldedLayer& folded,
                      const std::vector<std::vector<std::int8_t>>& tensors, int position, int channel) {
  const auto& input = tensors[static_cast<std::size_t>(op.inputs[0])];
  const int channels = q.graph.tensor(op.output).shape.back();
  const auto value_of = [&](ir::TensorId id, int index) {
    return real(q.graph, id, tensors[static_cast<std::size_t>(id)][static_cast<std::size_t>(index)]);
  };
  const int index = position * channels + channel;
  switch (op.kind) {
    case ir::OperatorKind::mean: {
      double sum = 0.0;
      const int length = static_cast<int>(input.size()) / channels;
      for (int l = 0; l < length; ++l) sum += value_of(op.inputs[0], l * channels + channel);
      return sum / length;
    }
    case ir::OperatorKind::multiply:
      return value_of(op.inputs[0], index) * value_of(op.inputs[1], channel);
    case ir::OperatorKind::add:
      return value_of(op.inputs[0], index) + value_of(op.inputs[1], index);
    case ir::OperatorKind::concatenation: {
      int first = 0;
      for (const ir::TensorId id : op.inputs) {
        const int here = q.graph.tensor(id).shape.back();
        if (channel < first + here) return value_of(id, position * here + channel - first);
        first += here;
      }
      return 0.0;
    }
    case ir::OperatorKind::average_pool:
    case ir::OperatorKind::max_pool:
      return pooled(q.graph, op, input, position, channel);
    case ir::OperatorKind::table: {
      const double x = value_of(op.inputs[0], index);
      return x * std::clamp(x / 6.0 + 0.5, 0.0, 1.0);
    }
    default:
      return weighted_sum(q.graph, op, input, position, channel,
                          folded.bias[static_cast<std::size_t>(channel)]);
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
  for (std::size_t i = 0; i < q.parameters.layers.size(); ++i) {
    const network::Layer& layer = q.parameters.description.layers[i];
    if ((op.name == layer.name || op.name == layer.name + "_linear") && q.parameters.layers[i].has_weights())
      folded = gated_if_asked(layer, fold(q.parameters, i));
  }
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

TEST(Quantise, EachLayerOfRandomNetworksIsWithinAStepOfItsFakeQuantisedSelf) {
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    for (const int axes : {1, 2}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", axes " << axes);
      expect_layers_within_a_step(quantised(network::test::random_description(seed, axes), seed));
    }
}

TEST(Quantise, EachLayerOfAMobileNetIsWithinAStepOfItsFakeQuantisedSelf) {
  expect_layers_within_a_step(quantised(
      network::build(network::find_built_in("test", "mobilenetv3-1d"), {{60, 4}, 3}, 20, "test"), 1));
}

TEST(Quantise, EachLayerIsWithinAStepOfItsFakeQuantisedSelfByEveryRange) {
  using network::RangeEstimator;
  for (std::uint64_t seed = 0; seed < 30; ++seed)
    for (const RangeEstimator estimator : {RangeEstimator::percentile, RangeEstimator::mse}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed);
      expect_layers_within_a_step(quantised(network::test::random_description(seed, seed % 2 == 0 ? 1 : 2),
                                            seed, {},
                                            {.ranges = estimator, .percentile = 99.0, .equalisation = true}));
    }
}

/// Each sum of weights alone would leave the accumulator.
TEST(Quantise, AWideLinearLayerStaysInItsAccumulator) {
  const network::Description wide =
      network::build(network::find_built_in("test", "mlp"), {{200, 250, 1}, 3}, 4, "test");
  const Quantised q = quantised(wide, 2, [](Parameters<float>& parameters) {
    const Slot weights = parameters.layers[0].weight;
    std::fill_n(parameters.value(weights), weights.count, 0.01f);
  });
  EXPECT_NO_THROW(ir::verify(q.graph));
}

/// A concatenation hands a quantisation on to producers before and after a coarse one.
TEST(Quantise, APoolAndAConcatenationShareOneQuantisation) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Quantised q = quantised(network::test::random_description(seed, 1), seed);
    for (const ir::Operator& op : q.graph.operators) {
      if (op.kind != ir::OperatorKind::concatenation && op.kind != ir::OperatorKind::max_pool) continue;
      for (const ir::TensorId id : op.inputs)
        EXPECT_EQ(q.graph.tensor(id).quantisation, q.graph.tensor(op.output).quantisation);
    }
  }
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

/// Gates stay within 0 and 1 whatever their layer reads, but a step of what it adds up is no float any more
/// once it meets a step of what the gates scale.
TEST(Quantise, StepBeyondFloatIsADivergedTraining) {
  const Quantised q = quantised(6);
  const auto& layers = q.parameters.description.layers;
  Parameters<float> parameters = q.parameters;
  const auto scale = static_cast<std::size_t>(
      std::find_if(layers.begin(), layers.end(),
                   [](const network::Layer& layer) { return layer.kind == network::LayerKind::scale; }) -
      layers.begin());
  for (const int input : layers[scale].inputs) {
    const LayerLayout& layout = parameters.layers[static_cast<std::size_t>(input)];
    const Slot& slot = layout.has_norm() ? layout.scale : layout.weight;
    parameters.values.narrow(0, slot.offset, slot.count).mul_(1e21f);
  }
  const Cases<float> cases = make_cases<float>(q.data, q.normalisation);
  const Ranges ranges = calibrate(parameters, cases, calibration_cases(cases.count, {6, 0, "test"}),
                                  {.ranges = network::RangeEstimator::min_max});
  ASSERT_TRUE(ranges.finite());
  EXPECT_FALSE(quantise(parameters, ranges, q.normalisation, q.data.class_names));
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
