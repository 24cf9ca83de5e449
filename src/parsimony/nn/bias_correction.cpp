#include "parsimony/nn/bias_correction.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "parsimony/ir/evaluator.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/int8_inputs.hpp"
#include "parsimony/nn/quantise.hpp"

namespace parsimony::nn {
namespace {

/// Both networks see the same cases, so that few of them tell the difference of the means.
constexpr std::size_t kCases = 128;
/// A bias moves the outputs between the ends of its layer's clamp alone. With fewer of them there is nothing
/// to go by; with few, a step is held to this share.
constexpr double kLeastShare = 0.05, kLeastDivisor = 0.2;

/// Some of the indices, spread evenly over them.
std::vector<std::int64_t> some_of(std::span<const std::int64_t> indices) {
  const std::size_t count = std::min(indices.size(), kCases);
  std::vector<std::int64_t> some;
  for (std::size_t k = 0; k < count; ++k) some.push_back(indices[k * indices.size() / count]);
  return some;
}

/// [layers][channels] over the given cases, of what the layer's operator with weights gives: in front of a
/// hard swish, for which all below −3 is −3.
std::vector<std::vector<double>> float_means(Parameters<float>& parameters, const Cases<float>& cases,
                                             std::span<const std::int64_t> indices) {
  const auto& layers = parameters.description.layers;
  std::vector<std::vector<double>> means(layers.size());
  see_outputs<float>(parameters, cases, indices, [&](const LayerOutput<float>& output) {
    if (output.layer == network::kInput) return;
    const auto i = static_cast<std::size_t>(output.layer);
    const bool swish = layers[i].activation == network::Activation::hard_swish;
    if (output.before_activation != swish) return;
    means[i].resize(static_cast<std::size_t>(output.channels));
    const double rows = static_cast<double>(output.rows) / static_cast<double>(output.cases) *
                        static_cast<double>(indices.size());
    for (std::int64_t r = 0; r < output.rows; ++r)
      for (int c = 0; c < output.channels; ++c)
        means[i][static_cast<std::size_t>(c)] += output.value(r, c) / rows;
  });
  return means;
}

/// [n, elements] of what operator `op` gives.
std::vector<std::int8_t> run_up_to(const ir::Graph& graph, std::size_t op,
                                   const std::vector<std::int8_t>& inputs) {
  ir::Graph part = graph;
  part.operators.resize(op + 1);
  part.output = part.operators.back().output;
  part.class_names.clear();
  const std::int64_t n = static_cast<std::int64_t>(inputs.size()) / graph.tensor(graph.input).elements();
  std::vector<std::int8_t> outputs(static_cast<std::size_t>(n * graph.tensor(part.output).elements()));
  ir::Evaluator(part).run(inputs, n, outputs);
  return outputs;
}

/// What one channel gives: its mean in real numbers, and how many lie between the ends of the clamp.
struct ChannelOutput {
  double mean = 0.0, share = 0.0;
};

std::vector<ChannelOutput> channel_outputs(const ir::Graph& graph, const ir::Operator& op,
                                           const std::vector<std::int8_t>& outputs) {
  const ir::Tensor& tensor = graph.tensor(op.output);
  std::vector<ChannelOutput> channels(static_cast<std::size_t>(tensor.shape.back()));
  const double rows = static_cast<double>(outputs.size() / channels.size());
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    ChannelOutput& channel = channels[k % channels.size()];
    channel.mean += outputs[k] - tensor.quantisation.zero_point;
    channel.share += outputs[k] > op.activation_min && outputs[k] < op.activation_max ? 1.0 : 0.0;
  }
  for (ChannelOutput& channel : channels)
    channel = {channel.mean / rows * double{tensor.quantisation.scale}, channel.share / rows};
  return channels;
}

void correct(const ir::Graph& graph, ir::Operator& op, const std::vector<ChannelOutput>& channels,
             const std::vector<double>& means) {
  const double input_scale = graph.tensor(op.inputs[0]).quantisation.scale;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if (channels[c].share < kLeastShare) continue;
    const double error = (channels[c].mean - means[c]) / std::max(channels[c].share, kLeastDivisor);
    const double bias = op.bias[c] - std::round(error / (input_scale * double{op.weight_scales[c]}));
    op.bias[c] = static_cast<std::int32_t>(std::clamp(bias, -kLargestBias, kLargestBias));
  }
}

}  // namespace

void correct_biases(ir::Graph& graph, Parameters<float>& parameters, const Cases<float>& cases,
                    std::span<const std::int64_t> indices) {
  const std::vector<std::int64_t> some = some_of(indices);
  const std::vector<std::vector<double>> means = float_means(parameters, cases, some);
  const std::vector<std::int8_t> inputs = int8_inputs(graph, cases, some);
  std::size_t first = 0;  // of the layer's operators
  for (std::size_t i = 0; i < means.size(); ++i) {
    ir::Operator& op = graph.operators[first];
    if (ir::has_weights(op.kind))
      correct(graph, op, channel_outputs(graph, op, run_up_to(graph, first, inputs)), means[i]);
    first += static_cast<std::size_t>(network::operator_count(parameters.description.layers[i]));
  }
}

}  // namespace parsimony::nn
