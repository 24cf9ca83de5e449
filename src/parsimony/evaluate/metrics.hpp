#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/evaluate/score.hpp"
#include "parsimony/network/cost.hpp"
#include "parsimony/nn/train.hpp"
#include "parsimony/search/space.hpp"

namespace parsimony::evaluate {

/// What a trial's row keeps beside its objectives, for reports: JSON text.
/// @param kept      [groups]
/// @param networks  one for each fold, or the only one; their curves and times are kept
std::string trial_metrics(const search::SearchSpace& searched, std::span<const std::int32_t> kept,
                          const network::Cost& cost, const Score& score, const data::Dataset& data,
                          std::span<const nn::TrainedNetwork> networks);

/// What a deployed network did on the test split: JSON text.
std::string final_metrics(const Score& score);

/// What a trial did that was trained again, under the names of the other two: JSON text.
/// @param diverged  why its training is void; empty: it is not
std::string repeat_metrics(const Score& validation, const Score& test, const std::string& diverged);

}  // namespace parsimony::evaluate
