#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "parsimony/nn/cases.hpp"
#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn {

/// Of each layer; empty: none wanted.
using InputMeans = std::vector<std::vector<double>>;

/// What each weight of a layer is multiplied by, on average over the given cases and all positions of the
/// output; outside of a plane it is 0.
/// @return [layers]; of layers with weights [taps, in], depthwise [taps, channels]; else empty
template <typename T>
InputMeans input_means(Parameters<T>& parameters, const Cases<T>& cases,
                       std::span<const std::int64_t> indices);

}  // namespace parsimony::nn
