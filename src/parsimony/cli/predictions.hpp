#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parsimony/ir/graph.hpp"

namespace parsimony::cli {

/// What a network says of one case.
struct Prediction {
  std::optional<std::int32_t> label;  ///< the true class, where the case has one that the network knows
  std::int32_t predicted = 0;         ///< the first class of the largest output
  std::vector<double> probabilities;  ///< [classes]; empty where the network gives a class alone (argmax)

  std::optional<double> confidence() const;  ///< the predicted class's probability
};

struct Predictions {
  std::vector<std::string> class_names;
  std::vector<Prediction> cases;
  std::vector<std::string> unknown_labels;  ///< labels that name none of the classes, each once

  std::int64_t labelled() const;
  std::optional<double> accuracy() const;                    ///< over the labelled cases
  std::vector<std::vector<std::int64_t>> confusion() const;  ///< [true class][predicted class]
  std::vector<std::int64_t> counts() const;                  ///< [classes] cases predicted so
};

/// Classes and probabilities of int8 outputs: the network's own where it ends in a softmax, else the softmax
/// of its dequantised logits.
/// @param outputs  [n, elements of the graph's output]
/// @param labels   [n] names; "" where there is none
/// @throws InputError when the network gives more than one class a case
Predictions predictions_of(const ir::Graph& graph, std::span<const std::int8_t> outputs,
                           const std::vector<std::string>& labels);

}  // namespace parsimony::cli
