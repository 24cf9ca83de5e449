#include "parsimony/nn/post_training.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../network/random_description.hpp"
#include "parsimony/ir/interpreter.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/network/built_in.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/channel_gains.hpp"
#include "parsimony/nn/equalise.hpp"
#include "parsimony/nn/quantise.hpp"
#include "small_networks.hpp"
#include "torch_reference.hpp"

namespace parsimony::nn {
namespace {

using network::RangeEstimator;

/// Random cases of a description's input shape as a module reads them.
struct Input {
  data::Dataset data;
  Cases<double> cases;
  std::vector<std::int64_t> indices;
};

Input input_of(const network::Description& description, std::uint64_t seed) {
  const network::Shape& shape = description.input_shape;
  const std::int32_t length = shape[0] * (shape.size() == 3 ? shape[1] : 1);
  Input input{test::easy_data(24, length, shape.back(), description.layers.back().channels, seed), {}, {}};
  input.cases = make_cases<double>(input.data, data::normalisation_of(input.data));
  input.indices.resize(24);
  std::iota(input.indices.begin(), input.indices.end(), 0);
  return input;
}

/// A random network whose channels have very different sizes.
Parameters<double> uneven_parameters(const network::Description& description, std::uint64_t seed) {
  Parameters<double> parameters = test::random_parameters(description, seed);
  RandomStream random(seed, 0, "uneven");
  for (const LayerLayout& layout : parameters.layers) {
    if (!layout.has_weights()) continue;
    for (int c = 0; c < layout.out; ++c) {
      const double factor = std::exp(2.0 * random.normal());
      for (const Slot& slot : {layout.has_norm() ? layout.scale : layout.weight, layout.shift})
        for (std::int64_t k = c; k < slot.count; k += layout.ld) parameters.value(slot)[k] *= factor;
    }
  }
  return parameters;
}

double largest_of(const std::vector<double>& values) {
  double largest = 0.0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

TEST(Equalise, LeavesTheNetworkAsItIsOverEveryKindOfLayer) {
  int changed = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    for (const int axes : {1, 2}) {
      const network::Description description = network::test::random_description(seed, axes);
      const Input input = input_of(description, seed);
      Parameters<double> parameters = uneven_parameters(description, seed);
      const std::vector<double> before = float_logits(parameters, input.cases);
      const at::Tensor weights = parameters.values.clone();
      equalise(parameters, input.cases, input.indices);
      const std::vector<double> after = float_logits(parameters, input.cases);
      for (std::size_t i = 0; i < before.size(); ++i)
        ASSERT_NEAR(after[i], before[i], 1e-9 * (1.0 + largest_of(before))) << "seed " << seed;
      changed += parameters.values.equal(weights) ? 0 : 1;
    }
  EXPECT_GT(changed, 40);
}

TEST(Equalise, LeavesBuiltInNetworksAsTheyAreInFloat) {
  for (const char* name : {"dscnn-se-1d", "mobilenetv3-1d", "mlp"}) {
    const network::Description description =
        network::build(network::find_built_in("test", name), {{40, 3}, 4}, 12, "test");
    const Input input = input_of(description, 3);
    const Cases<float> cases = make_cases<float>(input.data, input.cases.normalisation);
    Parameters<float> parameters = make_parameters<float>(description);
    initialise(parameters, {3, 0, "test"});
    re_estimate_statistics(parameters, cases);
    const std::vector<float> before = float_logits(parameters, cases);
    equalise(parameters, cases, input.indices);
    const std::vector<float> after = float_logits(parameters, cases);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(after[i], before[i], 1e-5) << name;
  }
}

/// How unlike the ranges of a tensor's channels are: the largest |value| of all over the mean of the
/// channels'.
double unevenness(Parameters<double>& parameters, const Input& input, int layer) {
  std::vector<double> largest(
      static_cast<std::size_t>(parameters.description.layers[static_cast<std::size_t>(layer)].channels));
  see_outputs<double>(parameters, input.cases, input.indices, [&](const LayerOutput<double>& output) {
    if (output.layer != layer) return;
    for (std::int64_t r = 0; r < output.rows; ++r)
      for (std::size_t c = 0; c < largest.size(); ++c)
        largest[c] =
            std::max(largest[c], std::abs(output.values[r * output.ld + static_cast<std::int64_t>(c)]));
  });
  const double all = *std::max_element(largest.begin(), largest.end());
  return all * static_cast<double>(largest.size()) / std::accumulate(largest.begin(), largest.end(), 0.0);
}

/// A convolution "a" of 9 channels, depthwise, pointwise, mean, classifier.
network::Description chain() {
  using network::Activation;
  using network::LayerKind;
  network::Description description{"chain", {30, 2}, {}};
  description.layers.push_back(
      {"a", LayerKind::convolution, {network::kInput}, 9, {{3, 1, 1, 1}}, true, Activation::relu});
  description.layers.push_back(
      {"deep", LayerKind::depthwise_convolution, {0}, 9, {{3, 1, 1, 1}}, true, Activation::relu});
  description.layers.push_back({"point", LayerKind::convolution, {1}, 7, {{}}, true, Activation::relu});
  description.layers.push_back({"mean", LayerKind::global_mean, {2}, 7, {}, false, Activation::none});
  description.layers.push_back({"classifier", LayerKind::linear, {3}, 3, {}, false, Activation::none});
  return description;
}

TEST(Equalise, BringsChannelsToOneRangeBeforeADepthwiseLayer) {
  const network::Description description = chain();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Input input = input_of(description, seed);
    Parameters<double> parameters = uneven_parameters(description, seed);
    const double a = unevenness(parameters, input, 0), deep = unevenness(parameters, input, 1),
                 point = unevenness(parameters, input, 2);
    equalise(parameters, input.cases, input.indices);
    EXPECT_LT(unevenness(parameters, input, 0), 0.75 * a);  // a depthwise layer takes any factor
    EXPECT_LE(unevenness(parameters, input, 1), deep);
    EXPECT_LE(unevenness(parameters, input, 2), point);  // through the mean
  }
}

TEST(ChannelGains, AreSquaredWeightsOfTheReadersAlsoThroughAMean) {
  const Parameters<double> parameters = test::random_parameters(chain(), 5);
  const ChannelGains gains = channel_gains(parameters);
  const FoldedLayer a = fold(parameters, 0), deep = fold(parameters, 1), classifier = fold(parameters, 4);
  for (std::size_t c = 0; c < 2; ++c) {
    double expected = 0.0;
    for (std::size_t k = c; k < a.weights.size(); k += 2) expected += a.weights[k] * a.weights[k];
    EXPECT_NEAR(gains.input[c], expected, 1e-12 * expected);
  }
  for (std::size_t c = 0; c < 9; ++c) {
    double expected = 0.0;
    for (std::size_t tap = 0; tap < 3; ++tap) expected += std::pow(deep.weights[tap * 9 + c], 2);
    EXPECT_NEAR(gains.after[0][c], expected, 1e-12 * expected);
  }
  for (std::size_t c = 0; c < 7; ++c) {
    double expected = 0.0;
    for (std::size_t o = 0; o < 3; ++o) expected += std::pow(classifier.weights[o * 7 + c], 2);
    EXPECT_NEAR(gains.after[2][c], expected, 1e-12 * expected);
    EXPECT_EQ(gains.after[2][c], gains.after[3][c]);
  }
  EXPECT_EQ(gains.after[4], (std::vector<double>{1.0, 1.0, 1.0}));
}

TEST(ChannelGains, OfASumAreThoseOfWhatReadsItForBothOfItsInputs) {
  using network::Activation;
  using network::LayerKind;
  network::Description description = chain();
  description.layers[1] = {"twin", LayerKind::convolution, {0}, 9, {{3, 1, 1, 1}}, true, Activation::relu};
  description.layers.insert(description.layers.begin() + 2,
                            {"sum", LayerKind::add, {0, 1}, 9, {}, false, Activation::none});
  for (std::size_t i = 3; i < 6; ++i) description.layers[i].inputs = {static_cast<int>(i) - 1};
  const Parameters<double> parameters = test::random_parameters(description, 6);
  const ChannelGains gains = channel_gains(parameters);
  const FoldedLayer twin = fold(parameters, 1);
  EXPECT_EQ(gains.after[1], gains.after[2]);
  for (std::size_t c = 0; c < 9; ++c) {
    double of_twin = 0.0;
    for (std::size_t k = c; k < twin.weights.size(); k += 9) of_twin += twin.weights[k] * twin.weights[k];
    EXPECT_NEAR(gains.after[0][c], gains.after[2][c] + of_twin, 1e-12 * gains.after[0][c]);
  }
}

/// What hard swish or other channels would lose to it, they keep.
TEST(Calibrate, AChannelThatNothingHeedsDoesNotWidenTheRangeOfLeastError) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Input input = input_of(chain(), seed);
    Parameters<double> parameters = test::random_parameters(chain(), seed);
    const auto high = [&](RangeEstimator ranges) {
      return calibrate(parameters, input.cases, input.indices, {.ranges = ranges}).after[0].high;
    };
    const double before = high(RangeEstimator::min_max);
    const LayerLayout &a = parameters.layers[0], &deep = parameters.layers[1];
    for (const Slot& slot : {a.scale, a.shift}) parameters.value(slot)[4] *= 40.0;
    for (std::int64_t k = 4; k < deep.weight.count; k += deep.ld) parameters.value(deep.weight)[k] = 0.0;
    if (high(RangeEstimator::min_max) < 4.0 * before) continue;  // the channel is dead anyway
    EXPECT_LT(high(RangeEstimator::mse), 1.7 * before) << seed;
  }
}

struct Trained {
  Parameters<float> parameters;
  data::Dataset data;
  Cases<float> cases;
};

Trained untrained(const network::Description& description, std::uint64_t seed) {
  const network::Shape& shape = description.input_shape;
  const std::int32_t length = shape[0] * (shape.size() == 3 ? shape[1] : 1);
  Trained made{make_parameters<float>(description),
               test::easy_data(48, length, shape.back(), description.layers.back().channels, seed),
               {}};
  made.cases = make_cases<float>(made.data, data::normalisation_of(made.data));
  initialise(made.parameters, {seed, 0, "test"});
  re_estimate_statistics(made.parameters, made.cases);
  return made;
}

/// [operators][channels] means of what the operators with weights give, over all cases, in real numbers.
std::vector<std::vector<double>> int8_means(const ir::Graph& graph, const data::Dataset& data) {
  std::vector<std::vector<double>> means(graph.operators.size());
  std::vector<std::int8_t> input(static_cast<std::size_t>(data.case_size()));
  for (std::int64_t n = 0; n < data.size(); ++n) {
    ir::quantise_input(graph, data.case_values(n), input);
    const auto tensors = ir::interpret_all(graph, input);
    for (std::size_t k = 0; k < means.size(); ++k) {
      const ir::Operator& op = graph.operators[k];
      if (!ir::has_weights(op.kind)) continue;
      const ir::Tensor& tensor = graph.tensor(op.output);
      const auto& values = tensors[static_cast<std::size_t>(op.output)];
      means[k].resize(static_cast<std::size_t>(tensor.shape.back()));
      const double rows =
          static_cast<double>(values.size() / means[k].size()) * static_cast<double>(data.size());
      for (std::size_t v = 0; v < values.size(); ++v)
        means[k][v % means[k].size()] +=
            double{tensor.quantisation.scale} * (values[v] - tensor.quantisation.zero_point) / rows;
    }
  }
  return means;
}

/// The same of the float network.
std::vector<std::vector<double>> float_means(Trained& trained, const ir::Graph& graph) {
  const auto& layers = trained.parameters.description.layers;
  std::vector<std::vector<double>> means(graph.operators.size());
  std::vector<std::int64_t> all(static_cast<std::size_t>(trained.cases.count));
  std::iota(all.begin(), all.end(), 0);
  see_outputs<float>(trained.parameters, trained.cases, all, [&](const LayerOutput<float>& output) {
    if (output.layer == network::kInput) return;
    const network::Layer& layer = layers[static_cast<std::size_t>(output.layer)];
    const bool swish = layer.activation == network::Activation::hard_swish;
    if (!network::has_weights(layer.kind) || output.before_activation != swish) return;
    const auto op = std::find_if(
        graph.operators.begin(), graph.operators.end(),
        [&](const ir::Operator& one) { return one.name == (swish ? layer.name + "_linear" : layer.name); });
    std::vector<double>& mean = means[static_cast<std::size_t>(op - graph.operators.begin())];
    mean.resize(static_cast<std::size_t>(output.channels));
    const double rows = static_cast<double>(output.rows * trained.cases.count / output.cases);
    for (std::int64_t r = 0; r < output.rows; ++r)
      for (std::size_t c = 0; c < mean.size(); ++c) {
        const double value = double{output.values[r * output.ld + static_cast<std::int64_t>(c)]};
        mean[c] += (swish ? std::max(value, -3.0) : value) / rows;
      }
  });
  return means;
}

/// Distance of an operator's means from the float ones, in steps of its output: the mean of its channels.
std::vector<double> mean_errors(Trained& trained, const ir::Graph& graph) {
  const auto means = int8_means(graph, trained.data), expected = float_means(trained, graph);
  std::vector<double> errors;
  for (std::size_t k = 0; k < means.size(); ++k) {
    if (!ir::has_weights(graph.operators[k].kind)) continue;
    const double step = graph.tensor(graph.operators[k].output).quantisation.scale;
    double sum = 0.0;
    for (std::size_t c = 0; c < means[k].size(); ++c) sum += std::abs(means[k][c] - expected[k][c]) / step;
    errors.push_back(sum / static_cast<double>(means[k].size()));
  }
  return errors;
}

/// By whatever the ranges are taken from: clipped values are made up for as well.
TEST(BiasCorrection, BringsTheMeanOfEveryLayerToThatOfTheFloatNetwork) {
  for (const char* name : {"dscnn-se-1d", "mobilenetv3-1d", "resnet8"})
    for (const RangeEstimator ranges : {RangeEstimator::min_max, RangeEstimator::mse}) {
      SCOPED_TRACE(name);
      const bool image = std::string_view(name) == "resnet8";
      const network::Shape shape = image ? network::Shape{12, 12, 3} : network::Shape{40, 3};
      Trained trained =
          untrained(network::build(network::find_built_in("test", name), {shape, 4}, 12, "test"), 5);
      const RandomKeys keys{5, 0, "test"};
      const auto& names = trained.data.class_names;
      const auto plain = to_int8(trained.parameters, trained.cases, names, keys,
                                 {.ranges = ranges, .bias_correction = false});
      const auto corrected = to_int8(trained.parameters, trained.cases, names, keys,
                                     {.ranges = ranges, .bias_correction = true});
      const std::vector<double> before = mean_errors(trained, *plain),
                                after = mean_errors(trained, *corrected);
      EXPECT_LT(*std::max_element(after.begin(), after.end()), 0.3);
      EXPECT_LT(after.back(), 0.1);
      EXPECT_LT(std::accumulate(after.begin(), after.end(), 0.0),
                0.5 * std::accumulate(before.begin(), before.end(), 0.0));
    }
}

TEST(BiasCorrection, ChangesNothingButBiases) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Trained trained = untrained(network::test::random_description(seed, seed % 2 == 0 ? 1 : 2), seed);
    const RandomKeys keys{seed, 0, "test"};
    const auto& names = trained.data.class_names;
    const auto plain = to_int8(trained.parameters, trained.cases, names, keys,
                               {.ranges = RangeEstimator::min_max, .bias_correction = false});
    auto corrected =
        to_int8(trained.parameters, trained.cases, names, keys, {.ranges = RangeEstimator::min_max});
    EXPECT_NO_THROW(ir::verify(*corrected, "corrected"));
    EXPECT_NE(*corrected, *plain);
    for (std::size_t k = 0; k < plain->operators.size(); ++k)
      corrected->operators[k].bias = plain->operators[k].bias;
    EXPECT_EQ(*corrected, *plain);
  }
}

/// Mean over all cases of the squared distance of int8's logits from the float ones, each without its mean.
double distance(Trained& trained, const ir::Graph& graph) {
  const std::vector<float> logits = float_logits(trained.parameters, trained.cases);
  const auto classes = trained.data.class_names.size();
  const ir::Quantisation q = graph.tensor(graph.output).quantisation;
  std::vector<std::int8_t> input(static_cast<std::size_t>(trained.data.case_size()));
  double all = 0.0;
  for (std::int64_t n = 0; n < trained.data.size(); ++n) {
    ir::quantise_input(graph, trained.data.case_values(n), input);
    const std::vector<std::int8_t> bytes = ir::interpret(graph, input);
    std::vector<double> errors;
    for (std::size_t c = 0; c < classes; ++c)
      errors.push_back(double{q.scale} * (bytes[c] - q.zero_point) -
                       double{logits[static_cast<std::size_t>(n) * classes + c]});
    const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(classes);
    for (const double error : errors) all += (error - mean) * (error - mean);
  }
  return all / static_cast<double>(trained.data.size());
}

TEST(ToInt8, TakesTheRangesWhoseLogitsAreNearer) {
  int widest = 0, least_error = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    Trained trained = untrained(network::test::random_description(seed, seed % 2 == 0 ? 1 : 2), seed);
    const auto by = [&](RangeEstimator ranges) {
      return to_int8(trained.parameters, trained.cases, trained.data.class_names, {seed, 0, "test"},
                     {.ranges = ranges})
          .value();
    };
    const ir::Graph wide = by(RangeEstimator::min_max), narrow = by(RangeEstimator::mse),
                    chosen = by(RangeEstimator::automatic);
    EXPECT_TRUE(chosen == wide || chosen == narrow);
    EXPECT_LE(distance(trained, chosen),
              std::min(distance(trained, wide), distance(trained, narrow)) * 1.001);
    widest += chosen == wide ? 1 : 0;
    least_error += chosen == narrow ? 1 : 0;
  }
  EXPECT_GT(widest, 0);
  EXPECT_GT(least_error, 0);
}

TEST(Calibrate, EstimatedRangesLieWithinTheLeastAndLargestValue) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const network::Description description = network::test::random_description(seed, seed % 2 == 0 ? 1 : 2);
    const Input input = input_of(description, seed);
    Parameters<double> parameters = uneven_parameters(description, seed);
    const Ranges all = calibrate(parameters, input.cases, input.indices, {.ranges = RangeEstimator::min_max});
    int narrower = 0;
    for (const RangeEstimator estimator : {RangeEstimator::percentile, RangeEstimator::mse}) {
      const Ranges some =
          calibrate(parameters, input.cases, input.indices, {.ranges = estimator, .percentile = 99.0});
      const auto expect_within = [&](const Range& inner, const Range& outer) {
        EXPECT_GE(inner.low, outer.low);
        EXPECT_LE(inner.low, 0.0);
        EXPECT_LE(inner.high, outer.high);
        EXPECT_GE(inner.high, 0.0);
        narrower += inner == outer ? 0 : 1;
      };
      expect_within(some.input, all.input);
      for (std::size_t i = 0; i < all.after.size(); ++i) {
        expect_within(some.after[i], all.after[i]);
        expect_within(some.before[i], all.before[i]);
        EXPECT_GE(all.before[i].low, -3.0);  // below it a hard swish is 0
      }
      EXPECT_EQ(some.after.back(), all.after.back());
    }
    EXPECT_GT(narrower, 0);
  }
}

TEST(ToInt8, GivesNothingForActivationsThatAreNotFinite) {
  const network::Description description =
      network::build(network::find_built_in("test", "mlp"), {{20, 3}, 3}, 4, "test");
  const data::Dataset data = test::easy_data(24, 20, 3, 3, 1);
  const Cases<float> cases = make_cases<float>(data, data::normalisation_of(data));
  Parameters<float> parameters = make_parameters<float>(description);
  parameters.values.fill_(1e30);
  EXPECT_FALSE(to_int8(parameters, cases, data.class_names, {1, 0, "test"}, {}));
  for (const bool all : {false, true})
    EXPECT_FALSE(to_int8(parameters, cases, data.class_names, {1, 0, "test"},
                         {.ranges = all ? RangeEstimator::mse : RangeEstimator::min_max,
                          .equalisation = all,
                          .bias_correction = all}));
}

}  // namespace
}  // namespace parsimony::nn
