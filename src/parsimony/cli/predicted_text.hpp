#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "parsimony/cli/predictions.hpp"
#include "parsimony/data/named_cases.hpp"

namespace parsimony::cli {

/// For people: the first cases, how many of each class, and against the labels accuracy, macro F1 and the
/// confusion matrix.
std::string predictions_text(const Predictions& predictions, const data::NamedCases& cases);
/// What --json prints.
nlohmann::ordered_json predictions_json(const Predictions& predictions, const data::NamedCases& cases);
/// One line a case (RFC 4180, a header first): place, start (of windows), label, class, confidence, and the
/// probability of each class.
std::string predictions_csv(const Predictions& predictions, const data::NamedCases& cases);

}  // namespace parsimony::cli
