#include "parsimony/evaluate/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "parsimony/base/contracts.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/quantise_input.hpp"

namespace parsimony::evaluate {
namespace {

constexpr std::int64_t kBatch = 64;

template <typename Number>
std::int32_t largest(std::span<const Number> logits) {
  return static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

/// −log softmax(scale · logits)[label], by the largest logit so that nothing overflows.
double cross_entropy(std::span<const std::int8_t> logits, double scale, std::int32_t label) {
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0.0;
  for (const std::int8_t logit : logits) sum += std::exp(scale * (logit - top));
  return std::log(sum) - scale * (logits[static_cast<std::size_t>(label)] - top);
}

Score empty_score(const data::Dataset& cases) {
  Score score;
  score.cases = cases.size();
  score.confusion.assign(static_cast<std::size_t>(cases.classes()) * cases.class_names.size(), 0);
  return score;
}

void count(Score& score, std::int32_t classes, std::int32_t label, std::int32_t predicted) {
  score.correct += predicted == label ? 1 : 0;
  ++score.confusion[static_cast<std::size_t>(label) * static_cast<std::size_t>(classes) +
                    static_cast<std::size_t>(predicted)];
}

}  // namespace

double Score::float_accuracy() const {
  return cases == 0 ? 0.0 : static_cast<double>(float_correct) / static_cast<double>(cases);
}

double Score::cross_entropy() const {
  return cases == 0 ? 0.0 : cross_entropy_sum / static_cast<double>(cases);
}

std::vector<double> Score::recall() const {
  const auto classes =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(confusion.size()))));
  std::vector<double> recalls;
  for (std::size_t label = 0; label < classes; ++label) {
    std::int64_t total = 0;
    for (std::size_t predicted = 0; predicted < classes; ++predicted)
      total += confusion[label * classes + predicted];
    recalls.push_back(total == 0 ? std::numeric_limits<double>::quiet_NaN()
                                 : static_cast<double>(confusion[label * classes + label]) /
                                       static_cast<double>(total));
  }
  return recalls;
}

Score& Score::operator+=(const Score& other) {
  if (confusion.empty()) confusion.assign(other.confusion.size(), 0);
  PARSIMONY_EXPECTS(confusion.size() == other.confusion.size());
  cases += other.cases;
  correct += other.correct;
  float_correct += other.float_correct;
  cross_entropy_sum += other.cross_entropy_sum;
  for (std::size_t i = 0; i < confusion.size(); ++i) confusion[i] += other.confusion[i];
  return *this;
}

Score score_graph(const ir::Graph& graph, const data::Dataset& cases) {
  const auto inputs = static_cast<std::size_t>(cases.case_size());
  const auto classes = static_cast<std::size_t>(cases.classes());
  PARSIMONY_EXPECTS(graph.tensor(graph.input).elements() == cases.case_size());
  PARSIMONY_EXPECTS(graph.tensor(graph.output).elements() == cases.classes());
  const double scale = graph.tensor(graph.output).quantisation.scale;

  ir::Evaluator evaluator(graph);
  std::vector<std::int8_t> input(kBatch * inputs), output(kBatch * classes);
  Score score = empty_score(cases);
  for (std::int64_t begin = 0; begin < cases.size(); begin += kBatch) {
    const std::int64_t batch = std::min(kBatch, cases.size() - begin);
    for (std::int64_t i = 0; i < batch; ++i)
      ir::quantise_input(graph, cases.case_values(begin + i),
                         std::span(input).subspan(static_cast<std::size_t>(i) * inputs, inputs));
    evaluator.run(std::span(input).first(static_cast<std::size_t>(batch) * inputs), batch,
                  std::span(output).first(static_cast<std::size_t>(batch) * classes));
    for (std::int64_t i = 0; i < batch; ++i) {
      const auto logits =
          std::span<const std::int8_t>(output).subspan(static_cast<std::size_t>(i) * classes, classes);
      const std::int32_t label = cases.labels[static_cast<std::size_t>(begin + i)];
      count(score, cases.classes(), label, largest(logits));
      score.cross_entropy_sum += cross_entropy(logits, scale, label);
    }
  }
  return score;
}

void add_float_logits(Score& score, std::span<const float> logits, const data::Dataset& cases) {
  const auto classes = static_cast<std::size_t>(cases.classes());
  PARSIMONY_EXPECTS(logits.size() == classes * static_cast<std::size_t>(cases.size()));
  for (std::size_t i = 0; i < cases.labels.size(); ++i)
    score.float_correct += largest(logits.subspan(i * classes, classes)) == cases.labels[i] ? 1 : 0;
}

Score all_wrong(const data::Dataset& cases) {
  Score score = empty_score(cases);
  for (const std::int32_t label : cases.labels)
    count(score, cases.classes(), label, (label + 1) % cases.classes());
  score.correct = 0;
  score.cross_entropy_sum = std::numeric_limits<double>::infinity();
  return score;
}

}  // namespace parsimony::evaluate
