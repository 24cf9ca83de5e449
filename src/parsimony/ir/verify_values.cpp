#include "parsimony/ir/verify_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "parsimony/base/errors.hpp"
#include "parsimony/ir/arithmetic.hpp"
#include "parsimony/ir/quantise_input.hpp"
#include "parsimony/ir/verify.hpp"

namespace parsimony::ir {

void Blame::fail(std::string_view problem, std::string_view allowed) const {
  std::string at(where_);
  if (!at.empty()) at += ": ";
  throw InputError(at.append(kind_).append(name_), problem, allowed);
}

namespace {

/// Accumulators after the left shift are no larger. TFLite's converter clamps biases to 2^30.
constexpr std::int64_t kAccumulatorLimit = (std::int64_t{1} << 30) + (std::int64_t{1} << 29) - 1;

bool is_scale(float scale) {
  return std::isfinite(scale) && scale >= std::numeric_limits<float>::min();
}

void verify_quantisation(Quantisation quantisation, std::string_view whose, const Blame& here) {
  const auto [scale, zero_point] = quantisation;
  if (!is_scale(scale)) here.fail(fmt::format("{}has scale {}", whose, scale), "finite, above 0");
  if (zero_point < -128 || zero_point > 127)
    here.fail(fmt::format("{}has zero point {}", whose, zero_point), "-128 … 127");
}

void verify_normalisation(const Graph& graph, const Blame& blame) {
  const auto& [mean, divisor] = graph.normalisation;
  const auto channels = static_cast<std::size_t>(graph.tensor(graph.input).shape.back());
  if (mean.size() != divisor.size() || (mean.size() != 1 && mean.size() != channels))
    blame.fail(fmt::format("the normalisation has {} means and {} divisors", mean.size(), divisor.size()),
               fmt::format("{}: one for each input channel; or 1", channels));
  for (std::size_t c = 0; c < mean.size(); ++c) {
    if (!std::isfinite(mean[c]))
      blame.fail(fmt::format("the mean of input channel {} is {}", c, mean[c]), "finite");
    if (!std::isfinite(divisor[c]) || divisor[c] < kMinDivisor)
      blame.fail(fmt::format("the divisor of input channel {} is {}", c, divisor[c]),
                 fmt::format("finite, at least {}", kMinDivisor));
  }
}

void verify_sizes(const Graph& graph, const Operator& op, const Blame& here) {
  const auto check = [&](const char* what, std::size_t size, std::int64_t wanted) {
    if (static_cast<std::int64_t>(size) != wanted)
      here.fail(fmt::format("has {} {}", size, what), fmt::format("{}", wanted));
  };
  const std::int64_t channels = output_channels(graph, op);
  check("weights", op.weights.size(), weight_count(graph, op));
  const bool shared = op.kind == OperatorKind::fully_connected && op.weight_scales.size() == 1;
  check("weight scales", op.weight_scales.size(), shared ? 1 : channels);
  check("biases", op.bias.size(), channels);
  check("table entries", op.table.size(), op.kind == OperatorKind::table ? 256 : 0);
  check("constant values", op.constant.values.size(), op.constant.elements());
}

/// `acc` in [−bound, bound] must survive the left shift, the multiplication and the output's zero point.
void verify_requantisation(Multiplier by, double real, std::int64_t bound, const Blame& here,
                           std::size_t channel) {
  if (by.shift > 30)
    here.fail(fmt::format("channel {}: its scales give the multiplier {}", channel, real), "below 2^30");
  const int left = std::max(by.shift, 0);
  if (bound > kAccumulatorLimit >> left)
    here.fail(
        fmt::format("channel {}: its int32 accumulator can overflow (up to {} · 2^{})", channel, bound, left),
        fmt::format("up to {}", kAccumulatorLimit));
}

/// Σ|w| of each output channel.
std::vector<std::int64_t> weight_magnitudes(const Graph& graph, const Operator& op) {
  const auto channels = static_cast<std::size_t>(output_channels(graph, op));
  const std::size_t row = op.weights.size() / channels;
  const bool channel_last = op.kind == OperatorKind::depthwise_convolution;
  std::vector<std::int64_t> sums(channels, 0);
  for (std::size_t outer = 0, k = 0; k < op.weights.size(); ++outer)
    for (std::size_t inner = 0; inner < (channel_last ? channels : row); ++inner, ++k)
      sums[channel_last ? inner : outer] += std::abs(int{op.weights[k]});
  return sums;
}

/// With |x − z| and |x| at most 255 and the folded bias at most |b| + 128·Σ|w|, every partial sum in any
/// order, zero point folded or not, is at most |b| + 256·Σ|w|.
void verify_weighted(const Graph& graph, const Operator& op, const Blame& here) {
  for (std::size_t c = 0; c < op.weight_scales.size(); ++c)
    if (!is_scale(op.weight_scales[c]))
      here.fail(fmt::format("channel {}: has weight scale {}", c, op.weight_scales[c]), "finite, above 0");
  const std::vector<std::int64_t> magnitudes = weight_magnitudes(graph, op);
  for (std::size_t c = 0; c < magnitudes.size(); ++c) {
    const double real = weighted_multiplier(graph, op, c);
    const std::int64_t bound = std::abs(std::int64_t{op.bias[c]}) + 256 * magnitudes[c];
    verify_requantisation(quantised_multiplier(real), real, bound, here, c);
  }
}

/// |x − z| <= 255 scaled by 2^20 and at most 1/2 stays below 2^27, so does every partial sum below 2^28.
void verify_addition(const Graph& graph, const Operator& op, const Blame& here) {
  const double sum = addition_multipliers(graph, op)[2];
  if (sum >= 1.0)
    here.fail(fmt::format("its scales give the sum the multiplier {}", sum), "below 1, as TFLite has it");
}

void verify_same_quantisation(const Graph& graph, const Operator& op, const Blame& here) {
  const Quantisation& output = graph.tensor(op.output).quantisation;
  for (const TensorId id : op.inputs) {
    const Quantisation& input = graph.tensor(id).quantisation;
    if (input == output) continue;
    here.fail(fmt::format("has scale {:.9g} and zero point {} in, {:.9g} and {} out", input.scale,
                          input.zero_point, output.scale, output.zero_point),
              "the same in and out");
  }
}

void verify_softmax(const Graph& graph, const Operator& op, const Blame& here) {
  const Quantisation& output = graph.tensor(op.output).quantisation;
  if (output.scale != 1.0f / 256 || output.zero_point != -128)
    here.fail(fmt::format("has output scale {:.9g} and zero point {}", output.scale, output.zero_point),
              "1/256 and -128");
  const SoftmaxScaling scaling = softmax_scaling(graph, op);
  if (scaling.by.shift < 0)
    here.fail(fmt::format("has input scale {:.9g} and beta {}", graph.tensor(op.inputs[0]).quantisation.scale,
                          op.beta),
              "beta times scale at least 2^-26");
  // Exponentials of at most 2^19 each: their sum must leave the reciprocal's shift below 32, as TFLite
  // checks.
  constexpr std::int32_t kMostClasses = 511;
  const std::int32_t classes = graph.tensor(op.inputs[0]).shape.back();
  if (classes > kMostClasses)
    here.fail(fmt::format("has {} classes", classes), fmt::format("{} at most", kMostClasses));
}

void verify_operator_values(const Graph& graph, const Operator& op, const Blame& here) {
  verify_sizes(graph, op, here);
  if (!op.constant.shape.empty()) verify_quantisation(op.constant.quantisation, "its constant ", here);
  const Quantisation& input = graph.tensor(op.inputs[0]).quantisation;
  const Quantisation& output = graph.tensor(op.output).quantisation;
  switch (op.kind) {
    case OperatorKind::convolution:
    case OperatorKind::depthwise_convolution:
    case OperatorKind::fully_connected:
      verify_weighted(graph, op, here);
      break;
    case OperatorKind::mean: {
      const double real = input.scale / double{output.scale};
      const std::int64_t count = mean_count(graph, op);
      verify_requantisation(quantised_multiplier(real), real, 0, here, 0);
      verify_requantisation(mean_multiplier(real, count), real, 256 * count, here, 0);
      break;
    }
    case OperatorKind::add:
    case OperatorKind::subtract:
      verify_addition(graph, op, here);
      break;
    case OperatorKind::multiply: {
      const double second = second_quantisation(graph, op).scale;
      const double real = double{input.scale} * second / double{output.scale};
      verify_requantisation(quantised_multiplier(real), real, 255 * 255, here, 0);
      break;
    }
    case OperatorKind::average_pool:
    case OperatorKind::max_pool:
    case OperatorKind::concatenation:
    case OperatorKind::pad:
    case OperatorKind::reshape:
    case OperatorKind::slice:
    case OperatorKind::join:
      verify_same_quantisation(graph, op, here);
      break;
    case OperatorKind::table:
      break;
    case OperatorKind::softmax:
      verify_softmax(graph, op, here);
      break;
    case OperatorKind::argmax:
      if (output != Quantisation{1.0f, -128})
        here.fail(fmt::format("has output scale {:.9g} and zero point {}", output.scale, output.zero_point),
                  "1 and -128");
      break;
  }
}

}  // namespace

void verify_values(const Graph& graph, const Blame& blame) {
  for (const Tensor& tensor : graph.tensors)
    verify_quantisation(tensor.quantisation, "", blame.tensor(tensor.name));
  verify_normalisation(graph, blame);
  for (const Operator& op : graph.operators) verify_operator_values(graph, op, blame.op(op.name));
}

}  // namespace parsimony::ir
