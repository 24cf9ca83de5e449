// What a trained network is worth: accuracy of its logits, float or int8.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/ir/evaluator.hpp"
#include "parsimony/ir/quantise_input.hpp"

namespace parsimony::nn {

/// Share of the cases whose label has the largest of its logits [n, classes].
double accuracy(const data::Dataset& data, const auto& logits) {
  const auto classes = static_cast<std::ptrdiff_t>(data.class_names.size());
  std::int64_t right = 0;
  auto row = logits.begin();
  for (const std::int32_t label : data.labels) {
    right += std::max_element(row, row + classes) - row == label ? 1 : 0;
    row += classes;
  }
  return static_cast<double>(right) / static_cast<double>(data.size());
}

/// [n, classes] of the int8 network.
inline std::vector<std::int8_t> int8_logits(const ir::Graph& graph, const data::Dataset& data) {
  std::vector<std::int8_t> inputs(data.values.size()), outputs(data.labels.size() * data.class_names.size());
  for (std::int64_t n = 0; n < data.size(); ++n)
    ir::quantise_input(graph, data.case_values(n),
                       std::span(inputs).subspan(static_cast<std::size_t>(n * data.case_size()),
                                                 static_cast<std::size_t>(data.case_size())));
  ir::Evaluator(graph).run(inputs, data.size(), outputs);
  return outputs;
}

}  // namespace parsimony::nn
