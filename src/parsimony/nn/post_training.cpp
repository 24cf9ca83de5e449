#include "parsimony/nn/post_training.hpp"

#include <array>
#include <limits>

#include "parsimony/ir/evaluator.hpp"
#include "parsimony/nn/bias_correction.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/equalise.hpp"
#include "parsimony/nn/int8_inputs.hpp"
#include "parsimony/nn/quantise.hpp"

namespace parsimony::nn {
namespace {

using network::RangeEstimator;

/// Those that `automatic` tries: the widest ranges and those of least error. Of equal ones the first is kept.
constexpr std::array kCandidates{RangeEstimator::min_max, RangeEstimator::mse};

/// [indices, classes] by the running statistics.
std::vector<double> logits_of(Parameters<float>& parameters, const Cases<float>& cases,
                              std::span<const std::int64_t> indices) {
  const int last = static_cast<int>(parameters.description.layers.size()) - 1;
  std::vector<double> logits;
  see_outputs<float>(parameters, cases, indices, [&](const LayerOutput<float>& output) {
    if (output.layer != last || output.before_activation) return;
    for (std::int64_t row = 0; row < output.rows; ++row)
      for (int c = 0; c < output.channels; ++c) logits.push_back(output.value(row, c));
  });
  return logits;
}

/// Sum over the given cases of the squared distance of int8's logits from the float ones, both without their
/// mean over the classes, which decides nothing.
double distance(const ir::Graph& graph, const std::vector<double>& logits, const Cases<float>& cases,
                std::span<const std::int64_t> indices) {
  std::vector<std::int8_t> bytes(logits.size());
  ir::Evaluator(graph).run(int8_inputs(graph, cases, indices), static_cast<std::int64_t>(indices.size()),
                           bytes);
  const ir::Quantisation q = graph.tensor(graph.output).quantisation;
  const std::size_t classes = logits.size() / indices.size();
  double all = 0.0;
  for (std::size_t first = 0; first < logits.size(); first += classes) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t k = first; k < first + classes; ++k) {
      const double error = double{q.scale} * (bytes[k] - q.zero_point) - logits[k];
      sum += error;
      squares += error * error;
    }
    all += squares - sum * sum / static_cast<double>(classes);
  }
  return all;
}

/// By the options' ranges, which are not `automatic`.
std::optional<ir::Graph> calibrated(Parameters<float>& parameters, const Cases<float>& cases,
                                    std::span<const std::int64_t> indices,
                                    const std::vector<std::string>& class_names,
                                    const network::QuantisationOptions& options) {
  const Ranges ranges = calibrate(parameters, cases, indices, options);
  if (!ranges.finite()) return std::nullopt;
  std::optional<ir::Graph> graph = quantise(parameters, ranges, cases.normalisation, class_names);
  if (graph && options.bias_correction) correct_biases(*graph, parameters, cases, indices);
  return graph;
}

/// Of the candidates the network whose logits lie nearest to the float ones over the given cases.
std::optional<ir::Graph> nearest_to_float(Parameters<float>& parameters, const Cases<float>& cases,
                                          std::span<const std::int64_t> indices,
                                          const std::vector<std::string>& class_names,
                                          network::QuantisationOptions options) {
  const std::vector<double> logits = logits_of(parameters, cases, indices);
  std::optional<ir::Graph> nearest;
  double least = std::numeric_limits<double>::infinity();
  for (const RangeEstimator ranges : kCandidates) {
    options.ranges = ranges;
    std::optional<ir::Graph> graph = calibrated(parameters, cases, indices, class_names, options);
    if (!graph) continue;
    const double from_float = distance(*graph, logits, cases, indices);
    if (nearest && !(from_float < least)) continue;
    least = from_float;
    nearest = std::move(graph);
  }
  return nearest;
}

}  // namespace

std::optional<ir::Graph> to_int8(Parameters<float>& parameters, const Cases<float>& cases,
                                 const std::vector<std::string>& class_names, const RandomKeys& keys,
                                 const network::QuantisationOptions& options) {
  const std::vector<std::int64_t> indices = calibration_cases(cases.count, keys);
  if (options.equalisation) equalise(parameters, cases, indices);
  if (options.ranges == RangeEstimator::automatic)
    return nearest_to_float(parameters, cases, indices, class_names, options);
  return calibrated(parameters, cases, indices, class_names, options);
}

}  // namespace parsimony::nn
