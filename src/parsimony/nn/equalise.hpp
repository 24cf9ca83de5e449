#pragma once

#include <cstdint>
#include <span>

#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn {

/// Cross-layer equalisation (Nagel et al. 2019, "Data-free quantization through weight equalization and bias
/// correction"): a channel divided where it is made and multiplied where it is read leaves the network as it
/// is, and gives the channels of a tensor one range. Done for layers with weights and no activation or ReLU
/// whose output goes, through means, pools or squeeze-excite scalings if any, to layers with weights alone;
/// sums and concatenations, whose inputs share a scale, and all other activations are left alone.
///
/// Differs from the source: weights have a scale for each output channel here, so that a layer's rows need no
/// equalising. What shares a scale is the activation: a channel's factor is √(a/r), a the largest activation
/// over the given cases, r the largest share of a row's weights that reads the channel; a where only
/// depthwise layers read it. Factors over 1/16 of the largest.
template <typename T>
void equalise(Parameters<T>& parameters, const Cases<T>& cases, std::span<const std::int64_t> indices);

}  // namespace parsimony::nn
