#pragma once

#include <cstdint>
#include <span>

#include "parsimony/ir/graph.hpp"
#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn {

/// Takes from the bias of each channel what int8 adds to it on average over the given cases: rounded weights,
/// rounded and clipped activations, and what of that comes from the layers before (Nagel et al. 2019,
/// "Data-free quantization through weight equalization and bias correction", its empirical correction).
/// Layers in their order, each behind the corrected ones. Nothing but biases changes.
/// @param graph  made of the parameters by quantise
void correct_biases(ir::Graph& graph, Parameters<float>& parameters, const Cases<float>& cases,
                    std::span<const std::int64_t> indices);

}  // namespace parsimony::nn
