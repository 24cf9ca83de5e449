#include "parsimony/cli/predictions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "parsimony/base/contracts.hpp"
#include "parsimony/base/errors.hpp"

namespace parsimony::cli {
namespace {

using ir::OperatorKind;

OperatorKind last_kind(const ir::Graph& graph) {
  const auto last = std::ranges::find_if(graph.operators.rbegin(), graph.operators.rend(),
                                         [](const ir::Operator& op) { return !ir::is_view(op.kind); });
  return last == graph.operators.rend() ? OperatorKind::reshape : last->kind;
}

/// [classes]; an argmax chooses among the last axis of its input.
std::int32_t class_count(const ir::Graph& graph, OperatorKind last) {
  const std::int64_t outputs = graph.tensor(graph.output).elements();
  if (last != OperatorKind::argmax) return static_cast<std::int32_t>(outputs);
  if (outputs != 1)
    throw InputError(graph.name, fmt::format("gives {} classes a case", outputs), "one class a case");
  const auto op = std::ranges::find(graph.operators, OperatorKind::argmax, &ir::Operator::kind);
  return graph.tensor(op->inputs[0]).shape.back();
}

std::vector<double> dequantised(const ir::Quantisation& quantisation, std::span<const std::int8_t> output) {
  std::vector<double> values;
  for (const std::int8_t q : output)
    values.push_back(static_cast<double>(quantisation.scale) * (q - quantisation.zero_point));
  return values;
}

std::vector<double> softmax(std::vector<double> logits) {
  const double top = *std::ranges::max_element(logits);
  double sum = 0.0;
  for (double& value : logits) sum += value = std::exp(value - top);
  for (double& value : logits) value /= sum;
  return logits;
}

Prediction prediction_of(const ir::Graph& graph, OperatorKind last, std::span<const std::int8_t> output) {
  const ir::Quantisation& quantisation = graph.tensor(graph.output).quantisation;
  Prediction prediction;
  if (last == OperatorKind::argmax) {
    prediction.predicted = output[0] - quantisation.zero_point;
    return prediction;
  }
  prediction.predicted = static_cast<std::int32_t>(std::ranges::max_element(output) - output.begin());
  prediction.probabilities = dequantised(quantisation, output);
  if (last != OperatorKind::softmax) prediction.probabilities = softmax(std::move(prediction.probabilities));
  return prediction;
}

std::vector<std::string> names_of(const ir::Graph& graph, std::int32_t classes) {
  if (!graph.class_names.empty()) return graph.class_names;
  std::vector<std::string> names;
  for (std::int32_t label = 0; label < classes; ++label) names.push_back(std::to_string(label));
  return names;
}

}  // namespace

std::optional<double> Prediction::confidence() const {
  if (probabilities.empty()) return std::nullopt;
  return probabilities[static_cast<std::size_t>(predicted)];
}

std::int64_t Predictions::labelled() const {
  return std::ranges::count_if(cases, [](const Prediction& one) { return one.label.has_value(); });
}

std::optional<double> Predictions::accuracy() const {
  const std::int64_t all = labelled();
  if (all == 0) return std::nullopt;
  const auto hits =
      std::ranges::count_if(cases, [](const Prediction& one) { return one.label == one.predicted; });
  return static_cast<double>(hits) / static_cast<double>(all);
}

std::vector<std::vector<std::int64_t>> Predictions::confusion() const {
  std::vector<std::vector<std::int64_t>> matrix(class_names.size(),
                                                std::vector<std::int64_t>(class_names.size(), 0));
  for (const Prediction& one : cases)
    if (one.label) ++matrix[static_cast<std::size_t>(*one.label)][static_cast<std::size_t>(one.predicted)];
  return matrix;
}

std::vector<std::int64_t> Predictions::counts() const {
  std::vector<std::int64_t> counts(class_names.size(), 0);
  for (const Prediction& one : cases) ++counts[static_cast<std::size_t>(one.predicted)];
  return counts;
}

Predictions predictions_of(const ir::Graph& graph, std::span<const std::int8_t> outputs,
                           const std::vector<std::string>& labels) {
  const OperatorKind last = last_kind(graph);
  Predictions predictions;
  predictions.class_names = names_of(graph, class_count(graph, last));
  const auto elements = static_cast<std::size_t>(graph.tensor(graph.output).elements());
  PARSIMONY_EXPECTS(outputs.size() == labels.size() * elements);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Prediction one = prediction_of(graph, last, outputs.subspan(i * elements, elements));
    const auto known = std::ranges::find(predictions.class_names, labels[i]);
    if (known != predictions.class_names.end())
      one.label = static_cast<std::int32_t>(known - predictions.class_names.begin());
    else if (!labels[i].empty() &&
             std::ranges::find(predictions.unknown_labels, labels[i]) == predictions.unknown_labels.end())
      predictions.unknown_labels.push_back(labels[i]);
    predictions.cases.push_back(std::move(one));
  }
  return predictions;
}

}  // namespace parsimony::cli
