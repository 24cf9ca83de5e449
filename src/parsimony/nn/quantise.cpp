#include "parsimony/nn/quantise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"
#include "parsimony/nn/module.hpp"

namespace parsimony::nn {
namespace {

using network::LayerKind;

/// Scales below are raised to it: products of two stay normal floats.
constexpr double kLeastScale = 1e-15;
/// Bound of Σ|w| of a channel in steps: 256 times it is 2^29.
constexpr double kLargestSum = 2097152.0;  // 2^21
/// The step of a sum over the coarser of its inputs': TFLite's ADD takes down to 2^-19.
constexpr double kLeastSumShare = 1.0 / 262144.0;  // 2^-18
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

/// Largest |weight| in 127 steps, coarser where the bias or the sum of weights would leave its bound; 0 for a
/// channel that is 0.
double weight_scale(const FoldedLayer& layer, bool depthwise, int channel, double input_scale) {
  double largest = 0.0, sum = 0.0;
  for_channel(layer, depthwise, channel, [&](std::size_t k) {
    largest = std::max(largest, std::abs(layer.weights[k]));
    sum += std::abs(layer.weights[k]);
  });
  const double for_bias =
      std::abs(layer.bias[static_cast<std::size_t>(channel)]) / (input_scale * kLargestBias);
  return std::max(
      {largest / 127.0, sum / kLargestSum, for_bias, largest > 0.0 || for_bias > 0.0 ? kLeastScale : 0.0});
}

std::vector<double> weight_scales(const FoldedLayer& layer, bool depthwise, double input_scale) {
  std::vector<double> scales;
  for (int c = 0; c < layer.out; ++c) scales.push_back(weight_scale(layer, depthwise, c, input_scale));
  return scales;
}

bool is_depthwise(const ir::Operator& op) {
  return op.kind == ir::OperatorKind::depthwise_convolution;
}

void fill_weights(const FoldedLayer& layer, const ir::Graph& graph, ir::Operator& op) {
  const double input_scale = graph.tensor(op.inputs[0]).quantisation.scale;
  const double output_scale = graph.tensor(op.output).quantisation.scale;
  for (const double scale : weight_scales(layer, is_depthwise(op), input_scale))
    op.weight_scales.push_back(static_cast<float>(
        scale > 0.0 ? scale : std::max(kLeastScale, output_scale / input_scale * kDeadChannelShare)));
  op.weights.resize(layer.weights.size());
  for (int c = 0; c < layer.out; ++c) {
    const double scale = op.weight_scales[static_cast<std::size_t>(c)];
    for_channel(layer, is_depthwise(op), c, [&](std::size_t k) {
      op.weights[k] =
          static_cast<std::int8_t>(std::clamp(std::round(layer.weights[k] / scale), -127.0, 127.0));
    });
    const double bias = layer.bias[static_cast<std::size_t>(c)];
    op.bias.push_back(static_cast<std::int32_t>(
        std::clamp(std::round(bias / (input_scale * scale)), -kLargestBias, kLargestBias)));
  }
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

ir::Normalisation fold_normalisation(const data::Normalisation& normalisation, float input_scale) {
  ir::Normalisation result{normalisation.mean, {}};
  for (const float deviation : normalisation.deviation)
    result.divisor.push_back(std::max(deviation * input_scale, ir::kMinDivisor));
  return result;
}

/// The table of a hard swish.
void fill_table(const ir::Graph& graph, ir::Operator& op) {
  const ir::Quantisation input = graph.tensor(op.inputs[0]).quantisation;
  const ir::Quantisation output = graph.tensor(op.output).quantisation;
  for (int q = -128; q <= 127; ++q) {
    const double x = double{input.scale} * (q - input.zero_point);
    const double y = x * std::clamp(x / 6.0 + 0.5, 0.0, 1.0);
    op.table.push_back(static_cast<std::int8_t>(
        std::clamp(std::round(y / double{output.scale}) + output.zero_point, -128.0, 127.0)));
  }
}

void clamp_output(network::Activation activation, const ir::Quantisation& output, ir::Operator& op) {
  using network::Activation;
  if (activation == Activation::hard_sigmoid) op.activation_max = gate_maximum(output);
  if (activation == Activation::relu || activation == Activation::relu6)
    op.activation_min = output.zero_point;
  if (activation == Activation::relu6)
    op.activation_max = static_cast<std::int32_t>(
        std::min(127.0, std::round(6.0 / double{output.scale}) + output.zero_point));
}

/// The folded weights behind each operator; none for operators without.
std::vector<FoldedLayer> fold_operators(const Parameters<float>& parameters) {
  std::vector<FoldedLayer> folded;
  for (std::size_t i = 0; i < parameters.layers.size(); ++i) {
    const network::Layer& layer = parameters.description.layers[i];
    FoldedLayer weights;
    if (parameters.layers[i].has_weights()) weights = fold(parameters, i);
    if (layer.activation == network::Activation::hard_sigmoid)
      weights = with_hard_sigmoid(std::move(weights));
    folded.push_back(std::move(weights));
    if (network::operator_count(layer) == 2) folded.emplace_back();
  }
  return folded;
}

/// The range of each operator's output.
std::vector<Range> operator_ranges(const network::Description& description, const Ranges& ranges) {
  std::vector<Range> result;
  for (std::size_t i = 0; i < description.layers.size(); ++i) {
    const network::Layer& layer = description.layers[i];
    if (network::operator_count(layer) == 2) result.push_back(ranges.before[i]);
    const bool gate = layer.activation == network::Activation::hard_sigmoid;
    result.push_back(gate ? kGateRange : ranges.after[i]);
  }
  return result;
}

/// The quantisation of every tensor. Pools and concatenations hand it on, so that the tensors around them are
/// one class. A step of an output finer than one of what it is computed from says nothing and could overflow
/// in the left shift: each operator asks for at least that step.
class TensorScales {
 public:
  TensorScales(ir::Graph& graph, const std::vector<FoldedLayer>& folded)
      : graph_(graph), folded_(folded), class_(graph.tensors.size()) {
    std::iota(class_.begin(), class_.end(), std::size_t{0});
    for (const ir::Operator& op : graph.operators)
      if (shares(op))
        for (const ir::TensorId input : op.inputs) join(class_of(input), class_of(op.output));
  }

  /// @param ranges  [operators] of their outputs
  void settle(const Range& input, const std::vector<Range>& ranges) {
    std::vector<Range> of_class(class_.size());
    std::vector<double> least(class_.size(), 0.0);
    widen(of_class[class_of(graph_.input)], input);
    for (std::size_t k = 0; k < ranges.size(); ++k)
      widen(of_class[class_of(graph_.operators[k].output)], ranges[k]);
    for (std::size_t t = 0; t < class_.size(); ++t)
      graph_.tensors[t].quantisation = activation_quantisation(of_class[class_[t]]);
    // A class with several producers may be made coarser after some of its readers were seen.
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t k = 0; k < graph_.operators.size(); ++k) {
        const ir::Operator& op = graph_.operators[k];
        const std::size_t output = class_of(op.output);
        const double step = least_scale(op, folded_[k]);
        if (step <= least[output]) continue;
        least[output] = step;
        changed |= set(output, activation_quantisation(of_class[output], step));
      }
    }
  }

 private:
  static bool shares(const ir::Operator& op) {
    return op.kind == ir::OperatorKind::average_pool || op.kind == ir::OperatorKind::max_pool ||
           op.kind == ir::OperatorKind::concatenation;
  }
  static void widen(Range& range, const Range& by) {
    range = {std::min(range.low, by.low), std::max(range.high, by.high)};
  }
  std::size_t class_of(ir::TensorId id) const { return class_[static_cast<std::size_t>(id)]; }
  void join(std::size_t from, std::size_t to) {
    for (std::size_t& of_tensor : class_)
      if (of_tensor == from) of_tensor = to;
  }
  /// Whether it is another than before.
  bool set(std::size_t of_class, const ir::Quantisation& quantisation) {
    bool changed = false;
    for (std::size_t t = 0; t < class_.size(); ++t) {
      if (class_[t] != of_class) continue;
      changed = changed || !(graph_.tensors[t].quantisation == quantisation);
      graph_.tensors[t].quantisation = quantisation;
    }
    return changed;
  }

  double scale_of(ir::TensorId id) const { return graph_.tensor(id).quantisation.scale; }
  double least_scale(const ir::Operator& op, const FoldedLayer& weights) const {
    const ir::Tensor& input = graph_.tensor(op.inputs[0]);
    const double scale = input.quantisation.scale;
    switch (op.kind) {
      case ir::OperatorKind::convolution:
      case ir::OperatorKind::depthwise_convolution:
      case ir::OperatorKind::fully_connected: {
        const std::vector<double> scales = weight_scales(weights, is_depthwise(op), scale);
        return scale * *std::max_element(scales.begin(), scales.end());
      }
      case ir::OperatorKind::mean:
        return scale * input.shape.back() / static_cast<double>(input.elements());
      case ir::OperatorKind::multiply:
        return scale * scale_of(op.inputs[1]);
      case ir::OperatorKind::add:
        return std::max(scale, scale_of(op.inputs[1])) * kLeastSumShare;
      default:
        return 0.0;
    }
  }

  ir::Graph& graph_;
  const std::vector<FoldedLayer>& folded_;
  std::vector<std::size_t> class_;  ///< [tensors]
};

/// Weights and activations that are finite can still need steps that are not.
bool scales_finite(const ir::Graph& graph) {
  const auto is_finite = [](float scale) { return std::isfinite(scale); };
  return std::all_of(graph.tensors.begin(), graph.tensors.end(),
                     [&](const ir::Tensor& tensor) { return is_finite(tensor.quantisation.scale); }) &&
         std::all_of(graph.operators.begin(), graph.operators.end(), [&](const ir::Operator& op) {
           return std::all_of(op.weight_scales.begin(), op.weight_scales.end(), is_finite);
         });
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

std::optional<ir::Graph> quantise(const Parameters<float>& parameters, const Ranges& ranges,
                                  const data::Normalisation& normalisation,
                                  const std::vector<std::string>& class_names) {
  PARSIMONY_EXPECTS(ranges.finite());
  ir::Graph graph = network::skeleton(parameters.description);
  graph.class_names = class_names;
  const std::vector<FoldedLayer> folded = fold_operators(parameters);
  TensorScales(graph, folded).settle(ranges.input, operator_ranges(parameters.description, ranges));
  if (!scales_finite(graph)) return std::nullopt;
  graph.normalisation = fold_normalisation(normalisation, graph.tensor(graph.input).quantisation.scale);
  std::size_t last = 0;
  for (const network::Layer& layer : parameters.description.layers) {
    last += static_cast<std::size_t>(network::operator_count(layer));
    ir::Operator& op = graph.operators[last - 1];
    clamp_output(layer.activation, graph.tensor(op.output).quantisation, op);
  }
  for (std::size_t k = 0; k < graph.operators.size(); ++k) {
    ir::Operator& op = graph.operators[k];
    if (op.kind == ir::OperatorKind::table) fill_table(graph, op);
    if (ir::has_weights(op.kind)) fill_weights(folded[k], graph, op);
  }
  if (!scales_finite(graph)) return std::nullopt;
  ir::verify(graph, "trained network");
  return graph;
}

template FoldedLayer fold<float>(const Parameters<float>&, std::size_t);
template FoldedLayer fold<double>(const Parameters<double>&, std::size_t);

}  // namespace parsimony::nn
