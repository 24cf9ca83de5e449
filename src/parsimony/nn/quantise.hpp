#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsimony/data/dataset.hpp"
#include "parsimony/data/normalisation.hpp"
#include "parsimony/ir/graph.hpp"
#include "parsimony/nn/calibrate.hpp"
#include "parsimony/nn/parameters.hpp"

namespace parsimony::nn {

/// Bound of |bias|: together with 256·Σ|w| an accumulator stays below 2^30.
constexpr double kLargestBias = 268435456.0;  // 2^28

/// A layer's weights with its batch norm folded in by the running statistics.
struct FoldedLayer {
  int taps = 1, in = 0, out = 0;
  std::vector<double> weights;  ///< [out, taps, in]; depthwise [taps, out]: the graph's order
  std::vector<double> bias;     ///< [out]
};
template <typename T>
FoldedLayer fold(const Parameters<T>& parameters, std::size_t layer);

/// Scale and zero point that map `range` to −128 … 127 with 0 exact; an empty range gives scale 1.
/// @param least_scale  a finer step says nothing (see quantise.cpp)
ir::Quantisation activation_quantisation(const Range& range, double least_scale = 0.0);

/// Post-training static int8 (facts/deployment.md 1.1, 1.5): weights per output channel in ±127, int32
/// biases, activations per tensor, ReLU as a clamp, hard sigmoid as the range of its layer's output, hard
/// swish as a table. What a pool or a concatenation reads and writes shares one quantisation. Fills
/// network::skeleton of the parameters' description; the result passes ir::verify.
/// @param ranges  all finite
/// @return        nothing when a step would be beyond float: the training has diverged
std::optional<ir::Graph> quantise(const Parameters<float>& parameters, const Ranges& ranges,
                                  const data::Normalisation& normalisation,
                                  const std::vector<std::string>& class_names);

}  // namespace parsimony::nn
