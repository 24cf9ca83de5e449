#include "parsimony/nn/quantise.hpp"

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/nn/module.hpp"

namespace parsimony::nn {
namespace {

using network::LayerKind;

/// Scales below are raised to it: products of two stay normal floats.
constexpr double kLeastScale = 1e-15;
/// Bound of |bias|: together with 256·Σ|w| of up to 24,000 weights an accumulator stays below 2^30.
constexpr double kLargestBias = 268435456.0;  // 2^28
/// Bias of a channel without weights: this part of an output step.
constexpr double kDeadChannelShare = 1.0 / 256.0;

/// A channel's weights by index into FoldedLayer::weights.
template <typename Body>
void for_channel(const FoldedLayer& layer, bool depthwise, int channel, const Body& body) {
  const std::size_t fan_in = layer.weights.size() / static_cast<std::size_t>(layer.out);
  const auto c = static_cast<std::size_t>(channel);
  for (std::size_t k = 0; k < fan_in; ++k)
    body(depthwise ? k * static_cast<std::size_t>(layer.out) + c : c * fan_in + k);
}

/// Largest |weight| in 127 steps, coarser where the bias would leave its bound; 0 for a channel that is 0.
double weight_scale(const FoldedLayer& layer, bool depthwise, int channel, double input_scale) {
  double largest = 0.0;
  for_channel(layer, depthwise, channel,
              [&](std::size_t k) { largest = std::max(largest, std::abs(layer.weights[k])); });
  const double for_bias =
      std::abs(layer.bias[static_cast<std::size_t>(channel)]) / (input_scale * kLargestBias);
  return std::max({largest / 127.0, for_bias, largest > 0.0 || for_bias > 0.0 ? kLeastScale : 0.0});
}

void fill_weights(const FoldedLayer& layer, double input_scale, ir::Operator& op) {
  const bool depthwise = op.kind == ir::OperatorKind::depthwise_convolution;
  op.weights.resize(layer.weights.size());
  for (int c = 0; c < layer.out; ++c) {
    const double scale = op.weight_scales[static_cast<std::size_t>(c)];
    for_channel(layer, depthwise, c, [&](std::size_t k) {
      op.weights[k] =
          static_cast<std::int8_t>(std::clamp(std::round(layer.weights[k] / scale), -127.0, 127.0));
    });
    const double bias = std::round(layer.bias[static_cast<std::size_t>(c)] / (input_scale * scale));
    op.bias.push_back(static_cast<std::int32_t>(std::clamp(bias, -kLargestBias, kLargestBias)));
  }
}

/// Weights, biases and the output's quantisation. A step of the output finer than one of an accumulator says
/// nothing and could overflow in the left shift, so the output's is at least as coarse.
void quantise_weighted(const FoldedLayer& layer, const Range& output_range, ir::Graph& graph,
                       ir::Operator& op) {
  const double input_scale = graph.tensor(op.inputs[0]).quantisation.scale;
  const bool depthwise = op.kind == ir::OperatorKind::depthwise_convolution;
  std::vector<double> scales;
  double largest = 0.0;
  for (int c = 0; c < layer.out; ++c) {
    scales.push_back(weight_scale(layer, depthwise, c, input_scale));
    largest = std::max(largest, scales.back());
  }
  graph.tensor(op.output).quantisation = activation_quantisation(output_range, input_scale * largest);
  const double output_scale = graph.tensor(op.output).quantisation.scale;
  for (const double scale : scales)
    op.weight_scales.push_back(static_cast<float>(
        scale > 0.0 ? scale : std::max(kLeastScale, output_scale / input_scale * kDeadChannelShare)));
  fill_weights(layer, input_scale, op);
}

/// Hard sigmoid, min(1, max(0, u/6 + 1/2)), costs nothing: its slope goes into the layer's weights, and its
/// ends are those of an int8 in steps of 1/256 from -128, sigmoid's output in TFLite.
constexpr Range kGateRange{0.0, 255.0 / 256.0};

FoldedLayer with_hard_sigmoid(FoldedLayer layer) {
  for (double& weight : layer.weights) weight /= 6.0;
  for (double& bias : layer.bias) bias = bias / 6.0 + 0.5;
  return layer;
}

/// The step of 1 or the one before it, also where the output had to be coarser than 1/256.
std::int32_t gate_maximum(const ir::Quantisation& output) {
  return static_cast<std::int32_t>(
      std::min(127.0, std::round(1.0 / double{output.scale}) + output.zero_point));
}

/// The least step of an output that is a mean or a product: that of the sum or product itself.
double least_scale(const ir::Graph& graph, const ir::Operator& op) {
  const ir::Tensor& input = graph.tensor(op.inputs[0]);
  if (op.kind == ir::OperatorKind::mean)
    return double{input.quantisation.scale} * input.shape.back() / static_cast<double>(input.elements());
  return double{input.quantisation.scale} * double{graph.tensor(op.inputs[1]).quantisation.scale};
}

ir::Normalisation fold_normalisation(const data::Normalisation& normalisation, float input_scale) {
  ir::Normalisation result{normalisation.mean, {}};
  for (const float deviation : normalisation.deviation)
    result.divisor.push_back(std::max(deviation * input_scale, ir::kMinDivisor));
  return result;
}

/// One layer into its operator.
void quantise_layer(const Parameters<float>& parameters, std::size_t index, const Ranges& ranges,
                    ir::Graph& graph) {
  const network::Activation activation = parameters.description.layers[index].activation;
  ir::Operator& op = graph.operators[index];
  ir::Quantisation& output = graph.tensor(op.output).quantisation;
  if (activation == network::Activation::hard_sigmoid) {
    quantise_weighted(with_hard_sigmoid(fold(parameters, index)), kGateRange, graph, op);
    op.activation_max = gate_maximum(output);
  } else if (parameters.layers[index].has_weights()) {
    quantise_weighted(fold(parameters, index), ranges.after[index], graph, op);
  } else {
    output = activation_quantisation(ranges.after[index], least_scale(graph, op));
  }
  if (activation == network::Activation::relu) op.activation_min = output.zero_point;
}

}  // namespace

template <typename T>
FoldedLayer fold(const Parameters<T>& parameters, std::size_t index) {
  const LayerLayout& layout = parameters.layers[index];
  const bool depthwise = parameters.description.layers[index].kind == LayerKind::depthwise_convolution;
  const T* weights = parameters.value(layout.weight);
  FoldedLayer folded{layout.taps, layout.in, layout.out, {}, {}};
  folded.weights.resize(static_cast<std::size_t>(layout.taps) * static_cast<std::size_t>(layout.in) *
                        static_cast<std::size_t>(layout.out));
  for (int c = 0; c < layout.out; ++c) {
    double factor = 1.0, bias = static_cast<double>(parameters.value(layout.shift)[c]);
    if (layout.has_norm()) {
      const auto variance = static_cast<double>(parameters.statistic(layout.variance)[c]);
      factor = static_cast<double>(parameters.value(layout.scale)[c]) / std::sqrt(variance + kNormEpsilon);
      bias -= static_cast<double>(parameters.statistic(layout.mean)[c]) * factor;
    }
    std::int64_t k = 0;
    for_channel(folded, depthwise, c, [&](std::size_t at) {
      folded.weights[at] = static_cast<double>(weights[k++ * layout.ld + c]) * factor;
    });
    folded.bias.push_back(bias);
  }
  return folded;
}

ir::Quantisation activation_quantisation(const Range& range, double least) {
  const double width = range.high - range.low;
  if (!(width > 0.0) && least <= 1.0) return {1.0f, 0};
  const auto scale = static_cast<float>(std::max({width / 255.0, least, kLeastScale}));
  const double zero_point = std::round(-128.0 - range.low / double{scale});
  return {scale, static_cast<std::int32_t>(std::clamp(zero_point, -128.0, 127.0))};
}

ir::Graph quantise(const Parameters<float>& parameters, const Ranges& ranges,
                   const data::Normalisation& normalisation, const std::vector<std::string>& class_names) {
  PARSIMONY_EXPECTS(ranges.finite());
  ir::Graph graph = network::skeleton(parameters.description);
  graph.class_names = class_names;
  graph.tensor(graph.input).quantisation = activation_quantisation(ranges.input);
  graph.normalisation = fold_normalisation(normalisation, graph.tensor(graph.input).quantisation.scale);
  PARSIMONY_EXPECTS(graph.operators.size() == parameters.layers.size());
  for (std::size_t i = 0; i < parameters.layers.size(); ++i) quantise_layer(parameters, i, ranges, graph);
  ir::verify(graph, "trained network");
  return graph;
}

template FoldedLayer fold<float>(const Parameters<float>&, std::size_t);
template FoldedLayer fold<double>(const Parameters<double>&, std::size_t);

}  // namespace parsimony::nn
